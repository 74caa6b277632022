"""What is measured: the base and the paths, each with the calls it sends and the answer it must get."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import randbelow
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from bench import copies, ground
from bench.ground import Town
from bench.load import Call
from sandan.orders.models import Draft, Order
from sandan.orders.queries.resident_writing import Where, Writing
from sandan.people.models import Person
from sandan.places.models import Place

TOKEN = "benchbenchbenchbenchbenchbench00"  # a CSRF secret has 32 letters or figures
NARROW = "category=0102"  # a residual filter: no index answers it
COUNTY_ZOOM = 11  # a county fills a screen
ROW, ROWS = '<tr id="o', 50


@dataclass(frozen=True)
class Path:
    """`calls(n)` makes n calls; they are sent once each, or in turn where `is_cycle`."""

    name: str
    title: str
    calls: Callable[[int], list[Call]]
    status: int
    mark: str
    is_cycle: bool = True
    rows: int = 0  # how many rows of a list the page must have


def all_paths(town: Town) -> list[Path]:
    """The base first; then placing, the board, an order's page, the map, a move; then what is told beside them."""
    number = town.under_way[0].full_number
    return [
        Path("base", "base: one ORM insert", _base, 200, "kept True"),
        Path("place", "place an order", _places(town), 302, "/done/", is_cycle=False),
        Path("board", f"desk board, {ROWS} rows", _reads(town.street, [reverse("orders:board")]), 200, ROW, rows=ROWS),
        Path("narrow", "board, one category", _reads(town.street, [f"{reverse('orders:board')}?{NARROW}"]), 200, ROW),
        Path(
            "rare",
            "withdrawn of the county",
            _reads(town.district, [f"{reverse('orders:board')}?list=withdrawn"]),
            200,
            ROW,
        ),
        Path("page", "one order's page", _pages(town), 200, number.rpartition("-")[0]),
        Path("map", "map of open orders, county", _reads(town.district, [_county_window()]), 200, '"total"'),
        Path("move", "a move: open_up", _moves(town), 302, "/desk/orders/", is_cycle=False),
        *_beside(town),
    ]


def _beside(town: Town) -> list[Path]:
    found = [Path("inbox", "inbox, first order open", _reads(town.desk, [reverse("orders:inbox")]), 200, "</html>")]
    try:
        hall = reverse("orders:hall")
    except NoReverseMatch:  # this version has no hall
        return found
    return [*found, Path("hall", "hall", _reads(town.member, [hall]), 200, "</html>")]


def cookies(session: str = "") -> str:
    """The check against forgers, and a session where somebody has signed in."""
    signed_in = f"; {settings.SESSION_COOKIE_NAME}={session}" if session else ""
    return f"{settings.CSRF_COOKIE_NAME}={TOKEN}{signed_in}"


def body(**fields: str) -> str:
    """A form with the same check."""
    return urlencode({"csrfmiddlewaretoken": TOKEN, **fields})


def _base(_count: int) -> list[Call]:
    return [Call("POST", reverse("bench_base"), cookies(), body(text="a row"))]


def _reads(person: Person, addresses: list[str]) -> Callable[[int], list[Call]]:
    signed_in = cookies(ground.session_of(person))
    return lambda _count: [Call("GET", address, signed_in) for address in addresses]


def _county_window() -> str:
    """What the map asks for first: the whole county in one window."""
    county = Place.objects.only("west", "south", "east", "north").get(code=ground.COUNTY)
    sides = {"west": county.west, "south": county.south, "east": county.east, "north": county.north}
    return f"{reverse('orders:board_map_orders')}?{urlencode(sides | {'zoom': COUNTY_ZOOM})}"


def _pages(town: Town) -> Callable[[int], list[Call]]:
    return _reads(town.desk, [reverse("orders:detail", args=[order.full_number]) for order in town.under_way])


def _places(town: Town) -> Callable[[int], list[Call]]:
    """The last step of placing: a draft with words and place lies there; the visitor comes without a session."""
    building = town.building
    where = Where(
        community=building.estate.community_id, name=building.estate.name, estate=building.estate_id,
        building=building.label, unit="2", room="501", lon=building.lon, lat=building.lat,
    )  # fmt: skip
    content = Writing(text=ground.WORDS, where=where, near_shown=True).sealed()

    def calls(count: int) -> list[Call]:
        drafts = Draft.objects.bulk_create(Draft(key=uuid4(), content=content, at=timezone.now()) for _ in range(count))
        return [Call("POST", reverse("orders:place_check", args=[one.key]), cookies(), _reach()) for one in drafts]

    return calls


def _reach() -> str:
    """How to reach the visitor: everybody has a phone of their own, for one phone may only place so many."""
    phone = f"164{randbelow(10**8):08d}"
    return body(name="王秀兰", phone=phone, may_call="on", category="none")


def _moves(town: Town) -> Callable[[int], list[Call]]:
    """Opening the grab window: each call has an order of its own, a copy of one that was judged an hour ago."""
    signed_in, judged = cookies(ground.session_of(town.desk)), town.judged

    def calls(count: int) -> list[Call]:
        known = Order.objects.order_by("-pk").values_list("pk", flat=True)[0]
        copies.copy([judged.pk], count)
        fresh = Order.objects.filter(pk__gt=known).only("community_id", "on", "serial")
        return [
            Call("POST", reverse("orders:move", args=[one.full_number, "open_up"]), signed_in, body()) for one in fresh
        ]

    return calls
