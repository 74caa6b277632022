"""The residents' pages in a browser: faults, sizes, elder mode, the keyboard alone, script on and off."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from sandan.orders.actions import placing
from sandan.orders.models import Order, Photo
from tests.factories.orders import a_course, a_picture
from tests.factories.people import COMMUNITY
from tests.factories.resident import WORDS, Town, a_town, joining, say
from tests.pages.conftest import PHONE, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOT_ALL_OF_IT = ("422", "404")


@pytest.fixture
def town() -> Town:
    town = a_town()
    town.ground.communities[0].phone = "16400990000"
    town.ground.communities[0].save()
    return town


def near_by(town: Town, state: str = "judged", **facts: Any) -> Order:
    estate = town.ground.estate
    place = {"estate": estate, "building": "1", "lon": estate.lon, "lat": estate.lat}
    text = "桐花苑1号楼楼梯扶手断了，老人上下楼不敢扶"
    return a_course(
        town.cast, state, at=timezone.now() - timedelta(hours=2), code="0104", text=text, **(place | facts)
    ).order


def opened(page: Page, base: str, order: Order) -> None:
    """Come in by number and secret, as a resident does."""
    page.goto(f"{base}/follow/")
    page.get_by_label("单号", exact=True).fill(order.full_number)
    page.get_by_label("查询码").fill(placing.secret_of(order.key))
    page.get_by_role("button", name="看进度").click()
    page.wait_for_url("**/follow/*/")


class TestCleanPages:
    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_three_steps(
        self, town: Town, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int], elder: bool
    ) -> None:
        """R054: no fault by axe, targets and letters as large as elders need, at every step and on the slip."""
        near_by(town)
        page = visit(f"/order/?c={COMMUNITY}&from=board", size, elder=elder)
        assert_clean(page)
        page.get_by_role("textbox", name="出了什么事").fill(WORDS)
        page.get_by_role("button", name="下一步：在哪里").click()
        expect(page.get_by_text("我也是").first).to_be_visible()
        keep_picture(page, "order-where", size, elder)
        assert_clean(page)
        page.get_by_text("别的小区").click()
        page.get_by_text("从列表里选").click()
        keep_picture(page, "order-where-estate", size, elder)
        assert_clean(page)
        page.get_by_text("用手机的位置").click()
        keep_picture(page, "order-where-pin", size, elder)
        assert_clean(page)
        page.get_by_text("桐花苑 1号楼 2单元").click()
        page.get_by_role("button", name="下一步：核对").click()
        page.get_by_label("您的电话").fill("16400007719")
        keep_picture(page, "order-check", size, elder)
        assert_clean(page)
        page.get_by_role("button", name="交给社区").click()
        expect(page.get_by_role("heading", name="收到了")).to_be_visible()
        keep_picture(page, "order-done", size, elder)
        assert_clean(page)

    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_of_bad_input_and_danger(
        self, town: Town, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int], elder: bool
    ) -> None:
        page = visit("/order/", size, elder=elder)
        page.get_by_role("button", name="下一步：在哪里").click()
        expect(page.get_by_role("alert").filter(has_text="一句话就行")).to_be_focused()
        page.get_by_role("textbox", name="出了什么事").fill("桐花苑1号楼有煤气味")
        expect(page.get_by_role("link", name="打 119 火警")).to_be_visible()
        keep_picture(page, "order-danger", size, elder)
        assert_clean(page, allow=NOT_ALL_OF_IT)
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_role("button", name="下一步：核对").click()
        page.get_by_label("您的电话").fill("1640000771")
        page.get_by_role("button", name="交给社区").click()
        expect(page.get_by_text("少了 1 位，手机号是 11 位。").first).to_be_visible()
        keep_picture(page, "order-check-bad", size, elder)
        assert_clean(page, allow=NOT_ALL_OF_IT)

    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_of_following(
        self,
        town: Town,
        visit: Callable[..., Page],
        assert_clean: Any,
        live_server: Any,
        size: tuple[int, int],
        elder: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("sandan.notices.channels.reaches_phones", lambda: True)
        page = visit("/follow/", size, elder=elder)
        assert_clean(page)
        for state in ("underway", "served", "asked", "closed"):
            order = near_by(town, state)
            opened(page, live_server.url, order)
            keep_picture(page, f"progress-{state}", size, elder)
            assert_clean(page)
        page.goto(f"{live_server.url}/follow/")
        page.get_by_label("点单时留的电话").fill("16400007719")
        page.get_by_role("button", name="取验证码").click()
        keep_picture(page, "follow-code", size, elder)
        assert_clean(page)

    @pytest.mark.parametrize("elder", [False, True])
    @pytest.mark.parametrize("size", SIZES)
    def test_of_joining_the_sheet_and_what_is_gone(
        self, town: Town, visit: Callable[..., Page], assert_clean: Any, size: tuple[int, int], elder: bool
    ) -> None:
        order = near_by(town)
        page = visit(joining(order.full_number), size, elder=elder)
        assert_clean(page)
        page.get_by_role("button", name="我也是，一起报").click()
        expect(page.get_by_role("heading", name="记上了")).to_be_visible()
        keep_picture(page, "order-joined", size, elder)
        assert_clean(page)
        assert_clean(visit(f"/order/{uuid4()}/where/", size, elder=elder), allow=("410",))
        if not elder:
            assert_clean(visit(f"/sheet/{COMMUNITY}/", size), allow=("410",))


class TestKeyboard:
    def test_alone_places_an_order(self, town: Town, visit: Callable[..., Page]) -> None:
        """Nothing but Tab, Space, arrows, Enter and letters."""
        page = visit("/order/", PHONE)

        def tab_to(name: str) -> None:
            for _ in range(40):
                page.keyboard.press("Tab")
                here = page.evaluate(
                    "(document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? '')"
                )
                if name in here:
                    return
            raise AssertionError(f"no way to {name} by keyboard")

        tab_to("出了什么事")
        page.keyboard.insert_text(WORDS)
        tab_to("下一步：在哪里")
        page.keyboard.press("Enter")
        page.wait_for_url("**/where/")
        tab_to("桐花苑 1号楼 2单元")
        page.keyboard.press("Space")
        tab_to("下一步：核对")
        page.keyboard.press("Enter")
        page.wait_for_url("**/check/")
        tab_to("您的电话")
        page.keyboard.insert_text("16400007719")
        tab_to("交给社区")
        page.keyboard.press("Enter")
        page.wait_for_url("**/done/")
        assert Order.objects.get().building == "1"


class TestScript:
    def test_off_places_follows_and_reviews(self, town: Town, browser: Browser, live_server: Any) -> None:
        """Plain forms carry everything: an estate by its name, a place from the list, the order and the way back."""
        context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(f"{live_server.url}/order/")
        page.get_by_role("textbox", name="出了什么事").fill("门口的灯不亮")
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_label("小区或院子的名字").fill("铜花苑")
        page.get_by_label("几号楼").fill("1")
        page.get_by_role("button", name="下一步：核对").click()
        page.get_by_role("button", name="交给社区").click()
        page.get_by_role("link", name="看进度").click()
        assert "收到了" in page.locator("h2.q").inner_text()
        context.close()

    def test_suggests_estates_and_counts_a_double_press_once(self, town: Town, visit: Callable[..., Page]) -> None:
        page = visit("/order/", PHONE)
        page.get_by_role("textbox", name="出了什么事").fill("门口的灯不亮")
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_label("小区或院子的名字").press_sequentially("thy")
        expect(page.locator("#estate-names option").first).to_have_attribute("value", "桐花苑")
        page.get_by_label("小区或院子的名字").fill("桐花苑")
        page.get_by_role("button", name="下一步：核对").click()
        page.wait_for_url("**/check/")
        page.get_by_role("button", name="交给社区").dblclick()
        page.wait_for_url("**/done/")
        assert Order.objects.count() == 1

    def test_makes_a_large_photo_small_before_it_is_sent(
        self, town: Town, visit: Callable[..., Page], tmp_path: Path
    ) -> None:
        large = tmp_path / "large.png"
        Image.effect_noise((2600, 1900), 90).save(large)
        assert large.stat().st_size > 2 * 1024 * 1024
        page = visit("/order/", PHONE)
        page.get_by_role("textbox", name="出了什么事").fill(WORDS)
        page.locator("input[type=file]").set_input_files(large)
        expect(page.locator("[data-previews] img")).to_be_visible()
        sent = page.evaluate("document.querySelector('input[type=file]').files[0].size")
        assert sent < large.stat().st_size / 2
        page.get_by_role("button", name="下一步：在哪里").click()
        page.wait_for_url("**/where/")
        assert Photo.objects.count() == 1

    def test_takes_the_position_of_the_device(self, town: Town, browser: Browser, live_server: Any) -> None:
        estate = town.ground.estate
        context = browser.new_context(
            locale="zh-CN", viewport={"width": 390, "height": 844}, permissions=["geolocation"],
            geolocation={"longitude": estate.lon, "latitude": estate.lat},
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{live_server.url}/order/")
        page.get_by_role("textbox", name="出了什么事").fill("路灯不亮")
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_text("用手机的位置").click()
        page.get_by_role("button", name="用我现在的位置").click()
        expect(page.get_by_text("拿到了，误差大约")).to_be_visible()
        page.get_by_role("button", name="下一步：核对").click()
        page.wait_for_url("**/check/")
        context.close()

    def test_takes_a_point_of_the_plan(self, town: Town, visit: Callable[..., Page]) -> None:
        page = visit(f"/order/?c={COMMUNITY}", PHONE)
        page.get_by_role("textbox", name="出了什么事").fill("路灯不亮")
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_text("用手机的位置").click()
        page.locator("[data-plan] svg").click(position={"x": 150, "y": 150})
        expect(page.get_by_text("选好了图上的这一处。")).to_be_visible()
        page.get_by_role("button", name="下一步：核对").click()
        page.wait_for_url("**/check/")
        page.get_by_role("button", name="交给社区").click()
        page.wait_for_url("**/done/")
        assert Order.objects.get().community_id == COMMUNITY


def test_photos_of_a_draft_are_shown_on_the_first_step(
    town: Town, visit: Callable[..., Page], assert_clean: Any
) -> None:
    key, _ = say(Client(), photos=[SimpleUploadedFile("a.jpg", a_picture(), "image/jpeg")])
    page = visit(f"/order/{key}/", PHONE, elder=True)
    assert page.evaluate("document.querySelector('.photos img').naturalWidth") > 0
    assert_clean(page)
