"""The part of the hall a person can reach, found by index; what lies beyond it is only counted."""

from collections.abc import Collection
from math import cos, radians

from django.db.models import Q

from sandan.calc.ground.distance import EARTH_RADIUS_M
from sandan.intake.models import Category
from sandan.orders.models import Order, OrderQuerySet
from sandan.orders.queries import sql_board
from sandan.orders.queries.boards_counts import CAP
from sandan.orders.workflow import S
from sandan.people.models import Person

MARGIN = 1.001  # of the box around the circle: it may hold too much, never too little


def in_hall(counties: Collection[str], only: Collection[str] = ()) -> OrderQuerySet:
    """Open orders of these counties that members may grab, of some categories where `only` names them; none sealed."""
    found = Order.objects.open().filter(county__in=counties, state=S.OPEN, category__isnull=False)
    found = found.filter(category__in=only) if only else found
    return found.exclude(category__grab=Category.Grab.NO).exclude(privacy=Category.Privacy.SEALED)


def within(person: Person, counties: Collection[str], only: Collection[str] = ()) -> OrderQuerySet:
    """Those that ask for no other skill and lie in the box around the person's reach, the most pressing first."""
    return in_hall(counties, only).filter(_skilled(person), _near(person)).order_by("due_at", "pk")


def beyond(person: Person, counties: Collection[str], only: Collection[str] = ()) -> dict[str, int]:
    """How many of the others ask for other skills, and how many lie farther away, each up to CAP + 1; one statement."""
    skilled, near = _skilled(person), _near(person)
    there = in_hall(counties, only)
    others = [there.exclude(skilled), there.filter(skilled).exclude(near)]
    return dict(zip(("skill", "far"), sql_board.counts([found[: CAP + 1] for found in others]), strict=True))


def _skilled(person: Person) -> Q:
    return Q(category__skills=[]) | Q(category__skills__overlap=person.skills)


def _near(person: Person) -> Q:
    """In the box, in the home grid, or nobody knows where; each of the three has its index."""
    if person.lon is None or person.lat is None:
        return Q(pk__isnull=False)
    tall = person.reach_metres / radians(EARTH_RADIUS_M) * MARGIN
    wide = tall / cos(radians(person.lat))
    box = Q(lon__range=(person.lon - wide, person.lon + wide), lat__range=(person.lat - tall, person.lat + tall))
    home = Q(grid=person.home_id, community=person.home_id[:12]) if person.home_id else Q(pk__in=[])
    return box | Q(lon=None) | home
