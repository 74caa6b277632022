"""The figures of a period: counts from the orders themselves, each with the named list that opens its orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.calc.figures import Figure, Group, part, satisfied, veiled
from sandan.core.calendar import calendar
from sandan.intake.models import Category
from sandan.orders.models import CallBack, OldNumber, OrderQuerySet
from sandan.orders.models.order import Urgency
from sandan.orders.queries.boards_filter import placed_within
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.queries.boards_scope import COLUMNS, over
from sandan.orders.queries.rows import HIDDEN
from sandan.places import queries as places
from sandan.places.models import Place

COUNTED = (
    "counted", "finished", "unfinished", "withdrawn", "merged", "in_time", "due", "not_in_time", "asked_back",
    "solved_at_once", "not_at_once", "rated", "unhappy", "handed_in", "again", "closed", "near", "solved", "called",
    "taken", "late",
)  # fmt: skip
STEPS = range(1, 6)
BELOW = {6: 9, 9: 12}  # a county by its streets, a street by its communities


@dataclass(frozen=True)
class Scope:
    """Which orders: areas, and days of placing (both included; None for without end)."""

    codes: tuple[str, ...]
    since: date | None = None
    until: date | None = None

    def orders(self) -> OrderQuerySet:
        return over(self.codes).filter(placed_within(self.since, self.until))


@dataclass(frozen=True)
class Counts:
    """How many orders each named list has in a scope, and the answers on the five steps."""

    of: dict[str, int]
    answers: dict[int, int]

    def finish(self) -> Figure:
        return Figure(
            _("办结率"), self.of["finished"], self.of["counted"],
            _("办结并且回过话的 ÷ 收到的。转交和不予受理的，回过话也算办结；撤单、并单不算在内，另列。"),
        )  # fmt: skip

    def in_time(self) -> Figure:
        return Figure(
            _("按期办结率"), self.of["in_time"], self.of["due"],
            _("在时限内办好的 ÷（办结的＋已经超时还没办好的）。时限按工作时间算，挂起的时间不算。"),
        )  # fmt: skip

    def solved(self) -> Figure:
        return Figure(
            _("解决率"), self.of["solved_at_once"], self.of["asked_back"],
            _("点单人第一次就说解决了的 ÷ 点单人说过话的。只解决一半、没解决重办的，都不算解决；别人替说的不算。"),
        )  # fmt: skip

    def satisfaction(self) -> Figure:
        return Figure(
            _("满意率"), satisfied(self.answers), self.of["rated"],
            _("很满意 1、满意 0.9、一般 0.6、不满意和很不满意 0，加起来 ÷ 打过分的。没打分的不算在内。"),
        )  # fmt: skip

    def again(self) -> Figure:
        return Figure(
            _("重办率"), self.of["again"], self.of["handed_in"],
            _("交过活以后，点单人说没解决、又重办的 ÷ 交过活的。"),
        )  # fmt: skip

    def near(self) -> Figure:
        return Figure(
            _("小事不出社区"), self.of["near"], self.of["closed"],
            _("在网格和社区销号的 ÷ 全部销号的。报到街道、区里才销号的不算；交回社区办完的算社区。"),
        )  # fmt: skip


def _sums(at: datetime) -> dict[str, Count]:
    sums = {f"n_{name}": Count("pk", filter=LISTS[name].condition(at)) for name in COUNTED}
    rated = LISTS["rated"].condition(at)
    return sums | {f"s_{step}": Count("pk", filter=rated & Q(satisfaction=step)) for step in STEPS}


def _counts(values: dict[str, Any]) -> Counts:
    return Counts({name: values[f"n_{name}"] for name in COUNTED}, {step: values[f"s_{step}"] for step in STEPS})


def totals(scope: Scope, at: datetime) -> Counts:
    """All counts of a scope; one statement."""
    return _counts(scope.orders().aggregate(**_sums(at)))


@dataclass(frozen=True)
class Line:
    """One place of the table: its code, name and counts."""

    code: str
    name: str
    counts: Counts


def by_place(scope: Scope, at: datetime) -> list[Line]:
    """The next level below: streets of a county, communities of a street, else communities. Two statements."""
    length = BELOW.get(len(scope.codes[0]), 12) if len(scope.codes) == 1 else 12
    column = COLUMNS[length]
    orders, name = scope.orders().order_by(), column
    if scope.until and places.changed_since(scope.until):
        orders, name = orders.annotate(then=Left(_town_then(), length)), "then"
    rows = orders.values(name).annotate(**_sums(at))
    found = {row[name]: _counts(row) for row in rows}
    names = Place.objects.filter(code__in=found).order_by("name_key", "code").values_list("code", "name")
    return [Line(code, name, found[code]) for code, name in names]


def _town_then() -> Coalesce:
    """The community in which an order was placed, whatever it is called today."""
    first = OldNumber.objects.filter(order=OuterRef("pk")).order_by("id").values("community")[:1]
    return Coalesce(Subquery(first), "community_id")


def by_category(scope: Scope, at: datetime) -> tuple[Group, ...]:
    """How many were received of each item, most first; small groups of sensitive matters together. Two statements."""
    rows = (
        scope.orders()
        .filter(LISTS["counted"].condition(at))
        .order_by()
        .annotate(item=Coalesce("category_id", "guess_id"))
        .values_list("item")
        .annotate(Count("pk"))
    )
    counts: dict[str | None, int] = dict(rows)
    items = Category.objects.filter(code__in=[code for code in counts if code]).values_list("code", "name", "privacy")
    groups = [(code, name, counts[code], privacy in HIDDEN) for code, name, privacy in items]
    return veiled(groups, _("人数少的敏感事项，合在一起"))


@dataclass(frozen=True)
class Speed:
    """How fast a person first looked: median and 90th part, in minutes on each order's own clock; None for none."""

    count: int
    median: float | None
    ninetieth: float | None


def first_look(scope: Scope, at: datetime) -> Speed:
    """The time from placing to judging; one statement."""
    judged = scope.orders().filter(LISTS["judged"].condition(at))
    rows = judged.order_by().values_list("placed_at", "judged_at", "urgency", "clock")
    days = calendar()
    minutes = [
        clock.net_minutes(
            days, placed, seen, "natural" if urgency > Urgency.ORDINARY or name == "natural" else "working"
        )
        for placed, seen, urgency, name in rows
        if seen
    ]
    return Speed(len(minutes), part(minutes, 0.5), part(minutes, 0.9))


@dataclass(frozen=True)
class Hands:
    """Who took part: people and units with at least one order taken; call-backs made."""

    people: int
    units: int
    calls: int


def hands(scope: Scope, at: datetime) -> Hands:
    """Distinct people and units that took an order of this scope, and how many call-backs were made. Two statements."""
    taken = scope.orders().filter(LISTS["taken"].condition(at))
    person = Coalesce("served_by", "holder")
    row = taken.aggregate(people=Count(person, distinct=True), units=Count("unit", distinct=True))
    calls = CallBack.objects.filter(order__in=scope.orders().order_by().values("pk")).count()
    return Hands(row["people"], row["units"], calls)


def solved_ever(scope: Scope, at: datetime) -> int:
    """Real problems solved since the beginning; one statement."""
    whole = replace(scope, since=None, until=None)
    return whole.orders().filter(LISTS["solved"].condition(at)).count()


def name_of(codes: Sequence[str]) -> str:
    """What the areas are called: the place, or the first of several."""
    names = list(Place.objects.filter(code__in=codes).order_by("code").values_list("name", flat=True))
    return _("%(name)s等 %(count)s 处") % {"name": names[0], "count": len(names)} if len(names) > 1 else "".join(names)
