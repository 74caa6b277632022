"""The part of the hall in reach, held against weighing every order of the county."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from sandan.orders.models import Order
from sandan.orders.queries.member_fit import fit_of_order
from sandan.orders.queries.member_hall import hall
from sandan.orders.queries.member_reach import beyond, in_hall, within
from sandan.people.models import Person
from tests.factories.people import GRID, OTHER_GRID, Cast
from tests.orders.hall_kit import opened

pytestmark = pytest.mark.django_db

COUNTY = GRID[:6]


@pytest.fixture
def spread(cast: Cast) -> list[Order]:
    """Orders around the member: in the circle, in the corners of its box, beyond, at home, and nobody knows where."""
    chance = Random(7)
    found = [opened(cast, grid=OTHER_GRID, lon=112.551, lat=37.861) for _n in range(30)]
    for order in found:
        order.lon, order.lat = 112.551 + chance.uniform(-0.02, 0.02), 37.861 + chance.uniform(-0.015, 0.015)
    found[0].lon = found[0].lat = None
    found[1].grid, found[1].lon = GRID, 112.9
    Order.objects.bulk_update(found, ["lon", "lat", "grid"])
    return found


def misfits(person: Person) -> list[str]:
    return [fit_of_order(order, person).misfit for order in in_hall([COUNTY]).select_related("category")]


class TestWithin:
    def test_loses_nothing_that_suits(self, cast: Cast, spread: list[Order]) -> None:
        """R044: the box may hold too much, never too little."""
        weighed = {order.pk for order in within(cast.member, [COUNTY])}
        suiting = {order.pk for order in spread if not fit_of_order(order, cast.member).misfit}
        assert suiting <= weighed < {order.pk for order in spread}
        assert {spread[0].pk, spread[1].pk} <= suiting

    def test_bounds_nobody_whose_home_is_unknown(self, cast: Cast, spread: list[Order]) -> None:
        cast.member.lon = cast.member.lat = None
        assert within(cast.member, [COUNTY]).count() == len(spread)
        assert beyond(cast.member, [COUNTY]) == {"skill": 0, "far": 0}


class TestBeyond:
    @pytest.mark.parametrize("who", ["member", "second_member"])
    def test_counts_with_the_weighed_what_weighing_all_would(self, cast: Cast, spread: list[Order], who: str) -> None:
        """R044: what is left out is said with its number, wherever it was counted."""
        person = getattr(cast, who)
        found, all_of = hall(person, timezone.now() - timedelta(minutes=1)), misfits(person)
        assert found.total == all_of.count("")
        for misfit, words in (("skill", "会别的本领"), ("far", "离您超过")):
            said = [one for one in found.left_out if words in one]
            assert [f"还有 {all_of.count(misfit)} 单" in one for one in said] == [True] * bool(all_of.count(misfit))
