"""What a split or a merge would make of a grid and its micro-grids, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.coverage import node_coverage
from sandan.calc.ground.cutting import rejoin, split_by_line
from sandan.calc.ground.frame import DEGREE, Frame, Json, as_json, as_shape, frame_of, polygonal

LEAST_MICRO = 200.0  # square metres: a smaller piece of a micro-grid joins its neighbour


@dataclass(frozen=True)
class GridPlan:
    """A grid to be: its outline and those of its micro-grids, which tile it exactly."""

    outline: Json
    micro: tuple[Json, ...]


def plan_split(grid: Json, micro: Sequence[Json], line: Sequence[tuple[float, float]]) -> list[GridPlan]:
    """The pieces a line (lon, lat) cuts a grid into, the northern first; one piece when it does not cross the grid."""
    whole = as_shape(grid)
    frame = frame_of(whole)
    pieces = split_by_line(frame.metric(whole), LineString([_metric(frame, spot) for spot in line]))
    pieces.sort(key=lambda piece: (-piece.centroid.y, piece.centroid.x))
    cells = [frame.metric(as_shape(outline)) for outline in micro]
    parts = {
        f"{at} {n:02d}": frame.degrees(part)
        for at, piece in enumerate(pieces)
        for n, part in enumerate(_shares(piece, cells))
    }
    return _plans(parts, len(pieces))


def plan_merge(grids: Sequence[Json], micro: Sequence[Json]) -> GridPlan | None:
    """Several grids as one with all their micro-grids; None when they do not lie together."""
    parts = {f"0 {n:02d}": as_shape(outline) for n, outline in enumerate(micro or grids)}
    (plan,) = _plans(parts, 1)
    return plan if plan.outline["type"] == "Polygon" else None


def _metric(frame: Frame, spot: tuple[float, float]) -> tuple[float, float]:
    return (spot[0] - frame.lon) * frame.east, (spot[1] - frame.lat) * DEGREE


def _shares(piece: BaseGeometry, cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The cells inside a piece, crumbs joined to their neighbours; the piece itself when there are none."""
    inside = [polygonal(cell.intersection(piece)) for cell in cells]
    parts = [part for cell in inside for part in shapely.get_parts(cell) if part.area > 0.01]
    return rejoin(parts or [piece], LEAST_MICRO)


def _plans(parts: dict[str, BaseGeometry], count: int) -> list[GridPlan]:
    """Node all parts together and unite them again by the number before the blank."""
    covered = node_coverage(parts)
    wholes = covered.joined(lambda key: key.partition(" ")[0])
    plans = []
    for at in range(count):
        own = [as_json(part) for key, part in covered.cells.items() if key.startswith(f"{at} ")]
        plans.append(GridPlan(as_json(wholes[str(at)]), tuple(own)))
    return plans
