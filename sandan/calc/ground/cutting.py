"""Cutting polygons in metres: balanced bisection into cells, a cut by a drawn line, and joining cells again."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin, sqrt
from random import Random

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.frame import Array, polygonal

Index = NDArray[np.intp]
FAR = 1e7  # metres: beyond any county


@dataclass(frozen=True)
class Side:
    """One cell of a partition: its polygon and the indexes of the points inside."""

    polygon: BaseGeometry
    members: tuple[int, ...]


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Whole shares of `total` in proportion to the weights, at least `least` each; largest remainders first."""
    spare = total - least * len(weights)
    if spare < 0:
        raise ValueError("there is not enough to give everybody the least share")
    whole = sum(weights) or 1.0
    exact = [spare * weight / whole for weight in weights]
    shares = [least + int(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def lattice(polygon: BaseGeometry, count: int, turn: float = 0.0) -> Array:
    """About `count` points spread evenly inside a polygon, row by row, as an array of shape (n, 2); at least one."""
    shapely.prepare(polygon)
    west, south, east, north = polygon.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    reach = sqrt((east - west) ** 2 + (north - south) ** 2) / 2
    step = sqrt(polygon.area / max(count, 1))
    line = np.arange(-ceil(reach / step), ceil(reach / step) + 1) * step
    y, x = np.meshgrid(line, line, indexing="ij")
    spots = np.column_stack(
        [x.ravel() * cos(turn) - y.ravel() * sin(turn), x.ravel() * sin(turn) + y.ravel() * cos(turn)]
    )
    spots = spots + middle
    inside = spots[shapely.contains_xy(polygon, spots[:, 0], spots[:, 1])]
    if len(inside):
        return np.asarray(inside, dtype=np.float64)
    point = polygon.representative_point()
    return np.array([[point.x, point.y]])


def partition(polygon: BaseGeometry, xy: Array, weight: Array, shares: Sequence[float], rng: Random) -> list[Side]:
    """Cut a polygon into one cell a share, the weight of the points inside being in proportion to the shares.

    Points on no cut line: each lies strictly inside one cell. A lattice of nearly weightless points is
    added so that a polygon with fewer points than shares is cut by area.
    """
    spread = lattice(polygon, 24 * len(shares), rng.uniform(0, pi))
    light = max(float(weight.sum()), 1.0) * 0.02 / len(spread)
    points = np.vstack([xy, spread]) if len(xy) else spread
    weights = np.concatenate([weight, np.full(len(spread), light)])
    cells = _cut(polygon, points, weights, np.arange(len(points)), list(shares), rng)
    return [Side(cell, tuple(int(i) for i in members if i < len(xy))) for cell, members in cells]


def _cut(
    polygon: BaseGeometry, xy: Array, weight: Array, members: Index, shares: list[float], rng: Random
) -> list[tuple[BaseGeometry, Index]]:
    if len(shares) == 1:
        return [(polygon, members)]
    half = _middle(shares)
    part = sum(shares[:half]) / sum(shares)
    left, right = _best_cut(polygon, xy[members], weight[members], part, rng)
    shapely.prepare(left)
    on_left = shapely.contains_xy(left, xy[members, 0], xy[members, 1])
    return _cut(left, xy, weight, members[on_left], shares[:half], rng) + _cut(
        right, xy, weight, members[~on_left], shares[half:], rng
    )


def _middle(shares: list[float]) -> int:
    """Where a list of shares is best cut in two."""
    sums = np.cumsum(shares)
    return int(np.argmin(np.abs(sums[:-1] - sums[-1] / 2))) + 1


def _best_cut(
    polygon: BaseGeometry, xy: Array, weight: Array, part: float, rng: Random
) -> tuple[BaseGeometry, BaseGeometry]:
    """The first of some directions across the polygon that leaves two whole pieces, else the least broken."""
    along = _long_axis(polygon) + rng.uniform(-0.2, 0.2)
    best: tuple[int, BaseGeometry, BaseGeometry] | None = None
    for turn in (0.0, pi / 2, pi / 4, -pi / 4):
        left, right = _halves(polygon, along + turn, _offset(xy, weight, part, along + turn, polygon))
        if left.is_empty or right.is_empty:
            continue
        left, right = _tidy(left, right)
        pieces = int(shapely.get_num_geometries(left) + shapely.get_num_geometries(right))
        if best is None or pieces < best[0]:
            best = (pieces, left, right)
        if pieces == 2:
            break
    if best is None:
        raise ValueError("a polygon is too small to be cut")
    return best[1], best[2]


def _long_axis(polygon: BaseGeometry) -> float:
    """The direction, in radians, of the longer side of the smallest rectangle around a polygon."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    sides = np.diff(corners[:3], axis=0)
    x, y = sides[int(np.argmax((sides**2).sum(axis=1)))]
    return float(np.arctan2(y, x))


def _offset(xy: Array, weight: Array, part: float, direction: float, polygon: BaseGeometry) -> float:
    """How far along the direction the cut stands so that `part` of the weight lies before it."""
    if len(xy) < 2:
        middle = polygon.centroid
        return float(middle.x * cos(direction) + middle.y * sin(direction))
    along = xy[:, 0] * cos(direction) + xy[:, 1] * sin(direction)
    order = np.argsort(along, kind="stable")
    sums = np.cumsum(weight[order])
    gaps = np.diff(along[order])
    miss = np.abs(sums[:-1] - part * sums[-1]) + np.where(gaps < 0.01, sums[-1], 0.0)
    at = int(np.argmin(miss))
    return float((along[order[at]] + along[order[at + 1]]) / 2)


def _halves(polygon: BaseGeometry, direction: float, offset: float) -> tuple[BaseGeometry, BaseGeometry]:
    ahead = np.array([cos(direction), sin(direction)])
    across = np.array([-sin(direction), cos(direction)])
    a, b = ahead * offset - across * FAR, ahead * offset + across * FAR
    before = Polygon([a, b, b - ahead * FAR, a - ahead * FAR])
    after = Polygon([a, b, b + ahead * FAR, a + ahead * FAR])
    return polygonal(polygon.intersection(before)), polygonal(polygon.intersection(after))


def _tidy(left: BaseGeometry, right: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Give loose pieces of one side to the other where they border it."""
    left, loose = _largest(left)
    right, stray = _largest(right)
    for piece in loose:
        left, right = _give(piece, left, right)
    for piece in stray:
        right, left = _give(piece, right, left)
    return left, right


def _largest(geometry: BaseGeometry) -> tuple[BaseGeometry, list[BaseGeometry]]:
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    return parts[0], parts[1:]


def _give(piece: BaseGeometry, own: BaseGeometry, other: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    joined = other.union(piece)
    if shapely.get_num_geometries(joined) <= shapely.get_num_geometries(other):
        return own, polygonal(joined)
    return polygonal(own.union(piece)), other


def split_by_line(polygon: BaseGeometry, line: LineString) -> list[BaseGeometry]:
    """The pieces a drawn line cuts a polygon into; one piece when the line does not cross it."""
    start, end = np.array(line.coords[0]), np.array(line.coords[-1])
    longer = LineString([start + (start - line.coords[1]) * 1e-6, *line.coords, end + (end - line.coords[-2]) * 1e-6])
    pieces = shapely.polygonize([shapely.union_all([polygon.boundary, longer])])
    inside = [piece for piece in shapely.get_parts(pieces) if polygon.contains(piece.representative_point())]
    return sorted(inside, key=lambda piece: -piece.area)


def unite(polygons: Sequence[BaseGeometry]) -> BaseGeometry:
    """The union of cells; hair-thin seams between them (under a millimetre) are closed."""
    joined = shapely.union_all(list(polygons), grid_size=0.0)
    return polygonal(joined.buffer(0.001, join_style="mitre").buffer(-0.001, join_style="mitre"))


def rejoin(pieces: Sequence[BaseGeometry], least: float) -> list[BaseGeometry]:
    """Cells again after a cut: pieces smaller than `least` square metres join the neighbour with the longest border."""
    cells = sorted(pieces, key=lambda piece: -piece.area)
    while len(cells) > 1 and cells[-1].area < least:
        small = cells.pop()
        borders = [float(small.intersection(cell.buffer(0.01)).length) for cell in cells]
        at = int(np.argmax(borders))
        cells[at] = unite([cells[at], small])
        cells.sort(key=lambda piece: -piece.area)
    return cells
