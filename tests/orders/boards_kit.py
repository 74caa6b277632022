"""What the tests of the boards share: Monday half past one, a signed-in client, the orders of a page."""

import copy
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast

NOW = MORNING + timedelta(hours=4)  # Monday 13:30


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def numbers(html: str) -> list[str]:
    """The orders of a list, in its order."""
    return re.findall(r'<td class="c-number"><a class="num" href="/desk/orders/([\d-]+)/"', html)


def late_order(cast: Cast, **facts: Any) -> Order:
    """Taken on Monday a week before, due long ago."""
    return an_order(cast, S.TAKEN, at=MORNING - timedelta(days=7), **facts)


def copies(order: Order, count: int, first: int = 10) -> None:
    """More rows like one that walked the real way; only for counting."""
    many = [copy.copy(order) for _ in range(count)]
    for serial, one in enumerate(many, start=first):
        one.pk, one.key, one.serial = None, uuid4(), serial
    Order.objects.bulk_create(many, batch_size=500)
