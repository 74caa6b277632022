"""Figures of the whistles: per unit how many it was called for, answered in time, came, and how it was rated.

Each number is the length of a named list of calls; the page that shows the number opens exactly that list.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc.figures import Figure
from sandan.orders.models import Call
from sandan.orders.queries.whistle import WITH, live, within

MOST = 200


@dataclass(frozen=True)
class Listed:
    """A named list of calls: what it is called, and which calls at a moment."""

    label: str | Promise
    condition: Callable[[datetime], Q]


def _due(at: datetime) -> Q:
    """Calls whose answer is in, or whose time to answer is over; those called off before count for nobody."""
    return ~Q(state="dropped") & (Q(answered_at__isnull=False) | Q(answer_by__lt=at) | Q(state="missed"))


def _in_time(at: datetime) -> Q:
    return _due(at) & Q(answered_at__lte=F("answer_by"))


LISTS: dict[str, Listed] = {
    "open": Listed(gettext_lazy("还没完的"), lambda _at: live()),
    "missed": Listed(gettext_lazy("到时没应的"), lambda _at: live() & Q(state="missed")),
    "called": Listed(gettext_lazy("叫过的"), lambda _at: ~Q(state="dropped")),
    "due": Listed(gettext_lazy("该应的"), _due),
    "in_time": Listed(gettext_lazy("按时应的"), _in_time),
    "late": Listed(gettext_lazy("没按时应的"), lambda at: _due(at) & ~Q(answered_at__lte=F("answer_by"))),
    "came": Listed(gettext_lazy("到场的"), lambda at: _due(at) & Q(arrived_at__isnull=False)),
    "away": Listed(gettext_lazy("没到场的"), lambda at: _due(at) & Q(arrived_at__isnull=True)),
    "rated": Listed(gettext_lazy("评过分的"), lambda _at: Q(stars__isnull=False)),
    "low": Listed(gettext_lazy("评 2 分以下的"), lambda _at: Q(stars__lte=2)),
    "judged": Listed(gettext_lazy("单位说过哨的"), lambda _at: Q(was_needed__isnull=False)),
    "needless": Listed(gettext_lazy("单位说不该吹的"), lambda _at: Q(was_needed=False)),
    "unclear": Listed(gettext_lazy("单位说没说清的"), lambda _at: Q(was_clear=False)),
}


@dataclass(frozen=True)
class Scope:
    """Which calls: areas of the order, and days on which the unit was called (both included; None: without end)."""

    codes: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    unit: int | None = None

    def calls(self) -> QuerySet[Call]:
        """The calls of this scope."""
        found = Call.objects.filter(within(self.codes))
        zone = timezone.get_current_timezone()
        if self.since:
            found = found.filter(at__gte=datetime(*self.since.timetuple()[:3], tzinfo=zone))
        if self.until:
            after = self.until + timedelta(days=1)
            found = found.filter(at__lt=datetime(*after.timetuple()[:3], tzinfo=zone))
        return found.filter(unit=self.unit) if self.unit else found


@dataclass(frozen=True)
class Line:
    """One unit, or all of them (`unit` None): how many calls each list has, and the sum of the marks."""

    unit: int | None
    name: str
    of: dict[str, int]
    stars: int

    def in_time(self) -> Figure:
        return Figure(_("按时应哨率"), self.of["in_time"], self.of["due"], _("在答复时间里说来或来不了的 ÷ 该应的。"))

    def came(self) -> Figure:
        return Figure(_("到场率"), self.of["came"], self.of["due"], _("到了现场的 ÷ 该应的。说来不了的也算该应的。"))

    @property
    def mean(self) -> Decimal | None:
        """The mean mark with one decimal, rounded half up; None where nobody has given one."""
        if not self.of["rated"]:
            return None
        return (Decimal(self.stars) / self.of["rated"]).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _sums(at: datetime) -> dict[str, Count | Sum]:
    sums: dict[str, Count | Sum] = {
        f"n_{name}": Count("pk", filter=listed.condition(at)) for name, listed in LISTS.items()
    }
    return sums | {"n_stars": Sum("stars", default=0)}


def totals(scope: Scope, at: datetime) -> Line:
    """All units together; one statement."""
    row = scope.calls().aggregate(**_sums(at))
    return Line(None, _("合计"), {name: row[f"n_{name}"] for name in LISTS}, row["n_stars"])


def by_unit(scope: Scope, at: datetime) -> list[Line]:
    """A line for each unit that was called, by name; one statement."""
    rows: Any = scope.calls().order_by().values("unit", "unit__name", "unit__name_key").annotate(**_sums(at))
    return [
        Line(row["unit"], row["unit__name"], {name: row[f"n_{name}"] for name in LISTS}, row["n_stars"])
        for row in rows.order_by("unit__name_key", "unit")
    ]


def listed(scope: Scope, name: str, at: datetime) -> list[Call]:
    """The calls of a named list, the missed and the first due on top, MOST at most; one statement."""
    rows = scope.calls().filter(LISTS[name].condition(at)).select_related(*WITH)
    newest = "-at" if name != "open" else "answer_by"
    return list(rows.order_by(newest, "pk")[:MOST])


def count(scope: Scope, name: str, at: datetime) -> int:
    """How many calls a list has; one statement."""
    return scope.calls().filter(LISTS[name].condition(at)).count()


def waiting(codes: Collection[str], at: datetime) -> int:
    """How many live calls of an area nobody has answered in time."""
    return count(Scope(tuple(codes)), "missed", at)
