"""我的信息, 删除要求 and 到期删除 in a browser: no fault at any size, elder mode included."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.core import retention
from sandan.orders.actions import forgetting, looking, placing, resident_data
from sandan.orders.models import Order
from tests.factories.orders import an_order, asker_of
from tests.factories.resident import Town, a_town
from tests.pages.conftest import SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Town:
    return a_town()


def an_own_order(town: Town, **facts: Any) -> Order:
    at = timezone.now() - timedelta(hours=2)
    order: Order = an_order(town.cast, "taken", at=at, phone="16455501234", name="司空阿姨", **facts)
    for what in ("contact", "door"):
        looking.at_sealed(order=order, what=what, by=town.cast.dispatcher, why="desk", at=at + timedelta(hours=1))
    return order


class TestMyData:
    @pytest.mark.parametrize(("size", "elder"), [((390, 844), False), ((390, 844), True), ((1440, 900), False)])
    def test_is_asked_for_shown_and_erased(
        self, town: Town, visit: Callable[..., Page], assert_clean: Any, live_server: Any, size: tuple[int, int],
        elder: bool,
    ) -> None:  # fmt: skip
        order = an_own_order(town)
        page = visit("/follow/", size=size, elder=elder)
        page.get_by_label("单号", exact=True).fill(order.full_number)
        page.get_by_label("查询码").fill(placing.secret_of(order.key))
        page.get_by_role("button", name="看进度").click()
        page.get_by_role("link", name="我的信息").click()
        expect(page.get_by_text("社区派单员（姓周）").first).to_be_visible()
        assert_clean(page)
        keep_picture(page, "/my-data/", size, elder)
        page.get_by_role("button", name="显示全部内容").click()
        expect(page.get_by_text("司空阿姨")).to_be_visible()
        assert_clean(page)
        keep_picture(page, "/my-data-shown/", size, elder)
        page.locator("summary", has_text="要求删除").click()
        page.get_by_role("button", name="删除我的信息").click()
        expect(page.get_by_text("称呼和电话删掉了").first).to_be_visible()
        assert_clean(page)


class TestStaff:
    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_desk_the_auditor_and_one_s_own(
        self, town: Town, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int]
    ) -> None:
        resident_data.wish(asker=asker_of(an_own_order(town, code="0301")), at=timezone.now())
        resident_data.wish(asker=asker_of(an_own_order(town)), at=timezone.now())
        retention.run(forgetting.RULES, at=timezone.now())
        people = town.cast
        for person, path in (
            (people.dispatcher, "/desk/wishes/"), (people.auditor, "/audit/kept/"), (people.member, "/own/"),
        ):  # fmt: skip
            page = visit(path, login=person, size=size)
            assert_clean(page)
            keep_picture(page, path, size)
