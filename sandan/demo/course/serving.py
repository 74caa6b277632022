"""How a simulated order is served, spoken of, called back and written off."""

from datetime import datetime, timedelta

from sandan.demo.course import beside
from sandan.demo.course.common import REASONS_NO, asker, desk, word_of
from sandan.demo.stage import Stage
from sandan.orders import actions
from sandan.orders.actions import closing, looking, serving, standing
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person

WORK = (
    "修好了，试过没问题。",
    "清理干净了，拍了照。",
    "当面说清楚了，双方都认。",
    "换了新的，用着正常。",
    "办完了，材料都交齐了。",
)
LEFT = "主要的弄好了，还有一处要等配件。"
GONE_WRONG = "看着好了，过一天又坏了。"
WANTING = "照片上还看得见渗水，请再去一趟。"


def work(month: Stage, order: Order, person: Person, at: datetime) -> None:
    """Setting out within hours, now and then a pause, an extension, or giving it back."""
    rng, hurry = month.rng, month.fresh(order).urgency > 1
    go = rng.uniform(5, 40) if hurry else rng.lognormvariate(4.6, 0.9)
    month.in_minutes(at, min(go, 1800), lambda m, t: _set_out(m, order, person, t), "natural" if hurry else "working")


def _set_out(month: Stage, order: Order, person: Person, at: datetime) -> None:
    rng, current = month.rng, month.fresh(order)
    if current.state != S.TAKEN or current.holder_id != person.pk:
        return
    if rng.random() < 0.03:
        actions.release(order=order, reason=rng.choice(REASONS_NO), by=person, at=at, words="家里有急事，去不了。")
        month.offer_later(at, 30, order)
        return
    current = actions.set_out(order=order, by=person, at=at)
    beside.maybe(month, current, person, at)
    if rng.random() < 0.2:  # a call before the visit, a look at the door number
        looking.at_several(order=current, wanted=("contact", "door"), by=person, why="serve", at=at)
    if rng.random() < 0.04:
        actions.pause(
            order=current,
            reason=rng.choice(standing.PAUSE_REASONS),
            until=at + timedelta(days=rng.randrange(1, 4)),
            by=person,
            at=at,
            text="等配件到货。",
        )
        month.in_minutes(at, rng.uniform(900, 2400), lambda m, t: finish(m, order, person, t))
        return
    if rng.random() < 0.03:
        _extend(month, current, at)
    long = rng.lognormvariate(4.2, 1.1) if current.urgency == 1 else rng.uniform(20, 240)
    month.in_minutes(at, min(long, 4000), lambda m, t: finish(m, order, person, t))


def _extend(month: Stage, order: Order, at: datetime) -> None:
    until = standing.latest_extension(order)
    if until <= at:  # too late for that
        return
    actions.extend(
        order=order, reason="parts", until=until, by=desk(month, order), at=at, text="配件要两天才到，跟您说一声。"
    )


def finish(month: Stage, order: Order, person: Person, at: datetime) -> None:
    """Handed in with its proof; then most askers speak for themselves, the others are rung up."""
    current = month.fresh(order)
    if current.holder_id != person.pk or current.state not in (S.TAKEN, S.UNDERWAY, S.PAUSED):
        return
    if current.state == S.PAUSED:
        actions.resume(order=current, by=person, at=at)
        current = month.fresh(order)
    for stage in ("before", "after") if serving.missing_proof(current) else ():
        actions.add_photo(target=current, stage=stage, content=month.rng.choice(month.world.pictures), by=person, at=at)
    actions.finish(order=current, work=month.rng.choice(WORK), by=person, at=at)
    if month.rng.random() < 0.68 and not current.is_anonymous:
        month.in_minutes(at, month.rng.lognormvariate(4.5, 1), lambda m, t: _review(m, order, t), "natural")
    else:
        month.in_minutes(at, month.rng.uniform(60, 500), lambda m, t: call(m, order, 1, t))


def _review(month: Stage, order: Order, at: datetime) -> None:
    current = month.fresh(order)
    if current.state != S.SERVED:
        return
    word, satisfaction = word_of(month.rng)
    text = {"yes": "", "half": LEFT, "no": GONE_WRONG}[word]
    by = asker(current)
    _spoken(month, actions.review(order=current, word=word, by=by, at=at, satisfaction=satisfaction, text=text), at)


def _spoken(month: Stage, order: Order, at: datetime) -> None:
    """After the asker's word: closing, or doing it again."""
    if order.state == S.REOPENED:
        month.offer_later(at, 60, order)
    else:
        month.in_minutes(at, month.rng.uniform(20, 500), lambda m, t: close(m, order, t))
    for child in order.children.filter(state=S.JUDGED):
        month.offer_later(at, 30, child)


def call(month: Stage, order: Order, nth: int, at: datetime) -> None:
    """Somebody who did not serve rings up; three hours of the day are tried before a person decides."""
    current, rng = month.fresh(order), month.rng
    if current.state != S.SERVED:
        return
    by = desk(month, current, current.served_by_id)
    if closing.may_stand_in(current):
        why, text = _why_silent(current), "去现场看过，办好了。"
        heard = actions.stand_in(order=current, word="yes", reason=why, by=by, at=at, text=text)
        _spoken(month, heard, at)
    elif rng.random() < 0.6:
        word, satisfaction = word_of(rng)
        heard = actions.hear(order=current, word=word, channel="phone", by=by, at=at, satisfaction=satisfaction)
        _spoken(month, heard, at)
    else:
        actions.call_back(order=current, is_reached=False, by=by, at=at)
        month.in_minutes(at, 260 + 40 * nth, lambda m, t: call(m, order, nth + 1, t))


def _why_silent(order: Order) -> str:
    if order.is_anonymous:
        return "unnamed"
    return "silent" if order.category and order.category.callback != "full" else "unreached"


def close(month: Stage, order: Order, at: datetime) -> None:
    """Written off by somebody who did not serve, after the call-back that is due; a few are sent back."""
    current = month.fresh(order)
    if current.state != S.REVIEWED:
        return
    by = desk(month, current, current.served_by_id)
    if month.rng.random() < 0.02 and current.served_by_id in month.world.persons:
        actions.send_back(order=current, reason="poor_work", by=by, at=at, text=WANTING)
        work(month, order, month.world.persons[current.served_by_id], at)
        return
    if current.needs_call and current.called_at is None:
        reached = month.rng.random() < 0.7
        actions.call_back(
            order=current, is_reached=reached, by=by, at=at, satisfaction=current.satisfaction if reached else None
        )
        if not reached and closing.missing_key(month.fresh(order)):
            month.in_minutes(at, 260, lambda m, t: close(m, order, t))
            return
    outcome = "solved" if month.rng.random() < 0.93 else "explained"
    closed = actions.close(order=month.fresh(order), outcome=outcome, by=by, at=at)
    if month.rng.random() < 0.03:
        month.in_minutes(at, month.rng.uniform(600, 3600), lambda m, t: _reopen(m, closed, t))


def _reopen(month: Stage, order: Order, at: datetime) -> None:
    if month.fresh(order).state != S.CLOSED:
        return
    again = actions.reopen(order=order, reason="came_back", by=asker(order), at=at, text=GONE_WRONG)
    month.offer_later(at, 90, again)
