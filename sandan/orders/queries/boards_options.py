"""What the board's filters offer: places, items, holders and estates of a scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from sandan.intake.models import Category
from sandan.orders.queries.boards_scope import over
from sandan.places.models import Estate, Place

MOST = 300


@dataclass(frozen=True)
class Options:
    """Choices as (value, label); items in groups by department."""

    places: list[tuple[str, str]]
    items: list[tuple[str, list[tuple[str, str]]]]
    holders: list[tuple[int, str]]
    estates: list[tuple[int, str]]


def options(codes: Sequence[str], place: str) -> Options:
    """What can be chosen in these areas; estates only where one community is meant. Four statements at most."""
    community = place[:12] if len(place) >= 12 else codes[0][:12] if len(codes) == 1 and len(codes[0]) >= 12 else ""
    return Options(_places(codes, community), _items(), _holders(codes), _estates(community))


def _places(codes: Sequence[str], community: str) -> list[tuple[str, str]]:
    """The grids of one community, or the communities and streets of a larger area."""
    if community and codes[0] == community:
        kinds, inside = (Place.Kind.GRID, Place.Kind.EXCLUSIVE), Q(code__startswith=community)
    else:
        kinds, inside = (Place.Kind.STREET, Place.Kind.COMMUNITY), Q(pk__in=())
        for code in codes:
            inside |= Q(code__startswith=code)
    rows = Place.objects.current().filter(inside, kind__in=kinds).order_by("code").values_list("code", "name")
    return list(rows[:MOST])


def _items() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = Category.objects.filter(is_active=True, parent__isnull=False).order_by("code")
    for code, name, department in rows.values_list("code", "name", "department"):
        groups.setdefault(department, []).append((code, name))
    return list(groups.items())


def _holders(codes: Sequence[str]) -> list[tuple[int, str]]:
    """Who has open orders of these areas in hand."""
    rows = over(codes).filter(is_open=True, holder__isnull=False).order_by("holder__name_key", "holder")
    found = rows.values_list("holder", "holder__name", "holder__name_key").distinct()[:MOST]
    return [(pk, name) for pk, name, _key in found]


def _estates(community: str) -> list[tuple[int, str]]:
    if not community:
        return []
    return list(Estate.objects.filter(community=community).order_by("name_key").values_list("pk", "name")[:MOST])
