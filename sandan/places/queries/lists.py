"""Lists for pages: the register of a county, outlines for the map, findings about its cells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from sandan.calc import ground
from sandan.calc.ground import Cell, Finding, Level
from sandan.places.models import Building, Estate, Place, PlaceChange

Kind = Place.Kind
STANDS = Q(buildings__valid_to__isnull=True)


@dataclass(frozen=True)
class RegisterLine:
    """A community or street with the counts below it."""

    place: Place
    grids: int
    exclusive: int
    micro: int
    estates: int
    households: int


@dataclass(frozen=True)
class Register:
    """A county's streets, each with its communities, and the sums."""

    county: Place
    streets: tuple[tuple[RegisterLine, tuple[RegisterLine, ...]], ...]
    total: RegisterLine


def counties() -> QuerySet[Place]:
    """The counties of this installation, by code."""
    return Place.objects.filter(kind=Kind.COUNTY).defer("outline").order_by("code")


def takes_orders(code: str) -> bool:
    """Whether the community around a place code is switched on; False for an unknown one."""
    return Place.objects.filter(code=code[:12], kind=Kind.COMMUNITY, takes_orders=True).exists()


def county_register(county: Place) -> Register:
    """Streets and communities with how many grids, exclusive grids, micro-grids, estates and households each has.

    Five queries, whatever the size.
    """
    places = list(
        Place.objects.current().within(county.code).filter(kind__in=(Kind.STREET, Kind.COMMUNITY)).defer("outline")
    )
    cells = _counts(county.code)
    estates = dict(
        Estate.objects.current().filter(community__code__startswith=county.code)
        .values("community_id").annotate(n=Count("id")).values_list("community_id", "n")
    )  # fmt: skip
    homes = dict(
        Building.objects.current().filter(estate__community__code__startswith=county.code)
        .values("estate__community_id").annotate(n=Sum("households")).values_list("estate__community_id", "n")
    )  # fmt: skip

    def line(place: Place) -> RegisterLine:
        def total(counts: Mapping[str, int]) -> int:
            return sum(n for code, n in counts.items() if code.startswith(place.code))

        grids, exclusive, micro = (total(cells[kind]) for kind in (Kind.GRID, Kind.EXCLUSIVE, Kind.MICRO))
        return RegisterLine(place, grids, exclusive, micro, total(estates), total(homes))

    communities = [line(p) for p in sorted(places, key=lambda p: p.code) if p.kind == Kind.COMMUNITY]
    streets = tuple(
        (line(street), tuple(c for c in communities if c.place.code.startswith(street.code)))
        for street in sorted((p for p in places if p.kind == Kind.STREET), key=lambda p: p.code)
    )
    return Register(county, streets, line(county))


def named(found: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """Findings about sizes with the full name of the grid: community, then grid."""
    names = dict(Place.objects.filter(code__in={code for f in found for code in f.codes}).values_list("code", "name"))
    upper = dict(Place.objects.filter(code__in={code[:12] for code in names}).values_list("code", "name"))
    return [(f, f"{upper.get(f.codes[0][:12], '')} {names.get(f.codes[0], '')}".strip()) for f in found]


def community_page(community: Place) -> dict[str, Any]:
    """What the page of a community shows: grids, exclusive grids, estates, history. Five queries."""
    cells = Place.objects.current().within(community.code).defer("outline").order_by("code")
    micro = Counter(cells.filter(kind=Kind.MICRO).values_list("parent_id", flat=True))
    grids = list(cells.filter(kind=Kind.GRID))
    sizes = ground.check_sizes(Cell(g.code, g.kind, {}, g.households) for g in grids)
    size_of = {f.codes[0]: f.what for f in sizes}
    estates = (
        Estate.objects.current()
        .filter(community=community)
        .annotate(size=Count("buildings", filter=STANDS), homes=Sum("buildings__households", filter=STANDS))
    )
    return {
        "grids": [(grid, micro[grid.code], size_of.get(grid.code, "")) for grid in grids],
        "exclusive": list(cells.filter(kind=Kind.EXCLUSIVE)),
        "estates": list(estates.order_by("name_key")),
        "history": list(history(community.code)),
    }


def building_labels(estate: int, county: str) -> list[str]:
    """The labels of an estate's buildings, in the order they were numbered; empty outside the county."""
    rows = Building.objects.current().filter(estate_id=estate, estate__community__code__startswith=county)
    return list(rows.order_by("id").values_list("label", flat=True))


def _counts(county: str) -> dict[str, dict[str, int]]:
    """How many current cells of each kind a community has."""
    found: dict[str, dict[str, int]] = {Kind.GRID: {}, Kind.EXCLUSIVE: {}, Kind.MICRO: {}}
    codes = Place.objects.current().within(county).filter(kind__in=list(found)).values_list("code", "kind")
    for code, kind in codes:
        found[kind][code[:12]] = found[kind].get(code[:12], 0) + 1
    return found


def _cells(county: str, kinds: tuple[str, ...]) -> Iterator[Cell]:
    rows = Place.objects.current().within(county).filter(kind__in=kinds).order_by("code")
    for code, kind, outline, households in rows.values_list("code", "kind", "outline", "households"):
        if outline is not None:
            yield Cell(code, kind, outline, households)


def findings(county: Place, level: Level | None = None) -> list[Finding]:
    """What is wrong with a county's ordinary grids (gaps, overlaps, homeless buildings) and with the sizes of cells.

    With `level` WARNING or ADVICE only the sizes are looked at, without geometry. Nothing where no grid is drawn.
    """
    if level is not None:
        kinds: tuple[str, ...] = (Kind.GRID,) if level is Level.WARNING else (Kind.MICRO,)
        rows = Place.objects.current().within(county.code).filter(kind__in=kinds).order_by("code")
        told = rows.values_list("code", "kind", "households")
        return ground.check_sizes(Cell(code, kind, {}, households) for code, kind, households in told)
    grids = list(_cells(county.code, (Kind.GRID,)))
    if not grids or county.outline is None:
        return []
    buildings = Building.objects.current().filter(estate__community__code__startswith=county.code)
    points = {f"b{pk}": (lon, lat) for pk, lon, lat in buildings.values_list("id", "lon", "lat")}
    sizes = [*grids, *_cells(county.code, (Kind.MICRO,))]
    return ground.check_tiling(grids, county.outline, points) + ground.check_sizes(sizes)


def outlines(county: str, kind: str) -> dict[str, Any]:
    """A GeoJSON collection for the map: the outlines of one kind, or the buildings as points; six digits of a degree.

    Properties: code, name, households, origin; for exclusive grids sort; for buildings the estate's name and the label.
    """
    if kind == "building":
        return {"type": "FeatureCollection", "features": list(_houses(county))}
    rows = Place.objects.current().within(county).filter(kind=kind).exclude(outline=None).order_by("code")
    fields = ("code", "name", "households", "origin", "sort", "lon", "lat", "outline")
    features = []
    for code, name, households, origin, sort, lon, lat, outline in rows.values_list(*fields):
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": code, "name": name, "households": households, "origin": origin, "sort": sort,
                    "lon": round(lon or 0, 6), "lat": round(lat or 0, 6),
                },
                "geometry": ground.rounded(outline, 6),
            }
        )  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _houses(county: str) -> Iterator[dict[str, Any]]:
    rows = Building.objects.current().filter(estate__community__code__startswith=county).order_by("id")
    fields = ("lon", "lat", "label", "households", "estate__name", "estate__building_word")
    for lon, lat, label, households, estate, word in rows.values_list(*fields):
        yield {
            "type": "Feature",
            "properties": {"name": f"{estate}{label}{word}", "label": label, "households": households},
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        }


def history(code: str) -> QuerySet[PlaceChange]:
    """Splits, merges and their undoing below a place code, the newest first."""
    told = Q(old_codes__0__startswith=code) | Q(communities__contains=[code[:12]])
    return PlaceChange.objects.filter(told).select_related("by", "ground_import").order_by("-id")


def next_number(community: str, kind: str) -> int:
    """The next number for a grid of a community that no grid ever had: codes are never used twice."""
    used = Place.objects.within(community).filter(kind=kind).aggregate(last=Max("code"))["last"]
    return int(used[12:15]) + 1 if used else (901 if kind == Kind.EXCLUSIVE else 1)
