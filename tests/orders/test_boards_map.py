"""The open orders on the plan: heaps that add up, single ones when near, nothing personal, one's own areas only."""

from typing import Any

import pytest
from django.test import Client

from sandan.orders.models import Order
from sandan.orders.queries import boards_map
from sandan.orders.queries.boards_map import View
from sandan.orders.workflow import S
from tests.factories.orders import an_order
from tests.factories.people import COMMUNITY, Cast
from tests.orders.boards_kit import NOW, signed_in

pytestmark = pytest.mark.django_db
WINDOW = {"west": 112.0, "south": 37.5, "east": 113.0, "north": 38.5, "zoom": 11}
ALL = View(**WINDOW)  # type: ignore[arg-type]


def put(order: Order, lon: float, lat: float) -> Order:
    Order.objects.filter(pk=order.pk).update(lon=lon, lat=lat)
    return order


def answer(client: Client, **other: Any) -> dict[str, Any]:
    found = client.get("/desk/map/orders/", WINDOW | other)
    assert found.status_code == 200
    return dict(found.json())


class TestPlan:
    def test_draws_single_orders_while_they_are_few(self, cast: Cast) -> None:
        order = put(an_order(cast, S.TAKEN), 112.55, 37.86)
        plan = boards_map.plan([COMMUNITY], ALL, NOW)
        assert (plan.total, plan.heaps) == (1, ())
        assert plan.orders[0]["full"] == order.full_number
        assert plan.orders[0]["text"].startswith(order.number)

    def test_draws_heaps_that_add_up(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(boards_map, "ONE_BY_ONE", 3)
        for lon in (112.5501, 112.5502, 112.5503, 112.9):
            put(an_order(cast, S.TAKEN), lon, 37.86)
        put(an_order(cast, S.TAKEN, code="0103", urgency=2), 112.9001, 37.86)
        plan = boards_map.plan([COMMUNITY], ALL, NOW)
        assert sorted((heap.count, heap.urgency) for heap in plan.heaps) == [(2, 2), (3, 1)]
        assert (plan.total, plan.orders) == (5, ())

    def test_leaves_out_what_is_personal_ended_elsewhere_or_without_a_spot(self, cast: Cast) -> None:
        """R057: a map of open neighbours, never of who needs care."""
        put(an_order(cast, S.TAKEN, code="0801"), 112.55, 37.86)
        put(an_order(cast, S.TAKEN, code="0702"), 112.55, 37.86)
        put(an_order(cast, S.CLOSED), 112.55, 37.86)
        Order.objects.filter(pk=an_order(cast, S.TAKEN).pk).update(lon=None, lat=None)
        put(an_order(cast, S.TAKEN), 114.0, 37.86)
        assert boards_map.plan([COMMUNITY], ALL, NOW).total == 0
        assert boards_map.unplaced([COMMUNITY]) == 3

    def test_takes_as_many_statements_for_many_as_for_one(self, cast: Cast, django_assert_num_queries: Any) -> None:
        for _n in range(2):
            put(an_order(cast, S.TAKEN), 112.55, 37.86)
        with django_assert_num_queries(3):
            boards_map.plan([COMMUNITY], ALL, NOW)


class TestPages:
    def test_give_a_desk_its_own_areas_only(self, cast: Cast) -> None:
        put(an_order(cast, S.TAKEN), 112.55, 37.86)
        assert answer(signed_in(cast.dispatcher))["total"] == 1
        assert answer(signed_in(cast.district))["total"] == 1
        assert signed_in(cast.member).get("/desk/map/orders/", WINDOW).status_code == 403

    @pytest.mark.parametrize("wrong", [{"west": "x"}, {"zoom": "99"}, {"south": ""}, {"north": "NaN"}])
    def test_refuse_a_window_that_is_none(self, cast: Cast, wrong: dict[str, str]) -> None:
        assert signed_in(cast.dispatcher).get("/desk/map/orders/", WINDOW | wrong).status_code == 422

    def test_say_how_many_are_not_drawn(self, cast: Cast) -> None:
        put(an_order(cast, S.TAKEN, code="0801"), 112.55, 37.86)
        page = signed_in(cast.dispatcher).get("/desk/map/").content.decode()
        assert "还有 1 件不在图上" in page
