"""How somebody stands to a unit that reports in: overseer, clerk, the community it serves, the district's desk."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from sandan.people.models import Pair, Post, Role, Scheme, Unit, UnitCheckin
from sandan.people.queries.member_scope import KEEPERS, areas, inside, units

Side = Literal["overseer", "clerk", "community", "office"]
READERS = (Role.OVERSEER, Role.UNIT_CLERK, Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)


def overseen(posts: Iterable[Post]) -> tuple[str, ...]:
    """The areas whose units these posts oversee."""
    return areas(posts, (Role.OVERSEER,))


def in_ground(codes: Iterable[str], at: datetime) -> Q:
    """Units that serve a community of these areas now, or have it as their pair."""
    wanted = tuple(codes)
    serving = UnitCheckin.objects.live(at).filter(inside(wanted, "community__code")).values("unit")
    paired = Pair.objects.live(timezone.localdate(at)).filter(inside(wanted, "community__code")).values("unit")
    return Q(pk__in=serving) | Q(pk__in=paired)


def seen_by(posts: Iterable[Post], at: datetime) -> Q:
    """The units of the register that the holder of these posts may see."""
    held = tuple(posts)
    found = inside(overseen(held), "scope") | inside(areas(held, (Role.DISTRICT,)), "scope") | Q(pk__in=units(held))
    ground = areas(held, KEEPERS)
    return found | in_ground(ground, at) if ground else found


def sides(posts: Iterable[Post], unit: Unit, communities: Iterable[str] = ()) -> frozenset[Side]:
    """What these posts make their holder to a unit; `communities` are those it serves or is to serve."""
    held, found = tuple(posts), set[Side]()
    if any(unit.scope.startswith(code) for code in overseen(held)):
        found.add("overseer")
    if any(unit.scope.startswith(code) for code in areas(held, (Role.DISTRICT,))):
        found.add("office")
    if unit.pk in units(held):
        found.add("clerk")
    ground = areas(held, KEEPERS)
    if any(code.startswith(wider) for code in communities for wider in ground):
        found.add("community")
    return frozenset(found)


def schemes_in_force(on: date) -> tuple[Scheme, ...]:
    """All schemes in force on a day, the narrower area first; few rows."""
    return tuple(sorted(Scheme.objects.in_force(on), key=lambda scheme: (-len(scheme.scope), scheme.pk)))


def scheme_over(code: str, schemes: Iterable[Scheme]) -> Scheme | None:
    """The first of these schemes whose area lies around a place: its county's before its city's."""
    return next((scheme for scheme in schemes if code.startswith(scheme.scope)), None)
