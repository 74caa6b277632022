"""The order's clocks: which limit applies, when it is due, and when the worker has to look at it again."""

from datetime import datetime, timedelta
from typing import cast

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries.member_rules import rules_of
from sandan.orders.workflow import S

ANSWER_MINUTES = {Urgency.ORDINARY: 60, Urgency.URGENT: 15, Urgency.BURST: 5}
FIRST_LOOK_MINUTES = 240  # until the desk has judged, the catalogue's most usual limit holds
ASK_DAYS = 3
LOOK_MINUTES = {Urgency.ORDINARY: 60, Urgency.URGENT: 30, Urgency.BURST: 10}  # then the owner hears that it waits
# The clock that runs again after standing still, by the state the order goes back to; a grab window opens anew.
GOES_ON = {S.RECEIVED: "accept", S.OPEN: "grab", S.JUDGED: "dispatch", S.REOPENED: "dispatch"}
CLOCKS = frozenset(
    (
        "",
        "accept",
        "dispatch",
        "grab",
        "answer",
        "finish",
        "word",
        "callback",
        "reply",
        "pause",
        "ledger",
        "resume",
        "round",
    )
)
REOPEN_DAYS = 15


def kind_of(order: Order) -> clock.Kind:
    """Natural time for danger, else what the catalogue says."""
    return "natural" if order.urgency > Urgency.ORDINARY or order.clock == "natural" else "working"


def unit_of(order: Order) -> clock.Unit:
    """The unit of the limit, as the clock names it."""
    return cast(clock.Unit, order.limit_unit)


def accept_minutes(category: Category | None, urgency: int) -> int:
    """How long until a person must have judged it (practice 16.2)."""
    if urgency == Urgency.BURST:
        return (category.burst_accept_minutes if category else None) or 10
    if urgency == Urgency.URGENT:
        return category.urgent_accept_minutes if category else 60
    return category.accept_minutes if category else FIRST_LOOK_MINUTES


def start(order: Order, at: datetime) -> None:
    """The clock of an order nobody has judged yet: the desk's time to look."""
    category = order.guess
    order.clock = category.clock if category else "working"
    order.clock_from, order.limit_unit = at, "minute"
    order.limit_value = accept_minutes(category, order.urgency)
    _set_due(order)


def judged(order: Order, category: Category) -> None:
    """The finish clock by category and urgency, counted from the moment the order was placed."""
    order.clock = category.clock
    if order.urgency == Urgency.ORDINARY:
        order.limit_value, order.limit_unit = category.finish_value, category.finish_unit
    else:
        minutes = category.urgent_finish_minutes
        if order.urgency == Urgency.BURST and category.finish_unit == "hour" and category.clock == "natural":
            minutes = min(minutes, int(category.finish_value * 60))
        order.limit_value, order.limit_unit = minutes, "minute"
    _set_due(order)
    for pause in order.pauses.filter(to_at__gt=order.clock_from).order_by("from_at"):
        _shift(order, max(pause.from_at, order.clock_from), pause.to_at)


def again(order: Order, at: datetime) -> None:
    """A reopened order gets its category's limit anew, from now."""
    order.clock_from, order.climb_at = at, None
    _set_due(order)


def _set_due(order: Order) -> None:
    due = clock.due(calendar(), order.clock_from, order.limit_value, unit_of(order), kind_of(order))
    order.due_at, order.due_is_provisional = due.at, due.is_provisional


def _shift(order: Order, since: datetime, until: datetime | None) -> None:
    if order.due_at and until:
        order.due_at = clock.shifted_deadline(calendar(), order.due_at, since, until, kind_of(order))
    if order.climb_at and until:
        order.climb_at = clock.shifted_deadline(calendar(), order.climb_at, since, until, kind_of(order))


def restart(order: Order, at: datetime) -> None:
    """The clock goes on: the deadline moves by the net time that stood still."""
    if order.stopped_at:
        _shift(order, order.stopped_at, at)
    order.stopped_at = None


def reply_by(at: datetime) -> datetime:
    return clock.due(calendar(), at, ASK_DAYS, "day", "working").at


def next_working_day(at: datetime) -> datetime:
    return clock.due(calendar(), at, 1, "day", "working").at


def soon(order: Order, at: datetime, minutes: int) -> datetime:
    """That many minutes on the order's own clock."""
    return clock.add_minutes(calendar(), at, minutes, kind_of(order))


def wind(order: Order, name: str, at: datetime, until: datetime | None) -> None:
    """Set when the worker looks again and what it does then; an ended order has no clock."""
    if not order.is_open:
        order.next_at, order.next_step = None, ""
        return
    if name == "resume":
        name = GOES_ON.get(order.state, "finish")
    order.next_at, order.next_step = _next(order, name, at, until)


def _next(order: Order, name: str, at: datetime, until: datetime | None) -> tuple[datetime, str]:
    urgency = Urgency(order.urgency)
    if name == "grab":
        rules = rules_of(order.category_id, order.county)
        order.near_until = soon(order, at, rules.near_part(urgency))
        return soon(order, at, rules.window(urgency)), "lapse"
    if name == "round":
        return until or soon(order, at, ANSWER_MINUTES[urgency]), "round_over"
    if name == "answer":
        return soon(order, at, ANSWER_MINUTES[urgency]), "miss"
    if name == "reply":
        return until or reply_by(at), "ask_again"
    if name == "pause":
        return until or next_working_day(at), "resume"
    if name == "ledger":
        return until or next_working_day(at), "remind"
    if name in {"word", "callback"}:
        return next_working_day(at), "nudge"
    if name in {"accept", "dispatch"}:
        soonest = soon(order, at, LOOK_MINUTES[urgency])
        moment, step = look_again(order, at, "remind")
        return (soonest, "remind") if soonest < moment else (moment, step)
    return look_again(order, at, "overdue")


def look_again(order: Order, at: datetime, step: str) -> tuple[datetime, str]:
    """The deadline ahead with its step, or before it the end of the time on this level of the ladder."""
    moment = ahead(order, at)
    if order.climb_at and at + timedelta(minutes=1) < order.climb_at < moment:
        return order.climb_at, "climb"
    return moment, step


def ahead(order: Order, at: datetime) -> datetime:
    """The deadline while it lies ahead, else the next working day: an overdue order is spoken of every day."""
    if order.due_at and order.due_at > at + timedelta(minutes=1):
        return order.due_at
    return next_working_day(at)
