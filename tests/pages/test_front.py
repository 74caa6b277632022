"""The front's pages in a browser: axe, sizes, words, at both sizes and in elder mode."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from sandan.front import queries
from sandan.people.models import Person, Post, Role
from tests.factories.people import COMMUNITY
from tests.factories.resident import a_town, place
from tests.pages.conftest import PHONE, SIZES, keep_picture

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

    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_the_broken_page_has_no_fault(
        self,
        visit: Callable[..., Page],
        assert_clean: Any,
        monkeypatch: pytest.MonkeyPatch,
        size: tuple[int, int],
        elder: bool,
    ) -> None:
        def fall(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr(queries, "community", fall)
        page = visit("/help/?broken", size, elder=elder)
        assert page.get_by_role("heading", name="是我们这边出错了").is_visible()
        assert_clean(page, allow=("500",))

    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_home_with_an_order_under_way_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int], elder: bool
    ) -> None:
        a_town()
        client = Client()
        place(client)
        page = visit(f"/?c={COMMUNITY}", size, elder=elder, client=client)
        assert page.get_by_text("看进度").is_visible()
        assert_clean(page)

    @pytest.mark.parametrize("size", SIZES)
    def test_gallery_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, settings: Any, size: tuple[int, int]
    ) -> None:
        settings.DEMO = True
        clerk = Person.objects.create_user("clerk", "周敏", "a-long-password")
        assert_clean(visit("/gallery/", size, login=clerk))


class TestLoginInABrowser:
    @pytest.mark.parametrize("size", SIZES)
    def test_leads_the_eye_and_the_focus_to_what_is_missing(
        self, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int]
    ) -> None:
        page = visit("/login/", size)
        page.get_by_label("登录名或工作手机号").fill("zhoumin")
        page.get_by_role("button", name="登录", exact=True).click()
        page.get_by_role("alert").wait_for()
        assert page.evaluate("document.activeElement.classList.contains('errsum')")
        assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == ["密码：写上密码"]
        assert page.get_by_label("登录名或工作手机号").input_value() == "zhoumin"
        keep_picture(page, "/login/wrong/", size)
        assert_clean(page, allow=("422",))

    @pytest.mark.parametrize("size", SIZES)
    def test_lets_one_try_the_demo_with_a_press(
        self, visit: Callable[..., Page], assert_clean: Any, settings: Any, size: tuple[int, int]
    ) -> None:
        settings.DEMO = True
        for i, (role, name) in enumerate([(Role.DISPATCHER, "周敏"), (Role.MEMBER, "景师古"), (Role.AUDITOR, "欧阳")]):
            person = Person.objects.create_user(f"demo.{role.value}", name, queries.DEMO_PASSWORD)
            since = timezone.now() - timedelta(days=1 + i)
            Post.objects.create(person=person, role=role, scope="140106001001", from_at=since)
        page = visit("/login/?demo", size)
        assert_clean(page)
        page.get_by_role("form", name="景师古").get_by_role("button").click()
        page.wait_for_url(lambda url: "/login" not in url)
        assert "sessionid" in {cookie["name"] for cookie in page.context.cookies()}


class TestKeyboard:
    def test_first_stop_skips_to_the_text(self, visit: Callable[..., Page]) -> None:
        page = visit("/help/", PHONE)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

    def test_elder_mode_is_one_press_and_stays(self, visit: Callable[..., Page]) -> None:
        page = visit("/help/", PHONE)
        page.get_by_role("button", name="长辈版").press("Enter")
        page.get_by_role("button", name="标准版").wait_for()
        assert page.url.endswith("/help/")
        page.goto(page.url.replace("/help/", "/"))
        assert page.locator("html[data-mode=elder]").count() == 1


class TestWithoutScript:
    def test_every_word_is_there(self, live_server: Any, browser: Browser) -> None:
        context = browser.new_context(locale="zh-CN", java_script_enabled=False)
        page = context.new_page()
        page.goto(live_server.url + "/")
        page.get_by_role("button", name="长辈版").click()
        assert page.locator("html[data-mode=elder]").count() == 1
        context.close()
