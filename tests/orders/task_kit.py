"""What the tests of a member's task share."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.orders.models import Order
from sandan.people.models import Person
from tests.factories.orders import an_order
from tests.factories.people import Cast

PHONE = "16412345678"
DOOR = "2单元501"


@pytest.fixture
def hands(cast: Cast) -> Client:
    """The browser of the member who serves."""
    return signed_in(cast.member)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def now_order(cast: Cast, state: str, **facts: Any) -> Order:
    """An order of this hour, with contact and door."""
    given = {"at": timezone.now() - timedelta(minutes=30), "phone": PHONE, "name": "邓秀兰", "door": DOOR}
    return an_order(cast, state, **(given | facts))


def at(order: Order | str, *more: str) -> str:
    number = order if isinstance(order, str) else order.full_number
    return "/".join(["/mine", number, *more]) + "/"


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
