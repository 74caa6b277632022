"""The front's pages in a browser: axe, sizes, words, at both sizes and in elder mode."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from sandan.people.models import Person
from tests.pages.conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/", "/login/", "/help/", "/privacy/", "/nothing-here/")
MISSING = ("404",)


class TestCleanPages:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("url", PAGES)
    def test_have_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, url: str, size: tuple[int, int]
    ) -> None:
        assert_clean(visit(url, size), allow=MISSING)

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("url", PAGES)
    def test_have_no_fault_for_elders(
        self, visit: Callable[..., Page], assert_clean: Any, url: str, size: tuple[int, int]
    ) -> None:
        """R054: every target at least 60x60 and every letter at least 18 px, the contrast by axe."""
        assert_clean(visit(url, size, elder=True), allow=MISSING)

    @pytest.mark.parametrize("size", SIZES)
    def test_gallery_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, settings: Any, size: tuple[int, int]
    ) -> None:
        settings.DEMO = True
        clerk = Person.objects.create_user("clerk", "周敏", "a-long-password")
        assert_clean(visit("/gallery/", size, login=clerk))
