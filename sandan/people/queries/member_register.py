"""R011, R013: the register of members for those who call on them; only what serving needs, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from sandan.people.models import MemberCheckin, Unit
from sandan.people.queries import member_grids, member_served, member_times

PAGE = 50


@dataclass(frozen=True)
class Wish:
    """What the reader looks for: a skill, a unit's number, a place code, the beginning of a name."""

    skill: str = ""
    unit: int | None = None
    place: str = ""
    name: str = ""

    def where(self) -> Q:
        """The same as a condition on check-ins."""
        found = Q()
        if self.skill:
            found &= Q(person__skills__contains=[self.skill])
        if self.unit:
            found &= Q(unit=self.unit)
        if self.place:
            found &= Q(grid__startswith=self.place)
        return found & Q(person__name__startswith=self.name) if self.name else found


@dataclass(frozen=True, slots=True)
class Line:
    """One member on one grid; neither phone nor party, nor anything else."""

    pk: int
    name: str
    unit: str
    grid: str
    community: str
    skills: tuple[str, ...]
    times: str
    is_away: bool
    reach_metres: int
    served: int


@dataclass(frozen=True, slots=True)
class Register:
    """One page; `total` counts check-ins, `people` persons, `grids` grids in what was asked for."""

    lines: tuple[Line, ...]
    total: int
    people: int
    grids: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def a_grid(self) -> float:
        """Members a grid, of those grids that have any (R013)."""
        return round(self.total / self.grids, 1) if self.grids else 0.0


def register(seen: Q, wish: Wish, page: int, at: datetime) -> Register:
    """A page of the check-ins that `seen` allows and `wish` asks for; six statements for five and for five thousand."""
    rows = MemberCheckin.objects.live(at).filter(seen, wish.where())
    counts = rows.aggregate(
        total=Count("pk"), people=Count("person", distinct=True), grids=Count("grid", distinct=True)
    )  # fmt: skip
    page = max(1, min(page, (counts["total"] - 1) // PAGE + 1))
    shown = rows.select_related("person", "unit").order_by("grid", "pk")[(page - 1) * PAGE : page * PAGE]
    return Register(_lines(list(shown), at), counts["total"], counts["people"], counts["grids"], page)


def _lines(rows: Sequence[MemberCheckin], at: datetime) -> tuple[Line, ...]:
    persons = [row.person_id for row in rows]
    names, served = member_grids.grid_names({row.grid for row in rows}), member_served.served(persons)
    weekly, away = member_times.weekly_of(persons), member_times.away_on(persons, timezone.localdate(at))
    return tuple(
        Line(
            row.pk, row.person.name, row.unit.name if row.unit else "", *names[row.grid], tuple(row.person.skills),
            member_times.week_words(weekly[row.person_id]), row.person_id in away, row.person.reach_metres,
            served.get(row.person_id, 0),
        )
        for row in rows
    )  # fmt: skip


def units_in(seen: Q, at: datetime) -> QuerySet[Unit]:
    """The units whose members are in the register, for its filter."""
    rows = MemberCheckin.objects.live(at).filter(seen, unit__isnull=False)
    return Unit.objects.filter(pk__in=rows.values("unit")).order_by("name_key", "pk")


def by_unit(units: Sequence[int], at: datetime) -> dict[int, int]:
    """How many different people of each unit have checked in somewhere (R005); one statement."""
    rows = MemberCheckin.objects.live(at).filter(unit__in=units).values("unit")
    return {row["unit"]: row["n"] for row in rows.annotate(n=Count("person", distinct=True))}
