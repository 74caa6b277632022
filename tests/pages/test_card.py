"""Contact cards in a browser: the desk's list, sheets of paper, a worker's own picture, the card on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders.actions import whistle_card as actions
from sandan.orders.models import Ring
from sandan.orders.queries import whistle_card as queries
from sandan.people.actions import photos
from sandan.people.models import Person, Role
from tests.factories.orders import a_picture
from tests.factories.people import somebody
from tests.factories.resident import Town, a_town
from tests.pages.conftest import DESK, PHONE, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
NUMBER = "16400007719"


@pytest.fixture
def town(db: None) -> Town:
    return a_town()


@pytest.fixture
def worker(town: Town) -> Person:
    """Who looks after the first grid, with a picture; the cards have been printed."""
    at = timezone.now()
    town.cast.grid_worker.posts.update(to_at=at)
    person = somebody("宿大姐", Role.GRID_WORKER, town.ground.grids[0].code, phone=NUMBER)
    somebody("景师古", Role.GRID_LEADER, town.ground.grids[0].code[:12], phone="16400008888")
    photos.give(content=a_picture(), by=person, at=at)
    return person


@pytest.mark.parametrize("size", SIZES)
class TestPages:
    def test_are_clean_at_both_sizes(
        self, visit: Visit, assert_clean: Any, town: Town, worker: Person, size: tuple[int, int]
    ) -> None:
        """R109"""
        at, desk = timezone.now(), town.cast.dispatcher
        found = queries.cards_within(town.ground.grids[0].code[:12], at)
        scope = town.ground.grids[0].code[:12]
        runs = [actions.print_cards(cards=found, scope=scope, size=paper, by=desk, at=at) for paper in ("a6", "a5")]
        worker.phone = "16400006666"
        worker.save()
        pages = (
            ("/desk/cards/", desk), (f"/desk/cards/{runs[0].pk}/", desk), (f"/desk/cards/{runs[1].pk}/", desk),
            ("/people/portrait/", worker), (f"/card/{town.ground.grids[0].code}/", worker),
        )  # fmt: skip
        for address, person in pages:
            page = visit(address, size, login=person)
            page.wait_for_load_state("networkidle")
            keep_picture(page, address, size)
            assert_clean(page)


class TestACall:
    def test_from_the_card_to_an_order_in_one_tap(
        self, visit: Visit, assert_clean: Any, town: Town, worker: Person
    ) -> None:
        """R060 on two phones: the neighbour's rings the work number, the worker presses one key."""
        code = town.ground.grids[0].code
        page = visit(f"/card/{code}/", PHONE)
        assert_clean(page)
        expect(page.locator(".card a[href^='tel:']").first).to_have_attribute("href", f"tel:{NUMBER}")
        expect(page.locator("img.face")).to_be_visible()
        answering = visit("/phone/", PHONE, login=worker)
        answering.locator("#open").click()
        expect(answering.get_by_role("heading", level=1)).to_contain_text("补几句")
        ring = Ring.objects.select_related("order").get()
        assert ring.order
        assert ring.order.grid == code


class TestPrint:
    def test_a_desk_prints_what_has_changed_by_keyboard(self, visit: Visit, town: Town, worker: Person) -> None:
        page = visit("/desk/cards/", DESK, login=town.cast.dispatcher)
        page.locator("#print-changed").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".slip").first).to_be_visible()
        pdf = page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == page.locator(".leaf").count()
