"""What is wrong with a set of cells: gaps, overlaps, homeless points, sizes outside the rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.frame import Frame, Json, as_shape, frame_of

ORDINARY_HOUSEHOLDS = (300, 500)  # source 002 and the usual city size of GB/T 34300
MICRO_HOUSEHOLDS = (30, 70)  # about 50
NOTICEABLE = 0.5  # square metres: thinner slivers are rounding


class Level(StrEnum):
    """An error breaks the tiling, a warning breaks a size rule, advice only says that it could be better."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True)
class Cell:
    """A cell to be checked: its code, kind (grid, exclusive, micro), GeoJSON outline in degrees and households."""

    code: str
    kind: str
    outline: Json
    households: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing found: gap, overlap, homeless, shared, outside, small or large; `amount` in m2 or households."""

    what: str
    level: Level
    codes: tuple[str, ...]
    amount: float
    lon: float | None = None
    lat: float | None = None


def check_tiling(
    cells: Sequence[Cell], whole: Json, points: Mapping[str, tuple[float, float]] | None = None
) -> list[Finding]:
    """Gaps inside the whole, cells sticking out of it, overlaps of two cells, and points in no cell or in several.

    `points` are (lon, lat) by name. Areas in square metres; slivers under half a square metre are rounding.
    """
    area = as_shape(whole)
    frame = frame_of(area)
    outer = frame.metric(area)
    shapes = [frame.metric(as_shape(cell.outline)) for cell in cells]
    united = shapely.union_all(shapes)
    findings = _pieces("gap", outer.difference(united), (), frame)
    findings += _pieces("outside", united.difference(outer), (), frame)
    findings += _overlaps(cells, shapes, frame)
    if points:
        findings += _points(cells, points)
    return findings


def _pieces(what: str, geometry: BaseGeometry, codes: tuple[str, ...], frame: Frame) -> list[Finding]:
    found = []
    for part in shapely.get_parts(geometry):
        if part.area >= NOTICEABLE:
            lon, lat = _spot(part, frame)
            found.append(Finding(what, Level.ERROR, codes, round(float(part.area), 1), lon, lat))
    return found


def _spot(geometry: BaseGeometry, frame: Frame) -> tuple[float, float]:
    """A position inside, in degrees."""
    point = geometry.representative_point()
    return frame.point(point.x, point.y)


def _overlaps(cells: Sequence[Cell], shapes: list[BaseGeometry], frame: Frame) -> list[Finding]:
    left, right = shapely.STRtree(shapes).query(np.array(shapes, dtype=object), predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    shared = shapely.intersection(np.array(shapes, dtype=object)[left], np.array(shapes, dtype=object)[right])
    found = []
    for at in np.flatnonzero(shapely.area(shared) >= NOTICEABLE):
        codes = (cells[left[at]].code, cells[right[at]].code)
        lon, lat = _spot(shared[at], frame)
        found.append(Finding("overlap", Level.ERROR, codes, round(float(shared[at].area), 1), lon, lat))
    return found


def _points(cells: Sequence[Cell], points: Mapping[str, tuple[float, float]]) -> list[Finding]:
    shapes = [as_shape(cell.outline) for cell in cells]
    names = list(points)
    spots = shapely.points(np.array([points[name] for name in names]))
    asked, inside = shapely.STRtree(shapes).query(spots, predicate="intersects")
    times = np.bincount(asked, minlength=len(names))
    found = []
    for i in np.flatnonzero(times != 1):
        codes = (names[i], *sorted(cells[j].code for j in inside[asked == i]))
        what = "homeless" if times[i] == 0 else "shared"
        lon, lat = points[names[i]]
        found.append(Finding(what, Level.ERROR, codes, float(times[i]), lon, lat))
    return found


def check_sizes(cells: Iterable[Cell]) -> list[Finding]:
    """Ordinary grids outside 300 to 500 households (warning), micro-grids far from 50 (advice); none for exclusive."""
    found = []
    rules = {"grid": (ORDINARY_HOUSEHOLDS, Level.WARNING), "micro": (MICRO_HOUSEHOLDS, Level.ADVICE)}
    for cell in cells:
        if cell.kind not in rules:
            continue
        (least, most), level = rules[cell.kind]
        if cell.households < least:
            found.append(Finding("small", level, (cell.code,), cell.households))
        elif cell.households > most:
            found.append(Finding("large", level, (cell.code,), cell.households))
    return found
