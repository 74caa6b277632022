"""Residents' own data in tests: an order of somebody known, a neighbour who joined, a browser with a grant."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from sandan.orders import actions
from sandan.orders.models import Asker, Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast

PHONE, NAME, DOOR = "16455501234", "司空曙光", "7单元903"
OTHER_PHONE, OTHER_NAME = "16455509999", "端木小满"
LATER = MORNING + timedelta(hours=2)


def mine(people: Cast, state: str = S.RECEIVED, **facts: Any) -> Order:
    order: Order = an_order(people, state, phone=PHONE, name=NAME, door=DOOR, **facts)
    return order


def with_grant(client: Client, *askers: Asker) -> Client:
    """A browser that has shown these askers' secrets."""
    session = client.session
    session["askers"] = [asker.pk for asker in askers]
    session.save()
    return client


def joined(order: Order) -> Asker:
    made = actions.join(order=order, key=uuid4(), contact=actions.Contact(OTHER_NAME, OTHER_PHONE), at=LATER)
    return made.order.askers.get(is_first=False)


def address(order: Order, verb: str = "") -> str:
    if verb:
        return reverse("orders:my_data_move", args=[order.full_number, verb])
    return reverse("orders:my_data", args=[order.full_number])
