"""How many positions a second find their grid, beside the plain loop over all grids."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.frame import as_shape
from sandan.calc.ground.index import GroundIndex
from sandan.places.models import Place

MANY, FEW = 400_000, 400  # positions asked of the index, and of the loop
SEED = 853


class Disagree(RuntimeError):
    """The index and the plain loop put a position into different grids."""


@dataclass(frozen=True)
class Points:
    """Positions a second of CPU, which both put into the same grids."""

    grids: int
    indexed: float
    looped: float

    def line(self) -> dict[str, object]:
        """As the bounds read it."""
        return {
            "path": "points", "concurrency": 1, "grids": self.grids, "a_second": self.indexed,
            "looped_a_second": self.looped,
        }  # fmt: skip

    def __str__(self) -> str:
        return (
            f"point to grid, {self.grids} grids: {self.indexed:,.0f} a second by the index, "
            f"{self.looped:,.0f} by a loop over all grids; the same answers"
        )


def measure(county: str) -> Points:
    """Random positions inside the county's grids; the median of three runs. Raises Disagree."""
    rows = Place.objects.filter(code__startswith=county, kind=Place.Kind.GRID, valid_to=None).order_by("code")
    cells = [(row.code, row.kind, row.outline) for row in rows.only("code", "kind", "outline") if row.outline]
    shapes = [as_shape(outline) for _code, _kind, outline in cells]
    index, spots = GroundIndex(cells), _inside(shapes)
    rates = sorted(len(spots) / _seconds(index, spots) for _ in range(3))
    began = process_time()
    looped = [_loop(shapes, Point(*spot)) for spot in spots[:FEW]]
    rate = FEW / (process_time() - began)
    if index.grids(spots[:FEW]).tolist() != looped:
        raise Disagree("points: the index and the loop over all grids name different ones.")
    return Points(len(cells), rates[1], rate)


def _inside(shapes: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    west, south, east, north = shapely.total_bounds(shapes)
    random = np.random.default_rng(SEED)
    spots = np.column_stack([random.uniform(west, east, MANY * 4), random.uniform(south, north, MANY * 4)])
    whole = shapely.union_all(shapes)
    shapely.prepare(whole)
    return spots[shapely.contains_xy(whole, spots)][:MANY]


def _seconds(index: GroundIndex, spots: NDArray[np.float64]) -> float:
    began = process_time()
    index.grids(spots)
    return process_time() - began


def _loop(shapes: Sequence[BaseGeometry], point: BaseGeometry) -> int:
    return next((place for place, shape in enumerate(shapes) if shape.intersects(point)), -1)
