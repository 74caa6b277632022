"""The rail of the desks in a browser: a day's places in sight, the others one press away, by keyboard as well."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories.people import Cast
from tests.factories.people import cast as a_cast
from tests.pages.conftest import DESK, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


@pytest.mark.parametrize("size", SIZES)
class TestRail:
    def test_is_clean_with_the_opener_shut_and_open(
        self, visit: Visit, assert_clean: Any, cast: Cast, size: tuple[int, int]
    ) -> None:
        page = visit("/desk/whistles/", size, login=cast.liaison)
        assert_clean(page)
        page.locator("#more-places > summary").click()
        expect(page.locator("#more-places .pop")).to_be_visible()
        keep_picture(page, "rail-open", size)
        assert_clean(page)
        box = page.locator("#more-places .pop").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]


class TestKeyboard:
    def test_opens_goes_and_comes_back(self, visit: Visit, cast: Cast) -> None:
        page = visit("/desk/inbox/", DESK, login=cast.dispatcher)
        opener = page.locator("#more-places > summary")
        opener.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#more-places .pop a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()
        expect(page.locator("#more-places .pop")).to_be_hidden()
        page.keyboard.press("Enter")
        page.locator("#more-places .pop a", has_text="挂起").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("挂起和超时")
        expect(opener).to_have_attribute("aria-current", "true")
