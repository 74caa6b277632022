"""Rosters against check-ins: who is in, who is excused, who is missing; every count is the length of a list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sandan.people.models import MemberCheckin, Person, Roster, RosterExcuse, RosterRow, Unit

Show = Literal["all", "in", "excused", "gap", "double"]
SHOWS: tuple[Show, ...] = ("all", "in", "excused", "gap", "double")


@dataclass(frozen=True)
class Standing:
    """One row of a roster as it stands: reported in, excused, or neither."""

    pk: int
    unit_id: int
    person_id: int | None
    is_in: bool
    is_excused: bool

    @property
    def key(self) -> int:
        """Who it is: one person on two rosters is one; nobody known is nobody else."""
        return self.person_id or -self.pk


@dataclass(frozen=True)
class Tally:
    """People on rosters: all, those reported in, those excused, counted once each; `gap` is the rest."""

    total: int = 0
    checked: int = 0
    excused: int = 0

    @property
    def gap(self) -> int:
        return self.total - self.checked - self.excused

    @property
    def per_cent(self) -> float | None:
        """Reported in of all on the roster, excused ones included; None for an empty roster."""
        return 100 * self.checked / self.total if self.total else None


def marked(rows: QuerySet[RosterRow], at: datetime, ground: str = "") -> QuerySet[RosterRow]:
    """These rows with `is_in` (a live check-in, inside `ground` where one is named) and `is_excused`."""
    checkins = MemberCheckin.objects.live(at).filter(person=OuterRef("person"), grid__startswith=ground)
    excuses = RosterExcuse.objects.live(timezone.localdate(at)).filter(row=OuterRef("pk"))
    return rows.annotate(is_in=Exists(checkins), is_excused=Exists(excuses))


def standings(rows: QuerySet[RosterRow], at: datetime, ground: str = "") -> list[Standing]:
    """How each of these rows stands; one statement."""
    fields = ("pk", "unit_id", "person_id", "is_in", "is_excused")
    return [Standing(*row) for row in marked(rows, at, ground).values_list(*fields)]


def tally(rows: Iterable[Standing]) -> Tally:
    """The counts of these rows; somebody on two rosters counts once, and as reported in where one row says so."""
    best: dict[int, int] = {}
    for row in rows:
        rank = 2 if row.is_in else 1 if row.is_excused else 0
        best[row.key] = max(best.get(row.key, 0), rank)
    ranks = list(best.values())
    return Tally(len(ranks), ranks.count(2), ranks.count(1))


def by_unit(rows: Iterable[Standing]) -> dict[int, Tally]:
    """The tally of each unit that has rows."""
    groups: dict[int, list[Standing]] = {}
    for row in rows:
        groups.setdefault(row.unit_id, []).append(row)
    return {unit: tally(found) for unit, found in groups.items()}


def doubles(rows: Iterable[Standing]) -> frozenset[int]:
    """The people who stand on more than one of these rosters: somebody should look."""
    seen, twice = set[int](), set[int]()
    for row in rows:
        if row.person_id:
            (twice if row.person_id in seen else seen).add(row.person_id)
    return frozenset(twice)


def rows_of(units: QuerySet[Unit]) -> QuerySet[RosterRow]:
    """All who are on the rosters of these units now."""
    return RosterRow.objects.live().filter(unit__in=units)


def shown(rows: QuerySet[RosterRow], show: Show, at: datetime, ground: str = "") -> QuerySet[RosterRow]:
    """The rows behind one figure, in the order of names, with unit, person and the live excuse at hand."""
    found = marked(rows, at, ground)
    today = timezone.localdate(at)
    excuse = RosterExcuse.objects.live(today).filter(row=OuterRef("pk")).order_by("-pk")
    found = found.annotate(
        excuse_id=Subquery(excuse.values("pk")[:1]), why=Subquery(excuse.values("why")[:1]),
        excuse_from=Subquery(excuse.values("from_on")[:1]), excuse_to=Subquery(excuse.values("to_on")[:1]),
    )  # fmt: skip
    if show == "double":
        found = found.filter(person__in=doubles(standings(rows, at, ground)))
    else:
        found = found.filter(_WHEN[show])
    return found.select_related("unit", "person").order_by("unit__name_key", "unit_id", "name_key", "pk")


_WHEN: dict[str, Q] = {
    "all": Q(),
    "in": Q(is_in=True),
    "excused": Q(is_in=False, is_excused=True),
    "gap": Q(is_in=False, is_excused=False),
}


def roster_days(units: Iterable[int]) -> dict[int, date]:
    """The day of the latest roster of each unit that has handed one in."""
    rows = Roster.objects.filter(unit__in=list(units)).order_by("unit", "-on").distinct("unit")
    return dict(rows.values_list("unit", "on"))


def unclaimed(unit: Unit, at: datetime) -> QuerySet[Person]:
    """Members who reported in for this unit and stand on none of its roster's rows."""
    named = RosterRow.objects.live().filter(unit=unit, person__isnull=False).values("person")
    reported = MemberCheckin.objects.live(at).filter(unit=unit).values("person")
    return Person.objects.filter(pk__in=reported).exclude(pk__in=named).order_by("name_key", "pk")


def same_names(rows: Sequence[RosterRow], people: Iterable[Person]) -> list[tuple[RosterRow, Person]]:
    """Row and person where the name settles it: one row and one person bear it, and no second of either."""
    by_name: dict[str, list[Person]] = {}
    for person in people:
        by_name.setdefault(person.name.strip(), []).append(person)
    borne = Counter(row.name for row in rows)
    settled = (row for row in rows if borne[row.name] == 1 == len(by_name.get(row.name, ())))
    return [(row, by_name[row.name][0]) for row in settled]
