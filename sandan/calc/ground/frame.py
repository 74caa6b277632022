"""Outlines between GeoJSON in degrees and shapely in local metres."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

Json = dict[str, Any]
Array = NDArray[np.float64]
DEGREE = 111_320.0  # metres of one degree of latitude, good to 0.5 % for our use
DIGITS = 9  # of a degree, kept when an outline is stored: a tenth of a millimetre


@dataclass(frozen=True)
class Frame:
    """A plane in metres around one position, for areas and distances inside a county."""

    lon: float
    lat: float

    @property
    def east(self) -> float:
        """Metres of one degree of longitude here."""
        return DEGREE * cos(radians(self.lat))

    def metric(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in metres from the frame's origin."""
        return shapely.transform(geometry, lambda a: (a - (self.lon, self.lat)) * (self.east, DEGREE))

    def degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry of a metric one in degrees."""
        return shapely.transform(geometry, lambda a: a / (self.east, DEGREE) + (self.lon, self.lat))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Degrees of a position in metres, rounded as outlines are."""
        return round(x / self.east + self.lon, DIGITS), round(y / DEGREE + self.lat, DIGITS)


def frame_of(geometry: BaseGeometry) -> Frame:
    """The frame around the middle of a geometry in degrees."""
    west, south, east, north = geometry.bounds
    return Frame((west + east) / 2, (south + north) / 2)


def as_shape(outline: Json) -> BaseGeometry:
    """The shapely geometry of a GeoJSON one, made valid; ValueError when it encloses no area."""
    geometry: BaseGeometry = shape(outline)
    if geometry.geom_type in {"LineString", "MultiLineString"}:
        geometry = shapely.union_all(shapely.polygonize([geometry]))
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure")
    if geometry.area <= 0:
        raise ValueError("an outline encloses no area")
    return polygonal(geometry)


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Only the parts of a geometry that have an area, as a Polygon or MultiPolygon."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def as_json(geometry: BaseGeometry, digits: int = DIGITS) -> Json:
    """The GeoJSON of a geometry in degrees with rounded coordinates."""
    return dict(mapping(shapely.transform(geometry, lambda a: np.round(a, digits))))


def rounded(outline: Json, digits: int) -> Json:
    """A lighter copy of a GeoJSON outline for drawing, coordinates rounded; shared corners stay shared."""
    return as_json(shape(outline), digits)


def area_m2(outline: Json) -> float:
    """Square metres inside a GeoJSON outline in degrees."""
    geometry = shape(outline)
    return float(frame_of(geometry).metric(geometry).area)


def bounds(outline: Json) -> tuple[float, float, float, float]:
    """West, south, east, north of a GeoJSON outline."""
    west, south, east, north = shape(outline).bounds
    return west, south, east, north


def around(outlines: Iterable[Json]) -> tuple[float, float, float, float]:
    """West, south, east, north of several GeoJSON outlines together."""
    west, south, east, north = shapely.total_bounds([shape(outline) for outline in outlines]).tolist()
    return west, south, east, north


def inner_point(outline: Json) -> tuple[float, float]:
    """A position inside a GeoJSON outline: the centroid, or a point on the surface when that is outside."""
    geometry = shape(outline)
    point = geometry.centroid
    if not geometry.contains(point):
        point = geometry.representative_point()
    return round(point.x, DIGITS), round(point.y, DIGITS)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two positions (lon, lat) in metres; flat earth, for one county."""
    return hypot((a[0] - b[0]) * DEGREE * cos(radians((a[1] + b[1]) / 2)), (a[1] - b[1]) * DEGREE)
