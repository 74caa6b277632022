"""The open orders of a desk on the plan: heaps by cell from afar, one by one when near. Nothing personal is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi
from typing import Any

from django.db.models import Avg, Count, F, Max, Q
from django.db.models.functions import Floor

from sandan.orders.models import OrderQuerySet
from sandan.orders.queries.boards_scope import over
from sandan.orders.queries.rows import HIDDEN, Row, board_rows

CELLS_A_TILE = 4  # a tile of the map is 256 points wide: a heap for each 64
ONE_BY_ONE = 250  # from so few on each order is drawn


@dataclass(frozen=True)
class View:
    """What the window shows: degrees, and the zoom of the map (0 is the whole world in one tile)."""

    west: float
    south: float
    east: float
    north: float
    zoom: float

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell in degrees, about square on the screen."""
        width = 360 / 2**self.zoom / CELLS_A_TILE
        return width, width * cos(pi * (self.south + self.north) / 360)


@dataclass(frozen=True)
class Heap:
    """Orders close together: their middle, how many, and the highest urgency among them."""

    lon: float
    lat: float
    count: int
    urgency: int


@dataclass(frozen=True)
class Plan:
    """What is drawn: heaps or single orders, and how many there are in the window."""

    heaps: tuple[Heap, ...]
    orders: tuple[dict[str, Any], ...]
    total: int


DRAWN = Q(lon__isnull=False) & ~Q(privacy__in=sorted(HIDDEN))


def _open(codes: Sequence[str]) -> OrderQuerySet:
    return over(codes).filter(is_open=True)


def plan(codes: Sequence[str], view: View, at: datetime) -> Plan:
    """The open orders of these areas in the window; two statements, five when they are drawn one by one."""
    inside = _open(codes).filter(DRAWN, lon__range=(view.west, view.east), lat__range=(view.south, view.north))
    heaps = _heaps(inside, view)
    total = sum(heap.count for heap in heaps)
    if total > ONE_BY_ONE:
        return Plan(heaps, (), total)
    return Plan((), _singles(inside, at), total)


def _heaps(inside: OrderQuerySet, view: View) -> tuple[Heap, ...]:
    width, height = view.cell
    rows = (
        inside.order_by()
        .annotate(x=Floor((F("lon") - view.west) / width), y=Floor((F("lat") - view.south) / height))
        .values_list("x", "y")
        .annotate(Avg("lon"), Avg("lat"), Max("urgency"), many=Count("*"))  # all of it out of one index
    )
    return tuple(Heap(round(lon, 6), round(lat, 6), count, urgency) for _x, _y, lon, lat, urgency, count in rows)


def _singles(inside: OrderQuerySet, at: datetime) -> tuple[dict[str, Any], ...]:
    found = inside.order_by("pk").values_list("pk", "lon", "lat")[:ONE_BY_ONE]
    spots = {pk: (lon, lat) for pk, lon, lat in found if lon is not None and lat is not None}
    rows = board_rows(inside.filter(pk__in=spots), at) if spots else []
    return tuple(_single(row, *spots[row.id]) for row in rows)


def _single(row: Row, lon: float, lat: float) -> dict[str, Any]:
    words = "%(number)s · %(matter)s · %(state)s"
    return {
        "id": row.id, "lon": lon, "lat": lat, "number": row.number, "full": row.full_number, "urgency": row.urgency,
        "light": row.light, "text": words % {"number": row.number, "matter": row.matter, "state": row.state_label},
    }  # fmt: skip


def unplaced(codes: Sequence[str]) -> int:
    """How many open orders no map shows: personal matters, and those whose spot nobody knows."""
    return _open(codes).exclude(DRAWN).count()
