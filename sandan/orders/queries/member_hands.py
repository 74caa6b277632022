"""What is known of people before they take an order: what they hold, what they took lately, when they have time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Count, DateField, SmallIntegerField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from sandan.calc.clock.free import Times
from sandan.orders.models import Claim, Order
from sandan.orders.queries.member_rules import RECENT
from sandan.orders.workflow import HELD
from sandan.people.access import posts_of
from sandan.people.models import Away, FreeTime, Person, Role

ON_THE_GROUND = frozenset({Role.GRID_WORKER, Role.GRID_LEADER})  # serving is their work: no time of day is closed


@dataclass(frozen=True)
class Hands:
    """One person's: orders served now, grabs of the last two weeks that count, orders given back and when, times."""

    held: int = 0
    grabs: int = 0
    released: dict[int, datetime] = field(default_factory=dict)
    times: Times = field(default_factory=Times)


def hands_of(person: Person, at: datetime) -> Hands:
    """Three statements, and one for the posts where they have not been read."""
    claims = list(Claim.objects.filter(person=person, at__gte=at - RECENT))
    grabs = sum(claim.how == "grab" and claim.is_counted for claim in claims)
    released = {claim.order_id: claim.released_at for claim in claims if claim.released_at and claim.is_given_back}
    is_always = any(post.role in ON_THE_GROUND for post in posts_of(person, at))
    return Hands(held_count(person), grabs, released, times_of([person.pk], at, is_always)[person.pk])


def held_count(person: Person) -> int:
    """How many orders somebody is serving now."""
    return Order.objects.open().filter(holder=person, state__in=sorted(HELD)).count()


def usual_grabs(county: str, at: datetime) -> float:
    """The median of the last two weeks' grabs, of those in the county who grabbed at all; one statement."""
    recent = Claim.objects.filter(county=county, how="grab", is_counted=True, at__gte=at - RECENT)
    counts = list(recent.values("person").annotate(n=Count("pk")).values_list("n", flat=True))
    return float(median(counts)) if counts else 0.0


def times_of(persons: Collection[int], at: datetime, is_always: bool = False) -> dict[int, Times]:
    """When each of them has time, from today on; one statement."""
    no_day, no_time = Cast(Value(None), DateField()), Cast(Value(None), SmallIntegerField())
    weekly = FreeTime.objects.filter(person__in=persons).values_list(
        "person_id", "weekday", "from_minute", "to_minute", no_day, no_day
    )
    aways = Away.objects.filter(person__in=persons, to_on__gte=timezone.localdate(at)).values_list(
        "person_id", no_time, no_time, no_time, "from_on", "to_on"
    )
    rows = list(weekly.union(aways, all=True))
    return {pk: _times((row for row in rows if row[0] == pk), is_always) for pk in persons}


def _times(rows: Iterable[tuple[Any, ...]], is_always: bool) -> Times:
    weekly: list[tuple[int, int, int]] = []
    away: list[tuple[date, date]] = []
    for _person, weekday, begin, end, first, last in rows:
        if first is None:
            weekly.append((weekday, begin, end))
        else:
            away.append((first, last))
    return Times(tuple(weekly), tuple(away), is_always)
