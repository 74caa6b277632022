"""A schematic plan of one community for a finger to point on: outlines of its grids, its estates by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sandan.orders.queries.resident_writing import Where
from sandan.places import queries as ground
from sandan.places.models import Place

WIDE = 360.0  # units of the drawing


@dataclass(frozen=True)
class Label:
    """A name on the plan."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Plan:
    """A drawing of `width` x `height`; a point on it is west + x / scale_x, north - y / scale_y in WGS-84 degrees."""

    name: str
    width: float
    height: float
    west: float
    north: float
    scale_x: float
    scale_y: float
    paths: tuple[str, ...]
    labels: tuple[Label, ...]
    pin: Label | None


def plan(community: str, heard: Where | None) -> Plan | None:
    """The plan of a community, None where nothing is drawn of it; two statements."""
    cells = Place.objects.current().within(community).filter(kind__in=("community", "grid")).exclude(outline=None)
    rows = list(cells.values_list("code", "name", "outline"))
    rings = [ring for _code, _name, outline in rows if outline for ring in _rings(outline)]
    if not rings:
        return None
    lons, lats = [p[0] for ring in rings for p in ring], [p[1] for ring in rings for p in ring]
    west, north = min(lons), max(lats)
    scale_x = WIDE / max(max(lons) - west, 1e-9)
    scale_y = scale_x / cos(radians(north))
    height = (north - min(lats)) * scale_y

    def at(lon: float, lat: float, text: str) -> Label:
        return Label(round((lon - west) * scale_x, 1), round((north - lat) * scale_y, 1), text)

    pin = at(heard.lon, heard.lat, heard.name) if heard and heard.lon and heard.lat else None
    name = next((name for code, name, _o in rows if code == community), "")
    labels = tuple(at(e.lon, e.lat, e.name) for e in ground.estate_names(community))
    paths = tuple(_path([at(lon, lat, "") for lon, lat, *_ in ring]) for ring in rings)
    return Plan(name, WIDE, round(height, 1), west, north, scale_x, scale_y, paths, labels, pin)


def _rings(outline: dict[str, Any]) -> Iterator[list[list[float]]]:
    parts = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    for polygon in parts:
        yield polygon[0]


def _path(points: list[Label]) -> str:
    return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in points) + "Z"
