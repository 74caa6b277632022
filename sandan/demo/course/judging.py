"""How a simulated desk judges: mostly it gives the order to somebody, now and then something else."""

from datetime import datetime, timedelta
from uuid import UUID

from sandan.demo import duty
from sandan.demo.course.common import asker, caller, desk, phone
from sandan.demo.course.giving import give
from sandan.demo.messages import Message
from sandan.demo.stage import Event, Stage
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.actions import standing
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.workflow import BEFORE_TAKING, S
from sandan.people.models import Person

REPLIES = ("您的事收到了，已经在找人办。", "收到了，今天给您安排。", "看到了，这就问附近能办的人。")

UNCLEAR, CLEARED = "9904", "0202"  # what cannot be understood is asked about first


def begin(month: Stage, order: Order, message: Message, at: datetime) -> None:
    """The desk will look at it: soon when it burns, within its limit otherwise, now and then too late."""
    if order.urgency == Urgency.BURST:
        duty.wake(month, order, at)
    if order.urgency > 1:
        month.in_minutes(at, month.rng.uniform(2, 30), judge(order, message), "natural")
    else:
        minutes = month.rng.lognormvariate(3.6, 0.8) if month.rng.random() > 0.04 else month.rng.uniform(300, 900)
        month.in_minutes(at, min(minutes, 900), judge(order, message))
    draw = month.rng.random()
    if draw < 0.015:
        month.in_minutes(at, month.rng.uniform(5, 300), lambda m, t: _withdraw(m, order, t), "natural")
    elif draw < 0.07:
        month.in_minutes(at, month.rng.uniform(10, 600), lambda m, t: _join(m, order, t), "natural")


def _withdraw(month: Stage, order: Order, at: datetime) -> None:
    """The asker needs it no longer; who is on the way already is let finish."""
    current = month.fresh(order)
    if current.state in BEFORE_TAKING and current.asker_count == 1:
        actions.withdraw(order=current, by=asker(current), at=at)


def _join(month: Stage, order: Order, at: datetime) -> None:
    """A neighbour has the same trouble."""
    current, rng = month.fresh(order), month.rng
    if current.is_open and current.privacy in (Category.Privacy.PUBLIC, Category.Privacy.INSIDE):
        contact = actions.Contact(caller(rng), phone(rng), True)
        actions.join(order=current, key=UUID(int=rng.getrandbits(128), version=4), contact=contact, at=at)


def begin_twin(month: Stage, order: Order, first: Order, at: datetime) -> None:
    """A second report of the same matter: the desk merges it, or finds the first one already served."""
    month.in_minutes(at, month.rng.uniform(5, 60), lambda m, t: _merge(m, order, first, t))


def _merge(month: Stage, order: Order, first: Order, at: datetime) -> None:
    current, target = month.fresh(order), month.fresh(first)
    if current.state != S.RECEIVED:
        return
    if target.is_open and not current.merged.exists():
        actions.merge(order=current, into=target, by=desk(month, current), at=at)
        if month.rng.random() < 0.06:
            month.in_minutes(at, 3, lambda m, t: _unmerge(m, order, t))
    else:
        category = target.category or month.world.categories["0105"]
        _judge_plainly(month, current, category, at)


def _unmerge(month: Stage, order: Order, at: datetime) -> None:
    """Not the same after all."""
    current = month.fresh(order)
    if current.state == S.MERGED:
        actions.unmerge(order=current, by=desk(month, current), at=at)
        month.in_minutes(at, 5, lambda m, t: _judge_plainly(m, m.fresh(order), m.world.categories["0105"], t))


def _judge_plainly(month: Stage, order: Order, category: Category, at: datetime) -> None:
    if order.state == S.RECEIVED:
        by, reply = desk(month, order), month.rng.choice(REPLIES)
        give(month, actions.judge(order=order, category=category, urgency=1, by=by, at=at, reply=reply), at)


def judge(order: Order, message: Message) -> Event:
    """The event in which the desk looks at the order."""

    def look(month: Stage, at: datetime) -> None:
        current, rng = month.fresh(order), month.rng
        if current.state not in (S.RECEIVED, S.ESCALATED) or current.category:
            return
        by, category = desk(month, current), month.world.categories[_code(message, current)]
        if not category.is_request:
            actions.file(order=current, category=category, by=by, at=at, reply="谢谢您，收到了。")
        elif category.code == UNCLEAR or rng.random() < 0.04:
            actions.ask(order=current, question="方便说一下是几号楼几单元吗？", by=by, at=at)
            month.in_minutes(at, rng.lognormvariate(5, 1), answer(order, message))
        else:
            _judged(month, current, category, message, by, at)

    return look


def _code(message: Message, order: Order) -> str:
    """What it is; an unclear message is clear once the asker has been asked."""
    return CLEARED if message.category == UNCLEAR and order.answered_at else message.category


def answer(order: Order, message: Message) -> Event:
    """The event in which most askers answer; the others are given up by the clock."""

    def say(month: Stage, at: datetime) -> None:
        current = month.fresh(order)
        if current.state == S.ASKED and month.rng.random() < 0.85:
            actions.answer(order=current, text="就在楼门口这边，一来就看见。", by=asker(current), at=at)
            month.in_minutes(at, 20, judge(order, message))

    return say


def _judged(month: Stage, order: Order, category: Category, message: Message, by: Person, at: datetime) -> None:
    """Most are given to somebody; a few are refused, passed on, split, escalated or put on the ledger."""
    rng = month.rng
    if rng.random() < 0.015:
        actions.refuse(order=order, reason="not_ours", where="这事归 12315 管，请打 12315。", by=by, at=at)
        return
    if message.urgency == 3 and category.emergency_route and rng.random() < 0.5:
        where = next((n for n in ("110", "119", "120") if n in category.emergency_route), "110")
        actions.pass_on(order=order, where=where, by=by, at=at, text=f"已请您直接打 {where}，我们也报了过去。")
        if rng.random() < 0.1:
            month.in_minutes(at, rng.uniform(60, 400), lambda m, t: _take_back(m, order, t))
        return
    others = [code for code in message.codes[1:] if code in month.world.categories]
    if others and rng.random() < 0.4:
        parts = [(category, "第一件：" + order.masked[:60])]
        parts += [(month.world.categories[code], "另一件：" + order.masked[:60]) for code in others]
        for born in actions.split(order=order, parts=parts, by=by, at=at):
            give(month, month.fresh(born), at)
        return
    judged = actions.judge(
        order=order, category=category, urgency=message.urgency, by=by, at=at, reply=rng.choice(REPLIES)
    )
    if not _exceptions(month, judged, by, at):
        give(month, month.fresh(judged), at)


def _take_back(month: Stage, order: Order, at: datetime) -> None:
    """It came back: what is left after the emergency is the community's."""
    current = month.fresh(order)
    if current.state == S.PASSED:
        back = actions.take_back(order=current, reason="returned", by=desk(month, current), at=at)
        if back.state == S.JUDGED:
            give(month, back, at)
        else:
            _judge_plainly(month, back, month.world.categories["0501"], at)


def _exceptions(month: Stage, order: Order, by: Person, at: datetime) -> bool:
    rng = month.rng
    draw = rng.random()
    if draw < 0.012:
        until, reason = at + timedelta(days=rng.randrange(8, 40)), rng.choice(standing.LEDGER_REASONS)
        actions.ledger(order=order, reason=reason, until=until, by=by, at=at, text="要立项才能办，先记上。")
        month.plan(until + timedelta(hours=2), lambda m, t: _take_up(m, order, t))
    elif draw < 0.032:
        reason = rng.choice(("no_right", "no_means", "several_areas"))
        areas = _neighbours(month, order) if reason == "several_areas" else ()
        actions.escalate(order=order, reason=reason, by=by, at=at, text="社区办不动，请街道拿主意。", areas=areas)
        month.in_minutes(at, rng.uniform(30, 600), lambda m, t: hand_down(m, order, by, t))
    return draw < 0.032


def _neighbours(month: Stage, order: Order) -> list[str]:
    """Another community of the same street, where there is one and the matter is not sealed."""
    near = sorted(c for c in month.world.communities if c[:9] == order.street and c != order.community_id)
    return near[:1] if order.privacy != Category.Privacy.SEALED else []


def give_back(month: Stage, at: datetime) -> None:
    """What the clock took up and nobody above has looked at for a day goes down again, with means."""
    lying = Order.objects.open().filter(county=month.world.county.code, state=S.ESCALATED, level__gt=2)
    for order in lying.filter(touched_at__lte=at - timedelta(days=1)).order_by("pk")[:20]:
        hand_down(month, order, month.world.desks[order.community_id][0], at)


def _take_up(month: Stage, order: Order, at: datetime) -> None:
    """The review date has come, and now it can be done."""
    current = month.fresh(order)
    if current.state == S.LEDGERED:
        give(month, actions.take_up(order=current, by=desk(month, current), at=at), at)


def hand_down(month: Stage, order: Order, to: Person, at: datetime) -> None:
    """The street gives it back with means."""
    current = month.fresh(order)
    if current.state == S.ESCALATED:
        actions.hand_down(order=current, reason="means_given", to=to, by=current.owner, at=at)
        current = month.fresh(order)
        if current.state == S.JUDGED:
            give(month, current, at)
        elif current.state == S.RECEIVED:
            _judge_plainly(month, current, current.guess or month.world.categories["0105"], at)
