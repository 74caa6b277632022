"""The desk in a browser: clean at both sizes, no scrolling for a judgement, everything by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.intake import a_catalogue
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.factories.people import cast as a_cast
from tests.factories.places import County, a_county
from tests.pages.conftest import PHONE, SIZES
from tests.pages.desk_kit import here, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = (1366, 768)
TEXTS = (
    "厕所反水啦！！满地都是粪水，我一个老太婆弄不动",
    "楼里的下水道又返水，一楼都淹了，麻烦快来看看",
    "三单元的楼梯扶手断了一截，钢筋头支棱着，我妈的手都给划拉了",
)


@pytest.fixture
def county(db: None) -> County:
    return a_county("990201")


@pytest.fixture
def cast(county: County) -> Cast:
    a_catalogue()
    return a_cast()


@pytest.fixture
def waiting(cast: Cast, county: County) -> list[Order]:
    """Three messages of this morning, two of them alike, and a sealed one."""
    now = timezone.now() - timedelta(hours=1)
    spots = [here(county, text=text) for text in TEXTS]
    orders = [an_order(cast, at=now + timedelta(minutes=9 * n), **spot) for n, spot in enumerate(spots)]
    an_order(cast, at=now + timedelta(minutes=50), code="0801", text="家里揭不开锅了")
    return orders


Visit = Callable[..., Page]


class TestCleanPages:
    @pytest.mark.parametrize("size", [*SIZES, LAPTOP])
    def test_inbox(
        self, visit: Visit, assert_clean: Any, cast: Cast, waiting: list[Order], size: tuple[int, int]
    ) -> None:
        """R045: the desk is clean for axe, at a laptop, a wide screen and a phone."""
        assert_clean(visit("/desk/inbox/", size, login=cast.dispatcher))
        assert_clean(visit(url(waiting[1], "inbox"), size, login=cast.dispatcher))

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("way", ["ask", "pass_on", "refuse", "file", "split", "escalate", "merge"])
    def test_ways(
        self, visit: Visit, assert_clean: Any, cast: Cast, waiting: list[Order], size: tuple[int, int], way: str
    ) -> None:
        assert_clean(visit(url(waiting[0], "inbox") + f"?way={way}", size, login=cast.dispatcher))

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("state", [S.RECEIVED, S.OFFERED, S.UNDERWAY, S.SERVED, S.REVIEWED, S.CLOSED, S.PAUSED])
    def test_order(self, visit: Visit, assert_clean: Any, cast: Cast, size: tuple[int, int], state: str) -> None:
        order = an_order(cast, state, at=timezone.now() - timedelta(hours=20), phone="13912345678", text=TEXTS[2])
        assert_clean(visit(url(order), size, login=cast.reviewer))

    @pytest.mark.parametrize("size", SIZES)
    def test_enter_and_find(
        self, visit: Visit, assert_clean: Any, cast: Cast, waiting: list[Order], size: tuple[int, int]
    ) -> None:
        assert_clean(visit("/desk/enter/", size, login=cast.dispatcher))
        assert_clean(visit("/desk/find/?q=下水道", size, login=cast.dispatcher))
        assert_clean(visit("/desk/find/?q=没有这样的话", size, login=cast.dispatcher))

    @pytest.mark.parametrize("size", SIZES)
    def test_empty_inbox(self, visit: Visit, assert_clean: Any, cast: Cast, size: tuple[int, int]) -> None:
        assert_clean(visit("/desk/inbox/", size, login=cast.dispatcher))


class TestFit:
    def test_needs_no_scrolling_for_a_judgement(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        """R045: at 1366x768 neither the page nor the pane of the judgement scrolls."""
        page = visit(url(waiting[0], "inbox"), LAPTOP, login=cast.dispatcher)
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        pane = page.locator(".judge .scroll")
        assert pane.evaluate("(e) => e.scrollHeight - e.clientHeight") <= 1

    def test_shows_a_phone_the_list_and_then_the_message(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        page = visit("/desk/inbox/", PHONE, login=cast.dispatcher)
        expect(page.locator(".mail").first).to_be_visible()
        expect(page.locator(".judge")).to_be_hidden()
        page.locator(".mail").first.click()
        expect(page.locator(".judge")).to_be_visible()
        expect(page.locator(".mail").first).to_be_hidden()


class TestKeys:
    def test_judge_by_keyboard(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        """R045: urgency, next, previous and yes are one key each."""
        page = visit("/desk/inbox/?sort=oldest", LAPTOP, login=cast.dispatcher)
        page.keyboard.press("j")
        page.wait_for_url("**/desk/inbox/**-*/**")
        page.keyboard.press("2")
        expect(page.locator("input[name=urgency][value='2']")).to_be_checked()
        number = page.locator(".judge .b").first.inner_text()
        page.keyboard.press("Enter")
        expect(page.locator(".toast").first).to_contain_text(number)
        page.wait_for_load_state()
        assert Order.objects.get(serial=int(number[-3:])).state == S.OPEN

    def test_dispatch_by_keyboard(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        """R044 R045: P opens the names with the first under the finger, space chooses, Enter sends."""
        page = visit(url(waiting[0], "inbox"), LAPTOP, login=cast.dispatcher)
        page.keyboard.press("p")
        expect(page.locator("input[name=to]").first).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator(".toast").first).to_contain_text("派给了")
        assert Order.objects.get(pk=waiting[0].pk).state == S.OFFERED

    def test_ask_and_merge_by_keyboard(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        page = visit(url(waiting[0], "inbox"), LAPTOP, login=cast.dispatcher)
        page.keyboard.press("w")
        expect(page.locator("textarea[name=question]")).to_be_visible()
        page.goto(page.url.split("?")[0])
        page.keyboard.press("m")
        expect(page.locator(".toast").first).to_contain_text("并过去了")
        page.get_by_role("button", name="撤回").click()
        expect(page.locator(".toast").first).to_contain_text("分出来了")
        assert Order.objects.get(pk=waiting[0].pk).state == S.RECEIVED

    def test_call_back_and_close_by_keyboard(self, visit: Visit, cast: Cast) -> None:
        """R036 R047: the second key is turned without a mouse."""
        order = an_order(cast, S.SERVED, at=timezone.now() - timedelta(hours=3))
        page = visit(url(order), LAPTOP, login=cast.reviewer)
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        page.locator("details[open] input[name=word]").first.focus()
        page.keyboard.press("Space")
        page.locator("details[open] form button").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#do_close")).to_be_visible()
        page.locator("#do_close").focus()
        page.keyboard.press("Enter")
        page.locator("details[open] form button").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".toast", has_text="销号了")).to_be_visible()
        assert Order.objects.get(pk=order.pk).state == S.CLOSED

    def test_write_down_a_call_by_keyboard(self, visit: Visit, cast: Cast, waiting: list[Order]) -> None:
        """R057: words, Tab, place, Tab, number, Enter; the open neighbours come by themselves."""
        page = visit("/desk/enter/", LAPTOP, login=cast.dispatcher)
        expect(page.locator("textarea[name=text]")).to_be_focused()
        page.keyboard.type("楼道灯坏了三天")
        page.keyboard.press("Tab")
        page.keyboard.type("桐花苑1号楼")
        expect(page.locator("#beside")).to_contain_text("没办完的")
        page.keyboard.press("Tab")
        page.keyboard.type("13912345678")
        page.keyboard.press("Enter")
        expect(page.locator(".told")).to_contain_text("查询码")
        expect(page.locator("textarea[name=text]")).to_be_focused()
        assert Order.objects.filter(channel="phone", masked="楼道灯坏了三天").exists()


class TestRefusedMove:
    def test_stays_open_with_its_words(self, visit: Visit, cast: Cast) -> None:
        """R047: a call-back sent half empty says what is missing where it was typed."""
        order = an_order(cast, S.SERVED, at=timezone.now() - timedelta(hours=20), phone="13912345678", text=TEXTS[2])
        page = visit(url(order), login=cast.reviewer)
        page.locator("#do_call_back").click()
        form = page.locator("details:has(#do_call_back)")
        form.get_by_role("button").last.click()
        expect(form).to_have_attribute("open", "")
        expect(form.locator(".errsum")).to_be_visible()
