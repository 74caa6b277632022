"""The statements of the four most used paths: they may become fewer, never more; `make bench` counts them too."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories import resident
from tests.factories.orders import an_order
from tests.factories.people import Cast

PLACE, BOARD, PAGE, MOVE = 13, 5, 7, 10


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.dispatcher)
    return client


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.JUDGED, at=timezone.now())


class TestStatements:
    """In a test every transaction is a savepoint: two statements, as BEGIN and COMMIT are."""

    def test_of_placing_do_not_grow(self, db: None, client: Client, django_assert_max_num_queries: Any) -> None:
        resident.a_town()
        resident.place(client)  # what is read once is known then
        visitor = Client()
        key, _answer = resident.say(visitor)
        resident.point(visitor, key)
        visitor.cookies.clear()
        with django_assert_max_num_queries(PLACE):
            answer = resident.hand_in(visitor, key)
        assert answer.headers["Location"].endswith("/done/")

    def test_of_the_board_do_not_grow(self, desk: Client, order: Order, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(BOARD):
            assert order.number in desk.get(reverse("orders:board")).content.decode()

    def test_of_an_orders_page_do_not_grow(
        self, desk: Client, order: Order, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(PAGE):
            assert desk.get(reverse("orders:detail", args=[order.full_number])).status_code == 200

    def test_of_a_move_do_not_grow(self, desk: Client, order: Order, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(MOVE):
            desk.post(reverse("orders:move", args=[order.full_number, "open_up"]))
        order.refresh_from_db()
        assert order.state == S.OPEN
