"""What is open around a matter: its neighbours, those that look like the same thing, a sketch of the ground."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sandan.calc.ground.distance import metres as metres_between
from sandan.core import words
from sandan.orders.models import Order
from sandan.orders.queries.desk_find import within
from sandan.orders.queries.rows import Row, board_rows
from sandan.people.models import Post
from sandan.places.models import Building

AROUND_METRES = 200
SAME_METRES = 80
SAME_WITHIN, SAME_NOISE_WITHIN = timedelta(hours=72), timedelta(hours=24)
NOISE = "0601"
MOST = 12
A_DEGREE = 111_195.0  # metres of latitude
WIDTH, HEIGHT, SPAN = 388, 216, 460  # the sketch: units, and metres across
MARK = 20.0  # how wide a mark is, in units


@dataclass(frozen=True)
class Here:
    """Where we ask: WGS-84 degrees where known, else the estate; `code` is the category or the guess."""

    community: str
    lon: float | None
    lat: float | None
    estate_id: int | None
    building: str
    code: str
    at: datetime
    pk: int | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """An open order near by. `alike` says in words why it may be the same matter; empty where it is another."""

    row: Row
    metres: float | None
    alike: str
    text: str
    x: float | None
    y: float | None


@dataclass(frozen=True)
class House:
    """A building of the sketch."""

    x: float
    y: float
    label: str
    is_here: bool


@dataclass(frozen=True)
class Sketch:
    """Local metres as drawing units, the matter in the middle; the circle is 80 m wide round."""

    width: int
    height: int
    radius: float
    houses: tuple[House, ...]


def here_of(order: Order) -> Here:
    """Where an order is, for its neighbours."""
    return Here(
        order.community_id, order.lon, order.lat, order.estate_id, order.building,
        order.category_id or order.guess_id or "", order.placed_at, order.pk, tuple(order.terms),
    )  # fmt: skip


def near(here: Here, posts: Sequence[Post], at: datetime) -> list[Neighbour]:
    """Open orders of the same estate or within 200 m, those like this one first, then the nearest; two statements.

    Only what these posts may see: a place can be typed that is another desk's, and a unit has only its own orders.
    """
    found = _around(here, posts)
    if found is None:
        return []
    fields = ("pk", "lon", "lat", "estate_id", "building", "category_id", "guess_id", "placed_at", "masked", "terms")
    facts = {values.pk: values for values in found.values_list(*fields, named=True)}
    rows = board_rows(Order.objects.filter(pk__in=list(facts)), at) if facts else []
    neighbours = [_neighbour(here, facts[row.id], row) for row in rows]
    ranked = sorted(neighbours, key=lambda n: (not n.alike, n.metres if n.metres is not None else 9e9, n.row.id))
    return _apart(ranked[:MOST])


def _apart(neighbours: list[Neighbour]) -> list[Neighbour]:
    """Marks that would lie on each other, or on the pin, stand side by side."""
    taken: set[tuple[int, int]] = {(int(WIDTH / 2 / MARK), int(HEIGHT / 2 / MARK))}
    kept = []
    for one in neighbours:
        while one.x is not None and one.y is not None and (cell := (int(one.x / MARK), int(one.y / MARK))) in taken:
            one = replace(one, x=one.x + MARK)
        if one.x is not None:
            taken.add(cell)
        kept.append(one)
    return kept


def _around(here: Here, posts: Sequence[Post]) -> Any:
    wanted = Q(estate_id=here.estate_id) if here.estate_id else Q(pk__in=())
    if here.lon is not None and here.lat is not None:
        high = AROUND_METRES / A_DEGREE
        wide = high / cos(radians(here.lat))
        wanted |= Q(lon__range=(here.lon - wide, here.lon + wide), lat__range=(here.lat - high, here.lat + high))
    elif not here.estate_id:
        return None
    orders = within(posts).open().filter(wanted, community_id=here.community)
    return (orders.exclude(pk=here.pk) if here.pk else orders).order_by("-placed_at")[:50]


def _neighbour(here: Here, facts: Any, row: Row) -> Neighbour:
    metres = None
    if None not in (here.lon, here.lat, facts.lon, facts.lat):
        metres = metres_between((here.lon, here.lat), (facts.lon, facts.lat))  # type: ignore[arg-type]
    x, y = _point(here, facts.lon, facts.lat)
    return Neighbour(row, metres, _alike(here, facts, row, metres), "" if row.is_hidden else facts.masked, x, y)


def _same_within(code: str) -> timedelta:
    """How long a report of the same matter counts as the same: noise is a new one after a day (practice 16.5)."""
    return SAME_NOISE_WITHIN if code == NOISE else SAME_WITHIN


def _alike(here: Here, facts: Any, row: Row, metres: float | None) -> str:
    """Same place, same department, within three days: in words, or nothing."""
    code = facts.category_id or facts.guess_id or ""
    same_house = bool(here.building) and (facts.estate_id, facts.building) == (here.estate_id, here.building)
    is_close = same_house or (metres is not None and metres <= SAME_METRES)
    is_same_kind = not code or not here.code or code[:2] == here.code[:2]
    if (
        row.is_hidden
        or not is_close
        or not is_same_kind
        or abs(here.at - facts.placed_at) > _same_within(here.code or code)
    ):
        return ""
    place = _("同一栋楼") if same_house else _("相距 %s") % words.distance(metres or 0)
    apart = (here.at - facts.placed_at).total_seconds() / 60
    when = (_("那件早到 %s") if apart >= 0 else _("那件晚到 %s")) % words.span(apart)
    said = _shared(here.terms, facts.terms)
    return " · ".join([place, _("同一类事"), when, *([said] if said else [])])


def _shared(one: tuple[str, ...], other: list[str]) -> str:
    both = len(set(one) & set(other))
    return _("有 %s 处用词一样") % both if both else ""


def _point(here: Here, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    if here.lon is None or here.lat is None or lon is None or lat is None:
        return None, None
    unit = WIDTH / SPAN
    east = (lon - here.lon) * A_DEGREE * cos(radians(here.lat))
    north = (lat - here.lat) * A_DEGREE
    return round(WIDTH / 2 + east * unit, 1), round(HEIGHT / 2 - north * unit, 1)


def sketch(here: Here) -> Sketch | None:
    """The buildings around, drawn like a floor plan; one statement, None where the position is unknown."""
    if here.lon is None or here.lat is None:
        return None
    high = SPAN / 2 / A_DEGREE
    wide = high / cos(radians(here.lat))
    rows = Building.objects.filter(
        lon__range=(here.lon - wide, here.lon + wide), lat__range=(here.lat - high, here.lat + high)
    )  # fmt: skip
    houses = []
    for lon, lat, label, estate in rows.order_by("pk").values_list("lon", "lat", "label", "estate_id")[:120]:
        x, y = _point(here, lon, lat)
        if x is not None and y is not None and 0 <= y <= HEIGHT:
            houses.append(House(x, y, label, (estate, label) == (here.estate_id, here.building)))
    return Sketch(WIDTH, HEIGHT, round(SAME_METRES * WIDTH / SPAN, 1), tuple(houses))
