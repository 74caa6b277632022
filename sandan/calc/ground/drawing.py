"""An invented county for demonstration: estates with buildings, ordinary grids, micro-grids and exclusive grids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import pi
from random import Random

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.coverage import node_coverage
from sandan.calc.ground.cutting import Side, apportion, lattice, partition
from sandan.calc.ground.frame import Array, Frame, Json, as_json, as_shape, frame_of
from sandan.calc.ground.names import KINDS, NameGiver

GRID_HOUSEHOLDS = (318, 425)  # what the buildings of a community are planned for, a grid


@dataclass(frozen=True)
class DrawnBuilding:
    """A building in its estate (index), with the code of the ordinary grid and micro-grid around it."""

    estate: int
    label: str
    unit_count: int
    floors: int
    households: int
    lon: float
    lat: float
    grid: str
    micro: str


@dataclass(frozen=True)
class DrawnEstate:
    """An estate of a community."""

    community: str
    name: str
    aliases: tuple[str, ...]
    word: str
    lon: float
    lat: float


@dataclass(frozen=True)
class DrawnSpot:
    """A street or a place where people meet."""

    community: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    lon: float
    lat: float


@dataclass(frozen=True)
class DrawnCell:
    """A grid, exclusive grid or micro-grid; `sort` is market, school, firm or building for an exclusive one."""

    code: str
    kind: str
    name: str
    households: int
    outline: Json
    sort: str = ""


@dataclass(frozen=True)
class Drawing:
    """All of it; `upper` are the outlines of communities, streets and county with the new corners on their borders."""

    cells: tuple[DrawnCell, ...]
    estates: tuple[DrawnEstate, ...]
    buildings: tuple[DrawnBuilding, ...]
    spots: tuple[DrawnSpot, ...]
    upper: Mapping[str, Json]


@dataclass
class _Sketch:
    """What is drawn so far, in metres."""

    frame: Frame
    names: NameGiver
    rng: Random
    estates: list[DrawnEstate] = field(default_factory=list)
    buildings: list[DrawnBuilding] = field(default_factory=list)
    spots: list[DrawnSpot] = field(default_factory=list)
    micro: dict[str, BaseGeometry] = field(default_factory=dict)
    exclusive: list[tuple[str, str, str, BaseGeometry]] = field(default_factory=list)


@dataclass(frozen=True)
class _House:
    estate: int
    label: str
    units: int
    floors: int
    households: int
    x: float
    y: float


def draw_county(communities: Mapping[str, Json], ordinary: int, exclusive: int, micro: int, seed: int) -> Drawing:
    """Fill a county's communities (outline by 12-digit code); the three counts are kept exactly.

    The same seed gives the same drawing. ValueError when there are fewer grids than communities, or fewer micro-grids
    than grids.
    """
    codes = sorted(communities)
    if not len(codes) <= ordinary <= micro:
        raise ValueError("every community needs a grid and every grid a micro-grid")
    rng = Random(f"{seed} {codes[0]}")  # noqa: S311 - a drawing, not a secret
    shapes = {code: as_shape(communities[code]) for code in codes}
    frame = frame_of(shapely.union_all(list(shapes.values())))
    sketch = _Sketch(frame, NameGiver(f"{seed} names {codes[0]}"), rng)
    grids = apportion(ordinary, [rng.uniform(0.75, 1.25) for _ in codes], least=1)
    special = apportion(exclusive, [rng.uniform(0.5, 1.5) for _ in codes])
    extra = apportion(micro - ordinary, [float(n) for n in grids])
    for code, grid_count, special_count, more in zip(codes, grids, special, extra, strict=True):
        _community(sketch, code, frame.metric(shapes[code]), (grid_count, special_count, grid_count + more))
    return _finish(sketch)


def _community(sketch: _Sketch, code: str, polygon: BaseGeometry, counts: tuple[int, int, int]) -> None:
    grid_count, special_count, micro_count = counts
    houses = _build(sketch, code, polygon, grid_count)
    xy = np.array([(h.x, h.y) for h in houses])
    weight = np.array([float(h.households) for h in houses])
    sides = partition(polygon, xy, weight, [1.0] * grid_count, sketch.rng)
    shares = apportion(micro_count, [sum(houses[i].households for i in side.members) for side in sides], least=1)
    for number, (side, parts) in enumerate(zip(sides, shares, strict=True), start=1):
        _grid(sketch, f"{code}{number:03d}", side, parts, houses)
    _specials(sketch, code, polygon, special_count)
    _spots(sketch, code, polygon)


def _grid(sketch: _Sketch, grid: str, side: Side, parts: int, houses: Sequence[_House]) -> None:
    inside = [houses[i] for i in side.members]
    xy = np.array([(h.x, h.y) for h in inside]).reshape(-1, 2)
    weight = np.array([float(h.households) for h in inside])
    for number, cell in enumerate(partition(side.polygon, xy, weight, [1.0] * parts, sketch.rng), start=1):
        code = f"{grid}{number:02d}"
        sketch.micro[code] = cell.polygon
        for house in (inside[i] for i in cell.members):
            lon, lat = sketch.frame.point(house.x, house.y)
            size = (house.units, house.floors, house.households)
            sketch.buildings.append(DrawnBuilding(house.estate, house.label, *size, lon, lat, grid, code))


def _build(sketch: _Sketch, code: str, polygon: BaseGeometry, grid_count: int) -> list[_House]:
    """Estates and buildings of a community for about 370 households a grid."""
    rng = sketch.rng
    plan = int(grid_count * rng.uniform(*GRID_HOUSEHOLDS))
    count = max(2, round(grid_count * rng.uniform(0.7, 1.0)))
    plans = apportion(plan, [rng.uniform(0.5, 1.5) for _ in range(count)], least=20)
    yards = partition(polygon, np.zeros((0, 2)), np.zeros(0), [float(p) for p in plans], rng)
    houses: list[_House] = []
    for yard, wanted in zip(yards, plans, strict=True):
        sizes = _sizes(wanted, rng)
        spots = _plots(yard.polygon, len(sizes), rng)
        name = sketch.names.estate()
        at = len(sketch.estates)
        middle = spots.mean(axis=0)
        lon, lat = sketch.frame.point(float(middle[0]), float(middle[1]))
        sketch.estates.append(DrawnEstate(code, name.name, name.aliases, name.word, lon, lat))
        for number, (size, spot) in enumerate(zip(sizes, spots, strict=True), start=1):
            houses.append(_House(at, str(number), *size, float(spot[0]), float(spot[1])))
    return houses


def _sizes(households: int, rng: Random) -> list[tuple[int, int, int]]:
    """Units, floors and households of an estate's buildings, all of one type, adding up to about the plan."""
    kind = rng.random()
    if kind < 0.6:
        units, floors, doors = rng.choice((2, 3, 4)), rng.choice((5, 6)), 2
    elif kind < 0.85:
        units, floors, doors = rng.choice((1, 2)), rng.choice((9, 11)), 2
    else:
        units, floors, doors = 1, rng.choice((18, 24)), rng.choice((2, 3))
    each = units * floors * doors
    count = max(1, round(households / (each * 0.95)))
    return [(units, floors, each - rng.randrange(0, each // 10 + 1)) for _ in range(count)]


def _plots(yard: BaseGeometry, count: int, rng: Random) -> Array:
    """Where the buildings of a yard stand: in rows, well inside, as an array of shape (count, 2)."""
    inner: BaseGeometry = yard.buffer(-min(25.0, yard.area**0.5 / 8))
    inner = yard if inner.is_empty else inner
    turn = rng.uniform(-0.2, 0.2)
    for more in (1.3, 2.0, 4.0, 8.0):
        spots = lattice(inner, int(count * more) + 1, turn)
        if len(spots) >= count:
            first = rng.randrange(len(spots) - count + 1)
            return spots[first : first + count]
    raise ValueError("a yard is too small for its buildings")


def _specials(sketch: _Sketch, code: str, polygon: BaseGeometry, count: int) -> None:
    """Exclusive grids as turned squares inside the community, none over another."""
    rng = sketch.rng
    side = min(90.0, (polygon.area / max(count, 1)) ** 0.5 / 3)
    sites = [tuple(spot) for spot in lattice(polygon, count * 4 + 4, rng.uniform(0, pi))]
    rng.shuffle(sites)
    taken: list[BaseGeometry] = []
    for x, y in sites:
        if len(taken) == count:
            return
        ring: BaseGeometry = shapely.Point(x, y).buffer(side * rng.uniform(0.5, 0.8), quad_segs=1)
        plot = ring.intersection(polygon)
        if plot.geom_type != "Polygon" or any(plot.intersects(other) for other in taken):
            continue
        taken.append(plot)
        sort = KINDS[rng.randrange(4)][0]
        name = sketch.names.special(sort)
        sketch.exclusive.append((f"{code}{900 + len(taken):03d}", name, sort, plot))
        lon, lat = sketch.frame.point(plot.centroid.x, plot.centroid.y)
        sketch.spots.append(DrawnSpot(code, name, "point", (), lon, lat))
    if len(taken) < count:
        raise ValueError(f"there is no room for {count} exclusive grids in {code}")


def _spots(sketch: _Sketch, code: str, polygon: BaseGeometry) -> None:
    """Two streets and a place to meet."""
    sites = lattice(polygon, 12, sketch.rng.uniform(0, pi))
    for kind in ("point", "road", "road"):
        x, y = sites[sketch.rng.randrange(len(sites))]
        name, aliases = sketch.names.road() if kind == "road" else (sketch.names.point(), ())
        lon, lat = sketch.frame.point(float(x), float(y))
        sketch.spots.append(DrawnSpot(code, name, kind, aliases, lon, lat))


def _finish(sketch: _Sketch) -> Drawing:
    covered = node_coverage({code: sketch.frame.degrees(cell) for code, cell in sketch.micro.items()})
    counts: dict[str, int] = {}
    for house in sketch.buildings:
        for code in (house.grid, house.micro):
            counts[code] = counts.get(code, 0) + house.households
    cells = [
        DrawnCell(code, "grid", f"第{int(code[12:])}网格", counts.get(code, 0), as_json(shape))
        for code, shape in sorted(covered.joined(lambda c: c[:15]).items())
    ]
    cells += [
        DrawnCell(
            code, "micro", f"第{int(code[12:15])}网格{int(code[15:])}号微网格", counts.get(code, 0), as_json(shape)
        )
        for code, shape in sorted(covered.cells.items())
    ]
    cells += [
        DrawnCell(code, "exclusive", f"{name}专属网格", 0, as_json(sketch.frame.degrees(shape)), sort)
        for code, name, sort, shape in sketch.exclusive
    ]
    upper = covered.joined(lambda c: c[:6]) | covered.joined(lambda c: c[:9]) | covered.joined(lambda c: c[:12])
    outlines = {code: as_json(shape) for code, shape in upper.items()}
    buildings = sorted(sketch.buildings, key=lambda b: (b.estate, int(b.label)))
    return Drawing(tuple(cells), tuple(sketch.estates), tuple(buildings), tuple(sketch.spots), outlines)
