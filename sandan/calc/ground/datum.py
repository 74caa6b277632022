"""Coordinate datums: WGS-84 is stored; GCJ-02 and BD-09 are converted at the edge by the usual approximation."""

from enum import StrEnum
from math import atan2, cos, pi, radians, sin, sqrt

AXIS = 6378245.0  # Krasovsky 1940, metres
ECCENTRICITY = 0.00669342162296594323
BAIDU = pi * 3000.0 / 180.0
CLOSE = 1e-9  # degrees, a tenth of a millimetre


class Datum(StrEnum):
    """The frame a pair of degrees is told in."""

    WGS84 = "WGS-84"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"


def to_wgs84(lon: float, lat: float, datum: Datum | str) -> tuple[float, float]:
    """The WGS-84 degrees of a position told in `datum`; ValueError for an unknown datum."""
    match Datum(datum):
        case Datum.WGS84:
            return lon, lat
        case Datum.GCJ02:
            return _unshift(lon, lat)
        case Datum.BD09:
            return _unshift(*_from_baidu(lon, lat))


def from_wgs84(lon: float, lat: float, datum: Datum | str) -> tuple[float, float]:
    """The degrees of a WGS-84 position in `datum`; ValueError for an unknown datum."""
    match Datum(datum):
        case Datum.WGS84:
            return lon, lat
        case Datum.GCJ02:
            return _shift(lon, lat)
        case Datum.BD09:
            return _to_baidu(*_shift(lon, lat))


def _in_china(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _waves(x: float, y: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0 + y


def _shift_metres(x: float, y: float) -> tuple[float, float]:
    """How far east and north GCJ-02 moves a point; x, y are degrees from 105 E 35 N."""
    root = sqrt(abs(x))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + _waves(x, 0.0)
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + _waves(x, 0.0)
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return east, north


def _shift(lon: float, lat: float) -> tuple[float, float]:
    if not _in_china(lon, lat):
        return lon, lat
    east, north = _shift_metres(lon - 105.0, lat - 35.0)
    magic = 1 - ECCENTRICITY * sin(radians(lat)) ** 2
    metres_north = AXIS * (1 - ECCENTRICITY) / (magic * sqrt(magic)) * pi / 180.0
    metres_east = AXIS / sqrt(magic) * cos(radians(lat)) * pi / 180.0
    return lon + east / metres_east, lat + north / metres_north


def _unshift(lon: float, lat: float) -> tuple[float, float]:
    """The inverse of the shift, by repeated guessing; five or six steps reach a tenth of a millimetre."""
    guess_lon, guess_lat = lon, lat
    for _ in range(12):
        shifted_lon, shifted_lat = _shift(guess_lon, guess_lat)
        off_lon, off_lat = shifted_lon - lon, shifted_lat - lat
        guess_lon, guess_lat = guess_lon - off_lon, guess_lat - off_lat
        if abs(off_lon) < CLOSE and abs(off_lat) < CLOSE:
            break
    return guess_lon, guess_lat


def _to_baidu(x: float, y: float) -> tuple[float, float]:
    z = sqrt(x * x + y * y) + 0.00002 * sin(y * BAIDU)
    theta = atan2(y, x) + 0.000003 * cos(x * BAIDU)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def _from_baidu(lon: float, lat: float) -> tuple[float, float]:
    guess_x, guess_y = lon - 0.0065, lat - 0.006
    for _ in range(12):
        told_x, told_y = _to_baidu(guess_x, guess_y)
        guess_x, guess_y = guess_x + lon - told_x, guess_y + lat - told_y
        if abs(lon - told_x) < CLOSE and abs(lat - told_y) < CLOSE:
            break
    return guess_x, guess_y
