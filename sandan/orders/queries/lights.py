"""The light of an order: how much of its limit is used, and how that is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc import clock
from sandan.core import words
from sandan.core.calendar import calendar
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries import reasons
from sandan.orders.workflow import S

COLOURS: tuple[clock.Colour, ...] = ("red", "orange", "yellow", "green", "grey")
COLOUR_WORDS = {
    "red": gettext_lazy("超时"),
    "orange": gettext_lazy("将到期"),
    "yellow": gettext_lazy("过六成"),
    "green": gettext_lazy("宽裕"),
    "grey": gettext_lazy("挂起"),
}
MINUTES_A_DAY = 24 * 60
FURTHEST = timedelta(days=36_525)  # no deadline lies further ahead
USUAL_DAY = date(2025, 3, 3)  # a Monday without holidays, outside the summer hours


@dataclass(frozen=True, slots=True)
class Running:
    """What a light needs of an order: its limit, its deadline, and since when its clock stands."""

    urgency: int
    clock_name: str
    limit_value: float
    limit_unit: str
    due_at: datetime | None
    stopped_at: datetime | None

    @property
    def kind(self) -> clock.Kind:
        return "natural" if self.urgency > Urgency.ORDINARY or self.clock_name == "natural" else "working"


def running(order: Order) -> Running:
    """The clock's facts of a loaded order."""
    return Running(
        order.urgency, order.clock, order.limit_value, order.limit_unit, order.due_at, order.stopped_at
    )  # fmt: skip


def limit_minutes(value: float, unit: str, kind: clock.Kind) -> float:
    """A limit in minutes of its clock; a working day has the usual office minutes (the first day does not count)."""
    if unit != "day":
        return value * (60 if unit == "hour" else 1)
    return value * (MINUTES_A_DAY if kind == "natural" else _office_minutes())


def _office_minutes() -> float:
    return calendar().working_minutes_of(USUAL_DAY)


def light_of(facts: Running, at: datetime) -> clock.Light:
    """Colour and share of the limit used at `at`; while the clock stands it is grey, with the share it stopped at."""
    limit = limit_minutes(facts.limit_value, facts.limit_unit, facts.kind)
    if facts.due_at is None:
        return clock.light(0, limit, paused=facts.stopped_at is not None)
    now, days = facts.stopped_at or at, calendar()
    if now > facts.due_at:
        used = limit + max(clock.net_minutes(days, facts.due_at, now, facts.kind), 1e-6)
    else:
        used = max(limit - clock.net_minutes(days, now, facts.due_at, facts.kind), 0.0)
        used = min(used, limit)
    return clock.light(used, limit, paused=facts.stopped_at is not None)


def due_words(facts: Running, at: datetime) -> str:
    """「余 2小时18分」 or 「超 4小时」 by the wall clock; nothing where there is no deadline."""
    return words.left((facts.due_at - at).total_seconds() / 60) if facts.due_at else ""


def standing_words(state: str, reason: str, until: datetime | None, at: datetime) -> str:
    """Why the clock stands and until when: 「等配件，到 8月12日」."""
    if state == S.ASKED:
        return _("等点单人回话")
    why = reasons.label("ledger" if state == S.LEDGERED else "pause", reason)
    return _("%(why)s，到 %(day)s") % {"why": why, "day": words.day(until, at)} if until else why


def shows(facts: Running, colour: str, at: datetime) -> Q:
    """The condition on the deadline under which a running order with this limit is green, yellow or orange at `at`."""
    limit = limit_minutes(facts.limit_value, facts.limit_unit, facts.kind)
    tenth, fourth = (clock.add_minutes(calendar(), at, limit * share, facts.kind) for share in (0.1, 0.4))
    if limit <= 0:
        return Q(due_at__gte=at) if colour == "orange" else Q(pk__in=())
    if colour == "green":
        return Q(due_at__gt=fourth)
    return Q(due_at__gte=at, due_at__lt=tenth) if colour == "orange" else Q(due_at__gte=tenth, due_at__lte=fourth)


def window(facts: Running, colour: str, at: datetime) -> tuple[datetime, datetime]:
    """From when to when, both included, a deadline can lie that `shows` lets through."""
    limit = max(limit_minutes(facts.limit_value, facts.limit_unit, facts.kind), 0.0)
    tenth, fourth = (clock.add_minutes(calendar(), at, limit * share, facts.kind) for share in (0.1, 0.4))
    ahead = at + FURTHEST
    return {"green": (fourth, ahead), "yellow": (tenth, fourth)}.get(colour, (at, tenth if limit else ahead))


def colour_word(colour: str) -> str:
    """What a light says beside its ring."""
    return str(COLOUR_WORDS[colour])
