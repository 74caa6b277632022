"""Outlines of a county, its streets and its communities: taken from a file where there is one, else invented."""

from collections.abc import Mapping
from math import cos, pi, sin, sqrt
from random import Random

import numpy as np
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from sandan.calc.ground.coverage import node_coverage
from sandan.calc.ground.cutting import lattice, partition
from sandan.calc.ground.divisions import Division
from sandan.calc.ground.frame import Frame, Json, as_json, as_shape, frame_of

CHINA = (108.0, 34.5)  # where a county goes whose very province is not drawn


def pick_outline(division: Division, counties: Mapping[str, Json]) -> Json | None:
    """The outline for a county out of outlines by six-digit code; None when there is none that encloses an area.

    A city without counties may be drawn under its own code (嘉峪关 is 620201 in the list and 620200 on the map).
    """
    codes = (division.code, f"{division.code[:4]}00") if division.is_whole_city else (division.code,)
    for code in codes:
        if code in counties:
            try:
                return as_json(as_shape(counties[code]))
            except ValueError:
                continue
    return None


def generated_outline(division: Division, around: Json | None) -> Json:
    """An invented round outline at the middle of `around` (the city's or province's), sized by its communities."""
    lon, lat = CHINA
    if around is not None:
        middle = as_shape(around).representative_point()
        lon, lat = middle.x, middle.y
    rng = Random(division.code)  # noqa: S311 - a drawing, not a secret
    radius = 600.0 * sqrt(max(len(division.communities), 4) / pi)
    ring = []
    for corner in range(32):
        angle, far = corner * pi / 16, radius * rng.uniform(0.85, 1.15)
        ring.append((far * cos(angle), far * sin(angle)))
    return as_json(Frame(lon, lat).degrees(Polygon(ring)))


def tile_divisions(division: Division, outline: Json) -> dict[str, Json]:
    """Invented outlines by code: the communities as an exact tiling of the county, streets and county as their unions.

    Areas inside a county are all of one size; the same county always gets the same cells.
    """
    whole = as_shape(outline)
    frame = frame_of(whole)
    rng = Random(f"tiles {division.code}")  # noqa: S311
    cells: dict[str, BaseGeometry] = {}
    groups = {street: [c for c, _ in division.communities if c.startswith(street)] for street, _ in division.streets}
    streets = [street for street, inside in groups.items() if inside]
    for street, polygon in zip(
        streets, _even(frame.metric(whole), [len(groups[s]) for s in streets], rng), strict=True
    ):
        codes = groups[street]
        cells |= zip(codes, _even(polygon, [1] * len(codes), rng), strict=True)
    covered = node_coverage({code: frame.degrees(cell) for code, cell in cells.items()})
    drawn = {**covered.joined(lambda c: c[:6]), **covered.joined(lambda c: c[:9]), **covered.cells}
    return {code: as_json(cell) for code, cell in drawn.items()}


def _even(polygon: BaseGeometry, shares: list[int], rng: Random) -> list[BaseGeometry]:
    """Cells of a polygon with areas in proportion to the shares."""
    spread = lattice(polygon, max(400, 60 * len(shares)), rng.uniform(0, pi))
    sides = partition(polygon, spread, np.ones(len(spread)), [float(s) for s in shares], rng)
    return [side.polygon for side in sides]
