"""The ground's pages in a browser: the map draws from our own data alone, the lists say the same without it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from sandan.people.models import Person
from tests.factories.places import County, a_county
from tests.pages.conftest import DESK, PHONE, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def clerk() -> Person:
    return Person.objects.create_user("desk", "景师古")


def drawn(page: Page) -> str | None:
    page.wait_for_selector("[data-mounted]", timeout=30_000)
    return page.get_attribute("[data-map]", "data-mounted")


class TestMap:
    @pytest.mark.parametrize("size", SIZES)
    def test_draws_and_stays_clean(
        self,
        visit: Callable[..., Page],
        assert_clean: Callable[..., None],
        county: County,
        clerk: Person,
        size: tuple[int, int],
    ) -> None:
        """R103"""
        page = visit("/places/map/", size, login=clerk)
        assert drawn(page) == "yes"
        assert_clean(page)

    def test_asks_nobody_but_us(
        self, visit: Callable[..., Page], complaints: list[str], county: County, clerk: Person
    ) -> None:
        page = visit("/places/map/", DESK, login=clerk)
        asked = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        assert drawn(page) == "yes"
        page.wait_for_function(
            "performance.getEntriesByType('resource').some((e) => e.name.includes('community.json'))"
        )
        assert {url.split("/")[2] for url in asked if url.startswith("http")} == {page.url.split("/")[2]}
        assert complaints == []

    def test_names_the_cell_that_was_clicked(self, visit: Callable[..., Page], county: County, clerk: Person) -> None:
        """R103"""
        grid = county.grids[0]
        page = visit(f"/places/map/?at={grid.code}", DESK, login=clerk)
        assert drawn(page) == "yes"
        page.wait_for_function("performance.getEntriesByType('resource').some((e) => e.name.includes('grid.json'))")
        page.wait_for_timeout(1500)
        page.click("[data-map] canvas")
        page.wait_for_selector(f"#plan_info >> text={grid.code}")

    def test_says_so_where_no_map_can_be_drawn(self, visit: Callable[..., Page], county: County, clerk: Person) -> None:
        page = visit("/places/", PHONE, login=clerk)
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto(page.url + "map/")
        assert drawn(page) == "no"
        assert page.is_visible("[data-map-failed]")
        assert not page.is_visible("[data-map-wait]")


class TestLists:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("address", ["/places/", "/places/990201001001/"])
    def test_stay_clean(
        self,
        visit: Callable[..., Page],
        assert_clean: Callable[..., None],
        county: County,
        clerk: Person,
        address: str,
        size: tuple[int, int],
    ) -> None:
        assert_clean(visit(address, size, login=clerk))

    def test_are_walked_with_the_keyboard(self, visit: Callable[..., Page], county: County, clerk: Person) -> None:
        page = visit("/places/", DESK, login=clerk)
        page.focus("details:nth-of-type(2) summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/places/990201002001/")
