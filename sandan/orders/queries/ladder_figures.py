"""小事不出格，大事不出社区: on which level orders were closed, why others went up; each number a named list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from sandan.calc.figures import Figure
from sandan.orders.models.ladder import UP_REASONS
from sandan.orders.queries.boards_figures import BELOW, Scope
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.queries.boards_scope import COLUMNS
from sandan.places.models import Place

TARGET = 85  # per cent closed in grid and community, practice 16.3
BY_LEVEL = ("in_grid", "in_community", "at_street", "at_district")
BY_REASON = tuple(f"up_{reason}" for reason in UP_REASONS)
NAMES = ("closed", "near", *BY_LEVEL, "stepped_up", *BY_REASON)


@dataclass(frozen=True)
class Solved:
    """How many orders of a scope each list of the ladder has."""

    of: dict[str, int]

    def in_grid(self) -> Figure:
        return Figure(
            _("小事不出格"), self.of["in_grid"], self.of["closed"],
            _("在网格销号的 ÷ 全部销号的。管这一片的网格员、网格长自己接、自己办完的，算网格；替单位、队伍接的不算。"),
        )  # fmt: skip

    def near(self) -> Figure:
        return Figure(
            _("大事不出社区"), self.of["near"], self.of["closed"],
            _("在网格和社区销号的 ÷ 全部销号的，目标 %(target)s%%。报到街道、区里才销号的不算；交回社区办完的算社区。")
            % {"target": TARGET},
        )  # fmt: skip

    @property
    def reaches_target(self) -> bool | None:
        """Whether the target is reached; None where there are too few for a rate."""
        figure = self.near()
        return figure.numerator * 100 >= TARGET * figure.denominator if figure.has_rate else None


def _sums(at: datetime) -> dict[str, Count]:
    return {f"n_{name}": Count("pk", filter=LISTS[name].condition(at)) for name in NAMES}


def _solved(values: dict[str, Any]) -> Solved:
    return Solved({name: values[f"n_{name}"] for name in NAMES})


def totals(scope: Scope, at: datetime) -> Solved:
    """All counts of a scope; one statement."""
    return _solved(scope.orders().aggregate(**_sums(at)))


def by_place(scope: Scope, at: datetime) -> list[tuple[str, str, Solved]]:
    """Code, name and counts of the next level below: streets of a county, communities of a street. Two statements."""
    length = BELOW.get(len(scope.codes[0]), 12) if len(scope.codes) == 1 else 12
    column = COLUMNS[length]
    rows = scope.orders().order_by().values(column).annotate(**_sums(at))
    found = {row[column]: _solved(row) for row in rows}
    names = Place.objects.filter(code__in=found).order_by("name_key", "code").values_list("code", "name")
    return [(code, name, found[code]) for code, name in names]
