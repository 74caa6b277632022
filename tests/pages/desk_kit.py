"""What the tests of the desk's pages share: a county, its people, a signed-in desk."""

from typing import Any

import pytest
from django.test import Client

from sandan.orders.models import Order
from sandan.people.models import Person
from tests.factories.intake import a_catalogue
from tests.factories.people import Cast
from tests.factories.people import cast as a_cast
from tests.factories.places import County, a_county


@pytest.fixture
def county(db: None) -> County:
    return a_county("990201")


@pytest.fixture
def cast(county: County) -> Cast:
    a_catalogue()
    return a_cast()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def here(county: County, **facts: Any) -> dict[str, Any]:
    """Facts that put an order into the first building of 桐花苑."""
    house = county.buildings[0]
    return {
        "estate": county.estate,
        "building": house.label,
        "lon": house.lon,
        "lat": house.lat,
        "grid": house.grid_id,
    } | facts


def url(order: Order | str, kind: str = "orders", *more: str) -> str:
    number = order if isinstance(order, str) else order.full_number
    return "/".join(["/desk", kind, number, *more]) + "/"


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)
