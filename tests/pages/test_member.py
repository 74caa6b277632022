"""The members' pages in a browser: clean at both sizes and in elder mode, lists that renew, everything by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.intake import a_catalogue
from tests.factories.orders import a_course, a_picture, an_order
from tests.factories.people import Cast, somebody
from tests.factories.people import cast as a_cast
from tests.factories.places import County, a_county
from tests.pages.conftest import PHONE, SIZES, keep_picture
from tests.pages.desk_kit import here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
TEXTS = (
    "厨房下水道堵了，水一直往上返，我一个人弄不动，麻烦来人看看",
    "楼道里的灯不亮了，老人上下楼看不见",
    "卫生间水龙头关不严，滴了好几天",
)
LATE = ("status of 409", "status of 422")  # a page that says no says so in its status too


@pytest.fixture
def county(db: None) -> County:
    return a_county("990201")


@pytest.fixture
def cast(county: County) -> Cast:
    a_catalogue()
    return a_cast()


@pytest.fixture
def helper(cast: Cast, county: County) -> Person:
    """A member who lives in the grid of the estate."""
    house = county.buildings[0]
    near = {"home_id": house.grid_id, "lon": house.lon, "lat": house.lat + 0.0016}
    return somebody("贺师傅", Role.MEMBER, county.communities[0].code, skills=["水暖维修", "电工"], **near)


@pytest.fixture
def hall(cast: Cast, county: County, helper: Person) -> list[Order]:
    """Three open orders, one for another trade, one offered to the member."""
    now = timezone.now() - timedelta(minutes=9)
    codes = ("0102", "0104", "0102")
    orders = [
        an_order(cast, S.OPEN, at=now, code=code, urgency=2 if n == 1 else 1, **here(county, text=text))
        for n, (code, text) in enumerate(zip(codes, TEXTS, strict=True))
    ]
    an_order(cast, S.OPEN, at=now, code="0201", **here(county, text="垃圾没人清"))
    an_order(cast, S.OPEN, at=now, code="0805", text="想要一副老花镜")
    a_course(cast, S.JUDGED, at=now, **here(county, text="暖气片漏水，地板泡了")).do(
        "offer", cast.dispatcher, to=[helper]
    )
    return orders


def mine(cast: Cast, helper: Person, county: County, state: str) -> Order:
    now = timezone.now() - timedelta(minutes=40)
    facts = here(county, text=TEXTS[0], phone="16412345678", name="邓秀兰", door="2单元501")
    return an_order(cast, state, at=now, helper=helper, **facts)


class TestCleanPages:
    @pytest.mark.parametrize("size", SIZES)
    def test_hall(
        self, visit: Visit, assert_clean: Any, helper: Person, hall: list[Order], size: tuple[int, int]
    ) -> None:
        """R044: the hall, one order, an offer: clean for axe at both sizes, targets for a finger."""
        assert_clean(visit("/hall/", size, login=helper))
        assert_clean(visit(f"/hall/{hall[0].full_number}/", size, login=helper))
        offered = Order.objects.get(state=S.OFFERED)
        page = visit(f"/hall/{offered.full_number}/", size, login=helper)
        page.click("#no")
        assert_clean(page)
        assert_clean(visit("/notices/", size, login=helper))

    @pytest.mark.parametrize("size", SIZES)
    def test_elder_mode(
        self, visit: Visit, assert_clean: Any, helper: Person, hall: list[Order], size: tuple[int, int]
    ) -> None:
        assert_clean(visit("/hall/", size, login=helper, elder=True))
        assert_clean(visit(f"/hall/{hall[0].full_number}/", size, login=helper, elder=True))

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("state", [S.TAKEN, S.UNDERWAY, S.SERVED])
    def test_task(
        self, visit: Visit, assert_clean: Any, cast: Cast, helper: Person, county: County,
        size: tuple[int, int], state: str,
    ) -> None:  # fmt: skip
        order = mine(cast, helper, county, state)
        page = visit(f"/mine/{order.full_number}/", size, login=helper)
        assert_clean(page)
        for summary in page.locator("summary").all():
            summary.click()
            assert_clean(page)
        assert_clean(visit("/mine/", size, login=helper))

    @pytest.mark.parametrize("size", SIZES)
    def test_opened_and_refused(
        self, visit: Visit, assert_clean: Any, cast: Cast, helper: Person, county: County, size: tuple[int, int]
    ) -> None:
        order = mine(cast, helper, county, S.UNDERWAY)
        page = visit(f"/mine/{order.full_number}/", size, login=helper)
        page.click("#see-door")
        expect(page.get_by_text("164 1234 5678")).to_be_visible()
        expect(page.get_by_text("2单元501")).to_be_visible()
        assert_clean(page)
        keep_picture(page, f"{page.url[-8:]}door", size)
        page.click("#next")
        expect(page.get_by_role("alert").first).to_contain_text("还差")
        keep_picture(page, "refused", size)
        assert_clean(page, allow=LATE)

    @pytest.mark.parametrize("size", SIZES)
    def test_too_late(
        self, visit: Visit, assert_clean: Any, cast: Cast, helper: Person, hall: list[Order], size: tuple[int, int]
    ) -> None:
        """R044: who is late reads who has it and finds what else is near."""
        page = visit(f"/hall/{hall[0].full_number}/", size, login=helper)
        Person.objects.filter(pk=cast.member.pk).update(reach_metres=10_000_000)
        cast.member.refresh_from_db()
        actions.grab(order=hall[0], by=cast.member, at=timezone.now())
        page.click("#take")
        expect(page.get_by_role("heading", name="晚了一步，贺连生刚接走。")).to_be_visible()
        expect(page.locator("article.job").first).to_be_visible()
        keep_picture(page, "gone", size)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # nothing half behind the tabs
        assert_clean(page, allow=LATE)


class TestRenewing:
    def test_new_orders_come_by_themselves(
        self, visit: Visit, cast: Cast, helper: Person, hall: list[Order], county: County
    ) -> None:
        """R044: nobody needs to reload the hall; nothing moves under the focus."""
        page = visit("/hall/", PHONE, login=helper)
        page.mouse.move(1, 1)
        late = an_order(cast, S.OPEN, at=timezone.now() - timedelta(minutes=9), **here(county, text="马桶盖松了"))
        card = page.locator(f"#job-{late.full_number}")
        page.locator(f"#grab-{hall[0].full_number}").focus()
        page.wait_for_timeout(13_000)
        expect(card).to_have_count(0)
        page.evaluate("document.activeElement.blur()")
        expect(card).to_be_visible(timeout=14_000)


def press(page: Page, selector: str) -> None:
    """Walk with the Tab key until the focus stands there, then Enter."""
    for _step in range(80):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("s => document.activeElement?.matches(s)", selector), selector
    page.keyboard.press("Enter")
    page.wait_for_load_state("load")


class TestKeyboard:
    def test_alone_takes_an_order_and_hands_it_in(
        self, visit: Visit, helper: Person, hall: list[Order], tmp_path: Path
    ) -> None:
        """R044: from the hall to handed in without a pointer."""
        order = hall[0]
        for name in ("before", "after"):
            (tmp_path / f"{name}.jpg").write_bytes(a_picture())
        page = visit("/hall/", PHONE, login=helper)
        press(page, f"#grab-{order.full_number}")
        expect(page.get_by_text("接下了")).to_be_visible()
        press(page, "#next")
        expect(page.get_by_text("点单人知道您出发了")).to_be_visible()
        page.set_input_files("#finish_before", tmp_path / "before.jpg")  # the system's own dialogue is no page
        page.set_input_files("#finish_after", tmp_path / "after.jpg")
        expect(page.locator("[data-previews] img")).to_have_count(2)
        page.focus("#finish_after")
        for _step in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "finish_work":
                break
        page.keyboard.type("清了堵点，试水通畅。")
        press(page, "#next")
        expect(page.get_by_text("交上了，等点单人说一声。")).to_be_visible()
        assert Order.objects.get(pk=order.pk).state == S.SERVED


class TestWithoutScript:
    def test_an_offer_is_declined_and_an_order_taken(
        self, browser: Any, live_server: Any, helper: Person, hall: list[Order]
    ) -> None:
        client = Client()
        client.force_login(helper)
        context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844})
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        offered = Order.objects.get(state=S.OFFERED)
        page.goto(f"{live_server.url}/hall/{offered.full_number}/")
        page.click("#no")
        page.get_by_role("button", name="临时有事").click()
        expect(page.get_by_text("不影响您")).to_be_visible()
        page.goto(f"{live_server.url}/hall/{hall[0].full_number}/")
        page.click("#take")
        page.locator("#do-release").click()
        page.get_by_label("缺工具").check()
        page.get_by_role("button", name="办不了，交回社区").click()
        expect(page.get_by_text("交回社区了")).to_be_visible()
        context.close()
