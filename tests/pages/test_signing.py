"""Signing in, in a browser: a member of sixty by code on a phone, a desk with a passkey, the keeper of accounts."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from sandan.core.sealed import digest
from sandan.front import actions
from sandan.front.models import Factor
from sandan.people.models import Person, Role
from tests.factories.people import COMMUNITY, COUNTY, a_place, a_post, somebody
from tests.pages.conftest import DESK, PHONE, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "16400990121"
WORD = "a-quiet-evening-4"


@pytest.fixture
def member() -> Person:
    """A member with a work phone."""
    person = Person.objects.create_user(
        "lian", "贺连生", WORD, phone=NUMBER, phone_digest=digest(NUMBER, "phone"), phone_tail=NUMBER[-4:]
    )
    a_place(COMMUNITY)
    a_post(person, Role.MEMBER, COMMUNITY)
    return person


class TestByCode:
    @pytest.mark.parametrize("elder", [False, True])
    def test_takes_two_pages_with_big_figures(
        self, visit: Callable[..., Page], assert_clean: Any, settings: Any, member: Person, elder: bool
    ) -> None:
        settings.DEMO = True
        page = visit("/login/code/", PHONE, elder=elder)
        assert_clean(page)
        assert page.evaluate("document.activeElement.name") == "phone"
        page.keyboard.type("164 0099 0121")
        page.keyboard.press("Enter")
        page.wait_for_url("**/login/code/type/")
        keep_picture(page, "/login/code/type/", PHONE, elder)
        assert_clean(page)
        field = page.get_by_label("6 位验证码")
        box = field.bounding_box()
        assert box is not None
        assert box["height"] >= 60
        assert field.get_attribute("autocomplete") == "one-time-code"
        assert field.get_attribute("inputmode") == "numeric"
        shown = re.search(r"验证码是 (\d{6})", page.content())
        assert shown is not None
        field.fill(shown.group(1))
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)


class TestSafety:
    @pytest.mark.parametrize("size", SIZES)
    def test_shows_factors_and_devices_without_a_fault(
        self, visit: Callable[..., Page], assert_clean: Any, member: Person, size: tuple[int, int]
    ) -> None:
        actions.begin_app(person=member, at=timezone.now())
        Factor.objects.update(confirmed_at=timezone.now(), used_at=timezone.now())
        actions.new_paper(person=member, at=timezone.now())
        visit("/help/", size, login=member)
        page = visit("/safety/", size, login=member)
        assert_clean(page)
        assert page.get_by_role("button", name="别的设备全部退出").is_visible()

    def test_sets_an_app_up_on_a_phone(self, visit: Callable[..., Page], assert_clean: Any, member: Person) -> None:
        page = visit("/safety/app/", PHONE, login=member)
        page.get_by_text("扫不了，手工输入").click()
        keep_picture(page, "/safety/app/open/", PHONE)
        assert_clean(page)
        secret = re.sub(r"\s", "", page.locator("code").inner_text())
        page.get_by_label("6 位数字").fill(actions.factors.figures(secret, timezone.now()))
        page.get_by_role("button", name="启用").click()
        page.get_by_role("heading", name="把这 10 个恢复码抄下来").wait_for()
        keep_picture(page, "/safety/paper/", PHONE)
        assert_clean(page)

    def test_the_password_page_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, member: Person
    ) -> None:
        assert_clean(visit("/safety/password/", PHONE, login=member))


class TestPasskey:
    def test_is_added_and_then_opens_the_door(
        self, visit: Callable[..., Page], assert_clean: Any, member: Person
    ) -> None:
        """The library checks a real key of the browser's; a copy of what it signed opens nothing."""
        page = visit("/safety/passkey/", DESK, login=member)
        tools = page.context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"automaticPresenceSimulation": True}})
        assert_clean(page)
        page.get_by_role("button", name="添加").click()
        page.get_by_role("heading", name="把这 10 个恢复码抄下来").wait_for()
        key = Factor.objects.get(kind="passkey")
        page.goto(page.url.partition("/safety")[0] + "/safety/")
        page.get_by_role("button", name="退出登录").click()
        page.goto(page.url.partition("/login")[0].rstrip("/") + "/login/")
        page.get_by_label("登录名或工作手机号").fill("lian")
        page.get_by_label("密码", exact=True).fill(WORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/login/second/")
        keep_picture(page, "/login/second/", DESK)
        assert_clean(page)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
        page.get_by_role("button", name="用通行密钥").click()
        page.wait_for_url(lambda url: "/login" not in url)
        key.refresh_from_db()
        assert key.counter > 0
        assert key.used_at is not None
        assert any("answer" in one for one in sent)


class TestAccounts:
    @pytest.mark.parametrize("size", SIZES)
    def test_have_no_fault(self, visit: Callable[..., Page], assert_clean: Any, member: Person, size: Any) -> None:
        a_post(member, Role.GRID_WORKER, COMMUNITY, from_at=timezone.now() - timedelta(days=1))
        keeper = somebody("管安全", Role.SECURITY, COUNTY)
        page = visit("/accounts/", size, login=keeper)
        assert_clean(page)
        page.get_by_role("link", name="贺连生").click()
        page.get_by_role("button", name="给临时密码").click()
        page.get_by_text("临时密码：").wait_for()
        keep_picture(page, "/accounts/one/", size)
        assert_clean(page)
