"""R012: which units and how many of their people took at least one order; counts of work, never an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from sandan.orders.models import Claim
from sandan.orders.models.grabbing import GIVEN_BACK
from sandan.people.models import MemberCheckin, Person, Post, Role, RosterRow, Unit


@dataclass(frozen=True)
class Taker:
    """Somebody of a unit and how many orders they took."""

    person_id: int
    orders: int


@dataclass(frozen=True)
class UnitTakers:
    """A unit with those of its people who took orders."""

    unit: Unit
    takers: tuple[Taker, ...]

    @property
    def orders(self) -> int:
        """Orders taken by its people, each person's counted apart."""
        return sum(taker.orders for taker in self.takers)


@dataclass(frozen=True)
class Participation:
    """Units with at least one taker, most people first; `people` counts everybody once, whatever their units."""

    lines: tuple[UnitTakers, ...]
    people: int
    all_units: int

    @property
    def units(self) -> int:
        return len(self.lines)


def belonging(units: Iterable[Unit]) -> dict[int, set[int]]:
    """The people of each unit: on its roster, reported in for it, or its clerks; three statements."""
    keys, found = [unit.pk for unit in units], dict[int, set[int]]()
    rows = RosterRow.objects.live().filter(unit__in=keys, person__isnull=False).values_list("unit", "person")
    checkins = MemberCheckin.objects.filter(unit__in=keys).values_list("unit", "person")
    clerks = Post.objects.filter(unit__in=keys, role=Role.UNIT_CLERK).values_list("unit", "person")
    for unit, person in (*rows, *checkins, *clerks):
        found.setdefault(unit, set()).add(person)
    return found


def taken(people: Iterable[int], since: date | None, until: date | None) -> dict[int, int]:
    """How many orders each of these people took in these local days, both included; given back ones are none."""
    claims = Claim.objects.filter(person__in=set(people)).exclude(_given_back())
    if since:
        claims = claims.filter(at__gte=_midnight(since))
    if until:
        claims = claims.filter(at__lt=_midnight(until + timedelta(days=1)))
    counted = claims.values("person").annotate(orders=Count("order", distinct=True))
    return {row["person"]: row["orders"] for row in counted}


def _given_back() -> Q:
    return Q(released_at__isnull=False, verb__in=GIVEN_BACK)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def participation(units: QuerySet[Unit], since: date | None = None, until: date | None = None) -> Participation:
    """Who of these units took part; five statements whatever their number."""
    rows = list(units)
    people = belonging(rows)
    orders = taken((person for group in people.values() for person in group), since, until)
    lines = [
        UnitTakers(unit, tuple(Taker(person, orders[person]) for person in people.get(unit.pk, ()) if person in orders))
        for unit in rows
    ]
    took = sorted((line for line in lines if line.takers), key=lambda line: (-len(line.takers), line.unit.name_key))
    return Participation(tuple(took), len(orders), len(rows))


def named(takers: Iterable[Taker]) -> list[tuple[Person, int]]:
    """These takers with their names, most orders first."""
    orders = {taker.person_id: taker.orders for taker in takers}
    people = Person.objects.filter(pk__in=orders).only("name", "name_key")
    return sorted(((one, orders[one.pk]) for one in people), key=lambda pair: (-pair[1], pair[0].name_key, pair[0].pk))
