"""The rules of grabbing: what the house says, and what an office set otherwise for a category or a county."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from django.db.models import Q

from sandan.orders.models import GrabRule
from sandan.orders.models.order import Urgency

RECENT = timedelta(days=14)  # whose grabs are compared
FAIR_LEAST = 3  # fewer grabs than this are never too many
FREE_RELEASE = timedelta(hours=1)  # given back within this time, it costs nothing
TIME_NEEDED = 30  # minutes of one's own time that must lie before the deadline


@dataclass(frozen=True)
class Rules:
    """One category's rules in one county (practice 16.4); windows run on the order's own clock."""

    window_minutes: int = 30
    urgent_percent: int = 33
    burst_percent: int = 17
    most_open: int = 2
    near_metres: int = 1000
    near_percent: int = 33
    fair_percent: int = 200
    again_minutes: int = 240

    def window(self, urgency: int) -> int:
        """How long the window is open, in minutes: shorter where it presses."""
        share = {Urgency.URGENT: self.urgent_percent, Urgency.BURST: self.burst_percent}.get(Urgency(urgency), 100)
        return max(1, round(self.window_minutes * share / 100))

    def near_part(self, urgency: int) -> int:
        """Its first part in minutes: for those near by, and not for those who have had far more than others."""
        return round(self.window(urgency) * self.near_percent / 100)


HOUSE = Rules()
NAMES = tuple(field.name for field in fields(Rules))


@dataclass(frozen=True)
class Book:
    """The rows of some counties, the general before the special: a county's word stands above a category's."""

    rows: Sequence[GrabRule]

    def of(self, category: str | None, county: str) -> Rules:
        """The rules that hold for a category in a county."""
        rules = HOUSE
        for row in self.rows:
            if row.category_id in (None, category) and row.county in ("", county):
                rules = replace(rules, **_set(row))
        return rules


def _set(row: GrabRule) -> dict[str, int]:
    return {name: getattr(row, name) for name in NAMES if getattr(row, name) is not None}


def book(counties: Collection[str]) -> Book:
    """All that is set for these counties; one statement."""
    rows = GrabRule.objects.filter(county__in=["", *counties])
    return Book(sorted(rows, key=lambda row: (row.county != "", row.category_id is not None)))


def rules_of(category: str | None, county: str) -> Rules:
    """The rules of one category in one county; one statement."""
    rows = GrabRule.objects.filter(Q(category=None) | Q(category=category), county__in=["", county])
    return Book(sorted(rows, key=lambda row: (row.county != "", row.category_id is not None))).of(category, county)
