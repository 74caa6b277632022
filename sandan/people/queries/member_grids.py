"""Which grid is mine: found by the name of a yard or an address, or chosen from those of a community."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sandan.people.queries import member_scope
from sandan.places import queries as ground
from sandan.places.models import Building, Place

GRIDS = (Place.Kind.GRID, Place.Kind.EXCLUSIVE)
MOST = 12
ESTATES_NAMED = 3


@dataclass(frozen=True)
class GridChoice:
    """A grid to choose: its code and name, its community, a few yards that lie in it."""

    code: str
    name: str
    community: str
    estates: tuple[str, ...]


def grid(code: str) -> Place | None:
    """The grid in use of that code, or None."""
    return Place.objects.current().filter(code=code, kind__in=GRIDS).defer("outline").first()


def search(text: str, county: str) -> list[GridChoice]:
    """Grids that an address or the name of a yard leads to, the surest first; two statements."""
    wanted = [found.grid_code for found in ground.resolve(text, county) if found.grid_code]
    estates = [estate.id for estate in ground.suggest(text, county, limit=6)]
    houses = Building.objects.current().filter(estate__in=estates, grid__isnull=False)
    by_estate: dict[int, set[str]] = defaultdict(set)
    for estate, code in houses.values_list("estate_id", "grid_id").distinct():
        by_estate[estate].add(str(code))
    wanted += [code for estate in estates for code in sorted(by_estate[estate])]
    return _choices(list(dict.fromkeys(wanted))[:MOST])


def of_community(community: str) -> list[GridChoice]:
    """All grids of a community, in the order of their codes."""
    rows = Place.objects.current().within(community).filter(kind__in=GRIDS).order_by("code")
    return _choices(list(rows.values_list("code", flat=True)))


def _choices(codes: Sequence[str]) -> list[GridChoice]:
    rows = Place.objects.current().filter(code__in=codes, kind__in=GRIDS).select_related("parent").defer("outline")
    known = {row.code: row for row in rows.defer("outline", "parent__outline")}
    estates = _estates(codes)
    return [
        GridChoice(code, known[code].name, known[code].parent.name if known[code].parent else "", estates[code])  # type: ignore[union-attr]
        for code in codes
        if code in known
    ]


def _estates(codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = defaultdict(list)
    rows = Building.objects.current().filter(grid__in=codes).order_by("grid_id", "estate__name_key")
    for code, name in rows.values_list("grid_id", "estate__name").distinct():
        names[str(code)].append(name)
    return defaultdict(tuple, {code: tuple(found[:ESTATES_NAMED]) for code, found in names.items()})


def communities(codes: Collection[str]) -> list[Place]:
    """The communities inside these areas, by name."""
    rows = Place.objects.current().filter(member_scope.inside(codes, "code"), kind=Place.Kind.COMMUNITY)
    return list(rows.defer("outline").order_by("name_key"))


def grid_names(codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The names of grids and of their communities by the grid's code; one statement."""
    wanted = {code for grid in codes for code in (grid, grid[:12])}
    names = dict(Place.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: (names.get(code, code), names.get(code[:12], "")) for code in codes}


def micro_grids(code: str) -> list[Place]:
    """The micro-grids of a grid: what a member can take charge of."""
    return list(Place.objects.current().filter(parent=code, kind=Place.Kind.MICRO).defer("outline").order_by("code"))
