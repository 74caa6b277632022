"""The course of one simulated order: what people do next, how likely, and after how long."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from sandan.demo import names
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.actions import closing, serving, standing
from sandan.orders.models import Asker, Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Unit

if TYPE_CHECKING:
    from sandan.demo.messages import Message
    from sandan.demo.month import Month

REASONS_NO = ("away", "no_skill", "busy", "too_far")
WORK = (
    "修好了，试过没问题。",
    "清理干净了，拍了照。",
    "当面说清楚了，双方都认。",
    "换了新的，用着正常。",
    "办完了，材料都交齐了。",
)
LEFT = "主要的弄好了，还有一处要等配件。"
REPLIES = ("您的事收到了，已经在找人办。", "收到了，今天给您安排。", "看到了，这就问附近能办的人。")
GONE_WRONG = "看着好了，过一天又坏了。"


def phone(rng: Random) -> str:
    return names.a_phone(rng)


def caller(rng: Random) -> str:
    return names.a_name(rng)[0] + rng.choice(("女士", "先生", "师傅", "阿姨"))


def fresh(order: Order) -> Order:
    return Order.objects.select_related("community", "category", "owner", "holder", "served_by").get(pk=order.pk)


def desk(month: "Month", order: Order, but: int | None = None) -> Person:
    """Somebody of the desk in charge, not the one who must not."""
    if order.level > 2:
        return order.owner
    return next((p for p in month.world.desks[order.community_id] if p.pk != but), order.owner)


def begin(month: "Month", order: Order, message: "Message", at: datetime) -> None:
    """The desk will look at it: soon when it burns, within its limit otherwise, now and then too late."""
    if order.urgency > 1:
        month.in_minutes(at, month.rng.uniform(2, 30), _judge(order, message), "natural")
    else:
        minutes = month.rng.lognormvariate(3.6, 0.8)
        month.in_minutes(at, min(minutes, 600), _judge(order, message))


def begin_twin(month: "Month", order: Order, first: Order, at: datetime) -> None:
    """A second report of the same matter: the desk merges it, or finds the first one already served."""
    month.in_minutes(at, month.rng.uniform(5, 60), lambda m, t: _merge(m, order, first, t))


def _merge(month: "Month", order: Order, first: Order, at: datetime) -> None:
    target = fresh(first)
    if target.is_open:
        actions.merge(order=order, into=target, by=desk(month, order), at=at)
        if month.rng.random() < 0.06:
            actions.unmerge(order=order, by=desk(month, order), at=at + timedelta(minutes=3))
    else:
        category = target.category or month.world.categories["9904"]
        actions.judge(order=order, category=category, urgency=1, by=desk(month, order), at=at)
        _give(month, fresh(order), at)


def _judge(order: Order, message: "Message") -> Any:
    def judge(month: "Month", at: datetime) -> None:
        current, rng = fresh(order), month.rng
        if current.state != S.RECEIVED:
            return
        by, category = desk(month, current), month.world.categories[message.category]
        if not category.is_request:
            actions.file(order=current, category=category, by=by, at=at, reply="谢谢您，收到了。")
            return
        if rng.random() < 0.04:
            actions.ask(order=current, question="方便说一下是几号楼几单元吗？", by=by, at=at)
            month.in_minutes(at, rng.lognormvariate(5, 1), lambda m, t: _answer(m, order, message, t))
            return
        _judged(month, current, category, message, by, at)

    return judge


def _answer(month: "Month", order: Order, message: "Message", at: datetime) -> None:
    if month.rng.random() < 0.85:
        actions.answer(order=order, text="就在楼门口这边，一来就看见。", by=asker(order), at=at)
        month.in_minutes(at, 20, _judge(order, message))


def asker(order: Order) -> Asker:
    return Asker.objects.get(order=order, is_first=True)


def _judged(month: "Month", order: Order, category: Category, message: "Message", by: Person, at: datetime) -> None:
    """Most are given to somebody; a few are refused, passed on, split, escalated or put on the ledger."""
    rng = month.rng
    if rng.random() < 0.015:
        actions.refuse(order=order, reason="not_ours", where="这事归 12315 管，请打 12315。", by=by, at=at)
        return
    if message.urgency == 3 and category.emergency_route and rng.random() < 0.5:
        where = next((n for n in ("110", "119", "120") if n in category.emergency_route), "110")
        actions.pass_on(order=order, where=where, by=by, at=at, text=f"已请您直接打 {where}，我们也报了过去。")
        return
    others = [code for code in message.codes[1:] if code in month.world.categories]
    if others and rng.random() < 0.4:
        parts = [(category, "第一件：" + order.masked[:60])]
        parts += [(month.world.categories[code], "另一件：" + order.masked[:60]) for code in others]
        for born in actions.split(order=order, parts=parts, by=by, at=at):
            _give(month, fresh(born), at)
        return
    judged = actions.judge(
        order=order, category=category, urgency=message.urgency, by=by, at=at, reply=rng.choice(REPLIES)
    )
    if not _exceptions(month, judged, by, at):
        _give(month, fresh(judged), at)


def _exceptions(month: "Month", order: Order, by: Person, at: datetime) -> bool:
    rng = month.rng
    if rng.random() < 0.01:
        until = at + timedelta(days=rng.randrange(10, 60))
        actions.ledger(
            order=order,
            reason=rng.choice(standing.LEDGER_REASONS),
            until=until,
            by=by,
            at=at,
            text="要立项才能办，先记上。",
        )
        return True
    if rng.random() < 0.02:
        actions.escalate(order=order, reason=rng.choice(("no_right", "no_means", "several_areas")), by=by, at=at)
        month.in_minutes(at, rng.uniform(30, 300), lambda m, t: _hand_down(m, order, by, t))
        return True
    return False


def _hand_down(month: "Month", order: Order, to: Person, at: datetime) -> None:
    current = fresh(order)
    actions.hand_down(order=current, reason="means_given", to=to, by=current.owner, at=at)
    _give(month, fresh(order), at)


def _give(month: "Month", order: Order, at: datetime) -> None:
    """A grab window where the catalogue allows it, else an offer to the nearest who can or to the department."""
    category, by = order.category, desk(month, order)
    if category and category.grab != Category.Grab.NO and order.urgency == 1:
        actions.open_up(order=order, by=by, at=at)
        month.in_minutes(at, month.rng.uniform(2, 42), lambda m, t: _grab(m, order, t))
    else:
        _offer(month, order, by, at)


def _grab(month: "Month", order: Order, at: datetime) -> None:
    current = fresh(order)
    if current.state == S.OPEN:
        for person in _fitting(month, current)[:4]:
            try:
                actions.grab(order=current, by=person, at=at)
            except actions.NotFitting:
                continue
            _work(month, order, person, at)
            return
    month.in_minutes(at, 35, lambda m, t: _offer_if_idle(m, order, t))


def _fitting(month: "Month", order: Order) -> list[Person]:
    skills = order.category.skills if order.category else []
    found = month.world.near(order.community_id, skills, order.lon, order.lat)
    return month.rng.sample(found[:8], len(found[:8]))


def _offer_if_idle(month: "Month", order: Order, at: datetime) -> None:
    current = fresh(order)
    if current.state in (S.JUDGED, S.REOPENED):
        _offer(month, current, desk(month, current), at)


def _later_offer(order: Order, month: "Month", at: datetime) -> None:
    _offer_if_idle(month, order, at)


def _offer(month: "Month", order: Order, by: Person, at: datetime) -> None:
    """To three names, or to the department whose matter it is; with a no or silence the next is asked."""
    fitting: list[Person | Unit] = list(_fitting(month, order)[:3])
    unit = month.world.units.get(order.category_id or "")
    names = fitting if fitting and order.level < 3 else ([unit] if unit else [])
    if not names:
        month.in_minutes(at, 600, lambda m, t: _offer_if_idle(m, order, t))
        return
    actions.offer(order=order, to=names, by=by, at=at)
    month.in_minutes(at, month.rng.uniform(3, 50), lambda m, t: _respond(m, order, t))


def _respond(month: "Month", order: Order, at: datetime) -> None:
    current, rng = fresh(order), month.rng
    live = current.offers.select_related("person", "unit").filter(state="sent").first()
    if current.state != S.OFFERED or live is None:
        month.in_minutes(at, 60, lambda m, t: _offer_if_idle(m, order, t))
        return
    person = live.person or rng.choice(month.world.clerks[live.unit_id or 0])
    draw = rng.random()
    if draw < 0.8 or live.unit_id:
        actions.accept(order=current, by=person, at=at)
        _work(month, order, person, at)
        return
    if draw < 0.92:
        actions.decline(order=current, reason=rng.choice(REASONS_NO), by=person, at=at)
    month.in_minutes(at, rng.uniform(20, 80), lambda m, t: _respond(m, order, t))


def _work(month: "Month", order: Order, person: Person, at: datetime) -> None:
    """Setting out within hours, now and then a pause, an extension, or giving it back."""
    rng, hurry = month.rng, fresh(order).urgency > 1
    go = rng.uniform(5, 40) if hurry else rng.lognormvariate(4.6, 0.9)
    month.in_minutes(at, min(go, 1800), lambda m, t: _set_out(m, order, person, t), "natural" if hurry else "working")


def _set_out(month: "Month", order: Order, person: Person, at: datetime) -> None:
    rng = month.rng
    if rng.random() < 0.03:
        actions.release(order=order, reason=rng.choice(REASONS_NO), by=person, at=at, words="家里有急事，去不了。")
        month.in_minutes(at, 30, lambda m, t: _offer_if_idle(m, order, t))
        return
    current = actions.set_out(order=order, by=person, at=at)
    if rng.random() < 0.04:
        actions.pause(
            order=current,
            reason=rng.choice(standing.PAUSE_REASONS),
            until=at + timedelta(days=rng.randrange(1, 4)),
            by=person,
            at=at,
            text="等配件到货。",
        )
        month.in_minutes(at, rng.uniform(900, 2400), lambda m, t: _finish(m, order, person, t))
        return
    if rng.random() < 0.03:
        _extend(month, current, at)
    long = rng.lognormvariate(4.2, 1.1) if current.urgency == 1 else rng.uniform(20, 240)
    month.in_minutes(at, min(long, 4000), lambda m, t: _finish(m, order, person, t))


def _extend(month: "Month", order: Order, at: datetime) -> None:
    until = standing.latest_extension(order)
    actions.extend(
        order=order, reason="parts", until=until, by=desk(month, order), at=at, text="配件要两天才到，跟您说一声。"
    )


def _finish(month: "Month", order: Order, person: Person, at: datetime) -> None:
    current = fresh(order)
    if current.state == S.PAUSED:
        actions.resume(order=current, by=person, at=at)
        current = fresh(order)
    if current.holder_id != person.pk:
        return
    for stage in ("before", "after") if serving.missing_proof(current) else ():
        actions.add_photo(target=current, stage=stage, content=month.rng.choice(month.world.pictures), by=person, at=at)
    actions.finish(order=current, work=month.rng.choice(WORK), by=person, at=at)
    if month.rng.random() < 0.68 and not current.is_anonymous:
        month.in_minutes(at, month.rng.lognormvariate(4.5, 1), lambda m, t: _review(m, order, t), "natural")
    else:
        month.in_minutes(at, month.rng.uniform(60, 500), lambda m, t: _call(m, order, 1, t))


def _word(rng: Random) -> tuple[str, int]:
    """What the asker says, and how satisfied he is, 1 to 5."""
    word = rng.choices(("yes", "half", "no"), (89, 5, 6))[0]
    return word, {
        "yes": rng.choices((1, 2, 3, 4), (50, 35, 12, 3))[0],
        "half": rng.choice((3, 4)),
        "no": rng.choice((4, 5)),
    }[word]


def _review(month: "Month", order: Order, at: datetime) -> None:
    current = fresh(order)
    if current.state != S.SERVED:
        return
    word, satisfaction = _word(month.rng)
    text = {"yes": "", "half": LEFT, "no": GONE_WRONG}[word]
    _spoken(
        month,
        actions.review(order=current, word=word, by=asker(current), at=at, satisfaction=satisfaction, text=text),
        at,
    )


def _spoken(month: "Month", order: Order, at: datetime) -> None:
    """After the asker's word: closing, or doing it again."""
    if order.state == S.REOPENED:
        month.in_minutes(at, 60, lambda m, t: _offer_if_idle(m, order, t))
    else:
        month.in_minutes(at, month.rng.uniform(20, 500), lambda m, t: _close(m, order, t))
    for child in order.children.filter(state=S.JUDGED):
        month.in_minutes(at, 30, partial(_later_offer, child))


def _call(month: "Month", order: Order, nth: int, at: datetime) -> None:
    """Somebody who did not serve rings up; three hours of the day are tried before a person decides."""
    current, rng = fresh(order), month.rng
    if current.state != S.SERVED:
        return
    by = desk(month, current, current.served_by_id)
    if closing.may_stand_in(current):
        _spoken(
            month,
            actions.stand_in(order=current, word="yes", reason="checked", by=by, at=at, text="去现场看过，办好了。"),
            at,
        )
    elif rng.random() < 0.6:
        word, satisfaction = _word(rng)
        _spoken(
            month, actions.hear(order=current, word=word, channel="phone", by=by, at=at, satisfaction=satisfaction), at
        )
    else:
        actions.call_back(order=current, is_reached=False, by=by, at=at)
        month.in_minutes(at, 260 + 40 * nth, lambda m, t: _call(m, order, nth + 1, t))


def _close(month: "Month", order: Order, at: datetime) -> None:
    current = fresh(order)
    if current.state != S.REVIEWED:
        return
    by = desk(month, current, current.served_by_id)
    if current.needs_call and current.called_at is None:
        reached = month.rng.random() < 0.7
        actions.call_back(
            order=current, is_reached=reached, by=by, at=at, satisfaction=current.satisfaction if reached else None
        )
        if not reached and closing.missing_key(fresh(order)):
            month.in_minutes(at, 260, lambda m, t: _close(m, order, t))
            return
    outcome = "solved" if month.rng.random() < 0.93 else "explained"
    closed = actions.close(order=fresh(order), outcome=outcome, by=by, at=at)
    if month.rng.random() < 0.03:
        month.in_minutes(at, month.rng.uniform(600, 5000), lambda m, t: _reopen(m, closed, t))


def _reopen(month: "Month", order: Order, at: datetime) -> None:
    again = actions.reopen(order=order, reason="came_back", by=asker(order), at=at, text=GONE_WRONG)
    month.in_minutes(at, 90, lambda m, t: _offer_if_idle(m, again, t))
