"""A resident at the pages: a town to live in, and the three steps as one walks them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from sandan.orders.models import Order
from sandan.orders.queries.resident_near import ticket_of
from tests.factories.intake import a_catalogue
from tests.factories.people import Cast, cast
from tests.factories.places import County, a_county, fresh

PHONE = "16400007719"
WORDS = "桐花苑1号楼2单元的楼梯扶手断了一截，钢筋头支棱着"


@dataclass(frozen=True)
class Town:
    """Ground, people and catalogue of one small county."""

    ground: County
    cast: Cast


def a_town() -> Town:
    """Everything a resident's order needs."""
    ground, people = a_county(), cast()
    a_catalogue()
    fresh()
    return Town(ground, people)


def say(client: Client, text: str = WORDS, key: UUID | None = None, **data: Any) -> tuple[UUID, Any]:
    """Step 1; the draft's key and the answer."""
    key = key or uuid4()
    return key, client.post("/order/", {"key": str(key), "text": text, **data})


def point(client: Client, key: UUID, **data: Any) -> Any:
    """Step 2; by default the place that was heard."""
    return client.post(f"/order/{key}/where/", {"where": "heard0", **data})


def hand_in(client: Client, key: UUID, **data: Any) -> Any:
    """Step 3; by default with a phone."""
    return client.post(f"/order/{key}/check/", {"phone": PHONE, "may_call": "on", "category": "none", **data})


def place(client: Client, text: str = WORDS, **data: Any) -> Order:
    """All three steps; the order."""
    key, _answer = say(client, text)
    point(client, key)
    hand_in(client, key, **data)
    return Order.objects.get(key=key)


def joining(number: str) -> str:
    """The address behind 我也是, as it stands beside one's own words."""
    return f"/order/join/{number}/?ticket={ticket_of(number)}"
