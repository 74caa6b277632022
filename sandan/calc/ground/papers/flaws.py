"""What a planned tiling would look like: gaps, overlaps, cells outside their community, houses without a grid."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.frame import Frame, Json, as_json, as_shape, frame_of, polygonal
from sandan.calc.ground.tiling import NOTICEABLE, Cell, check_sizes

LEAST_M2 = NOTICEABLE  # square metres: what is smaller comes from rounding and is not reported
DRAWN_DIGITS = 7
MILLIMETRE = 0.001


@dataclass(frozen=True)
class Flaw:
    """One remark about a plan: gap, overlap, outside, stray, homeless, no_outline, small, large or alias.

    `codes` are the cells concerned, `amount` square metres or households, `outline` the piece of ground itself.
    """

    what: str
    codes: tuple[str, ...]
    amount: float = 0.0
    lon: float | None = None
    lat: float | None = None
    outline: Json | None = None


def tiling_flaws(cells: Sequence[Cell], wholes: Mapping[str, Json | None], touched: set[str]) -> list[Flaw]:
    """Gaps, outsides and overlaps of the ordinary grids of the communities `touched`, micro-grids outside their grid.

    `cells` are all grids and micro-grids with an outline as they would be; `wholes` the outlines of communities, None
    where only an invented one is known: then a gap is what the grids enclose and none covers.
    """
    if not cells:
        return []
    frame = frame_of(shapely.box(*shapely.total_bounds([as_shape(cell.outline) for cell in cells])))
    shapes = {cell.code: _metric(frame, cell.outline) for cell in cells}
    grids: dict[str, list[str]] = {}
    for cell in cells:
        if cell.kind == "grid":
            grids.setdefault(cell.code[:12], []).append(cell.code)
    found: list[Flaw] = []
    for community in sorted(touched & set(grids)):
        found += _community_flaws(community, [shapes[code] for code in grids[community]], wholes.get(community), frame)
    found += _overlaps(sorted(code for codes in grids.values() for code in codes), shapes, touched, frame)
    found += _strays([cell.code for cell in cells if cell.kind == "micro"], shapes, touched, frame)
    return found


def _metric(frame: Frame, outline: Json) -> BaseGeometry:
    """In metres on a lattice of millimetres, so that neighbours whose corners differ by a breath leave no hair."""
    return shapely.set_precision(frame.metric(as_shape(outline)), MILLIMETRE)


def _community_flaws(community: str, grids: list[BaseGeometry], whole: Json | None, frame: Frame) -> Iterator[Flaw]:
    united = shapely.union_all(grids)
    outer = _metric(frame, whole) if whole else _filled(united)
    yield from _pieces("gap", (community,), outer.difference(united), frame)
    yield from _pieces("outside", (community,), united.difference(outer), frame)


def _filled(united: BaseGeometry) -> BaseGeometry:
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(polygonal(united))])


def _pieces(what: str, codes: tuple[str, ...], geometry: BaseGeometry, frame: Frame) -> Iterator[Flaw]:
    for part in shapely.get_parts(geometry):
        if part.area >= LEAST_M2:
            spot = part.representative_point()
            lon, lat = frame.point(spot.x, spot.y)
            yield Flaw(what, codes, round(float(part.area), 1), lon, lat, as_json(frame.degrees(part), DRAWN_DIGITS))


def _overlaps(codes: list[str], shapes: Mapping[str, BaseGeometry], touched: set[str], frame: Frame) -> Iterator[Flaw]:
    areas = np.array([shapes[code] for code in codes], dtype=object)
    left, right = shapely.STRtree(areas).query(areas, predicate="intersects")
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a < b and {codes[a][:12], codes[b][:12]} & touched:
            yield from _pieces("overlap", (codes[a], codes[b]), shapely.intersection(areas[a], areas[b]), frame)


def _strays(codes: list[str], shapes: Mapping[str, BaseGeometry], touched: set[str], frame: Frame) -> Iterator[Flaw]:
    for code in codes:
        if code[:12] in touched and code[:15] in shapes:
            out = shapely.difference(shapes[code], shapes[code[:15]])
            if out.area >= LEAST_M2:
                yield from _pieces("stray", (code,), out, frame)


def size_flaws(cells: Iterable[Cell]) -> list[Flaw]:
    """Ordinary grids outside 300 to 500 households, micro-grids far from 50."""
    return [Flaw(found.what, found.codes, found.amount) for found in check_sizes(cells)]


def alias_flaws(estates: Iterable[tuple[str, str, Sequence[str]]]) -> list[Flaw]:
    """Names that would mean two estates of one community; `estates` are (community, name, aliases)."""
    meant: dict[tuple[str, str], Counter[str]] = {}
    for community, name, aliases in estates:
        for word in {name, *aliases}:
            meant.setdefault((community, word), Counter())[name] += 1
    return [
        Flaw("alias", (community, word, *sorted(names)), len(names))
        for (community, word), names in sorted(meant.items())
        if len(names) > 1
    ]
