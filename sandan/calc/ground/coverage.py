"""An exact tiling: all cells' borders noded on one fine lattice, so that neighbours share their very vertices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.cutting import unite
from sandan.calc.ground.frame import Json, as_json, as_shape, frame_of, polygonal

LATTICE = 1e-9  # degrees


@dataclass(frozen=True)
class Coverage:
    """Cells by code in degrees, noded together: no gap, no overlap, to the last digit stored."""

    cells: Mapping[str, BaseGeometry]

    def joined(self, key: Callable[[str], str]) -> dict[str, BaseGeometry]:
        """The cells united by a key of their code (its first 12 digits, say), borders still shared exactly."""
        groups: dict[str, list[BaseGeometry]] = {}
        for code, cell in self.cells.items():
            groups.setdefault(key(code), []).append(cell)
        return {code: polygonal(shapely.coverage_union_all(cells)) for code, cells in groups.items()}


def node_coverage(cells: Mapping[str, BaseGeometry]) -> Coverage:
    """Rebuild near-tiling cells (in degrees) from their common linework; a face belongs to the cell it lies in.

    Faces too thin to lie in any cell go to the nearest one.
    """
    codes, shapes = list(cells), list(cells.values())
    lines = shapely.union_all(shapely.boundary(np.array(shapes, dtype=object)), grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    owners = _owners(faces, shapes)
    groups: dict[int, list[BaseGeometry]] = {}
    for face, owner in zip(faces, owners, strict=True):
        if owner >= 0:
            groups.setdefault(owner, []).append(face)
    return Coverage({codes[i]: polygonal(shapely.coverage_union_all(parts)) for i, parts in sorted(groups.items())})


def outer(outlines: Sequence[Json]) -> Json:
    """The outline around some cells, hair-thin seams closed and holes filled."""
    shapes = [as_shape(outline) for outline in outlines]
    frame = frame_of(shapely.union_all(shapes))
    united = unite([frame.metric(one) for one in shapes])
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(united)])
    return as_json(frame.degrees(polygonal(filled)))


def _owners(faces: np.ndarray, shapes: list[BaseGeometry]) -> list[int]:
    """For each face the index of the cell around its inner point, or -1 where it is a hole of the whole."""
    tree = shapely.STRtree(shapes)
    points = shapely.point_on_surface(faces)
    owners = np.full(len(faces), -1)
    asked, found = tree.query(points, predicate="within")
    owners[asked[::-1]] = found[::-1]
    for i in np.flatnonzero((owners < 0) & (shapely.area(faces) < 1e-11)):
        owners[i] = tree.nearest(points[i])
    return [int(owner) for owner in owners]
