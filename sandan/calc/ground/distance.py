"""How far it is from here to there."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8

Point = tuple[float, float]


def metres(a: Point, b: Point) -> float:
    """Great-circle metres between two (lon, lat) points in WGS-84 degrees."""
    lat_a, lat_b = radians(a[1]), radians(b[1])
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b[0] - a[0]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))
