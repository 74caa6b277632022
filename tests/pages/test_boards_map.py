"""The board's map in a browser: heaps and orders are drawn, reached by keyboard, and news come without asking."""

import os
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.intake import a_catalogue
from tests.factories.orders import an_order
from tests.factories.people import cast as a_cast
from tests.factories.places import a_county, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_draws_and_keeps_up_to_date(visit: Any, assert_clean: Any, size: tuple[int, int]) -> None:
    """R057: an order placed elsewhere stands on the map without a reload."""
    county = a_county("990201")
    a_catalogue()
    cast = a_cast()
    fresh()
    house = county.buildings[0]

    def put() -> Order:
        order = an_order(cast, S.TAKEN, at=timezone.now())
        Order.objects.filter(pk=order.pk).update(lon=house.lon, lat=house.lat)
        return order

    first = put()
    page = visit("/desk/map/", size, login=cast.dispatcher)
    mark = page.locator(f'#orders_map a[href="/desk/orders/{first.full_number}/"]')
    expect(mark).to_be_visible(timeout=60_000)
    expect(page.locator("#map_total")).to_have_text("1")
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/desk-map-drawn-{size[0]}.png")
    assert_clean(page)
    put()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#map_total")).to_have_text("2", timeout=60_000)
    mark.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/orders/{first.full_number}/")
