"""The boards in a browser: axe at both sizes, seventeen rows, cards, rows that stay in place, keys alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast
from tests.factories.people import cast as a_cast
from tests.pages.conftest import DESK, PHONE, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = MORNING + timedelta(hours=4)
LISTS = ("board", "calls", "checks", "stalled", "unanswered", "figures")
MATTERS = (
    (S.TAKEN, "0102", "下水道返水，厨房里全是脏水。", 7), (S.RECEIVED, "0104", "三单元门口的灯坏了，老人看不见路。", 3),
    (S.OPEN, "0201", "垃圾房门烂了，狗拖得满院子。", 0), (S.UNDERWAY, "0106", "五号楼电压低，空调带不动。", 0),
    (S.SERVED, "0102", "门前积水三天了。", 0), (S.SERVED, "0202", "铁路涵洞里味大，学生天天走。", 1),
    (S.JUDGED, "0101", "外墙排水管断裂，一至三层墙体发霉。", 0), (S.PAUSED, "0104", "单元门门禁主板坏了。", 4),
    (S.LEDGERED, "0105", "物业费涨了，没有公示。", 10), (S.ASKED, "0104", "说不清位置的灯。", 2),
    (S.JUDGED, "0801", "想问问救助的事。", 0), (S.ESCALATED, "0203", "纸厂路西瓜车占道，瓜皮满地。", 2),
    (S.REVIEWED, "0102", "水龙头换好了没有人来看。", 1), (S.SERVED, "0702", "楼上天天吵。", 1),
    (S.OFFERED, "0601", "楼上噪声，孩子没法睡。", 0), (S.RECEIVED, "0103", "电梯又停了。", 0),
    (S.CLOSED, "0102", "马桶堵了。", 5), (S.CLOSED, "0201", "旧冰箱没人收。", 6), (S.OPEN, "0102", "水表井盖坏了。", 0),
    (S.TAKEN, "0201", "装修垃圾堆在楼道里，过不去人，已经一个星期没有人管了，请来看看。", 0),
)  # fmt: skip


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return a_cast()


@pytest.fixture
def lived_in(cast: Cast) -> list[Order]:
    return [
        an_order(cast, state, code=code, text=text, at=MORNING - timedelta(days=days))
        for state, code, text, days in MATTERS
    ]


def refreshed(page: Page) -> None:
    """One refresh, answered and put in place."""
    with page.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
        page.evaluate("htmx.trigger('#refresh', 'refresh')")
    page.wait_for_timeout(150)


class TestBoards:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("name", LISTS)
    def test_have_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, lived_in: list[Order], name: str, size: Any
    ) -> None:
        assert_clean(visit(reverse(f"orders:{name}"), size, login=cast.dispatcher))

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("query", ["board/?view=columns", "board/?more=1&list=counted", "figures/?paper=on"])
    def test_have_no_fault_in_their_other_forms(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, lived_in: list[Order], query: str, size: Any
    ) -> None:
        assert_clean(visit(f"/desk/{query}", size, login=cast.liaison))

    @pytest.mark.parametrize("size", SIZES)
    def test_have_no_fault_on_the_call_form(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, size: Any
    ) -> None:
        order = an_order(cast, S.SERVED)
        page = visit(reverse("orders:call", args=[order.full_number]), size, login=cast.dispatcher)
        assert_clean(page)
        page.get_by_role("button", name="记下这次回访").click()
        expect(page.get_by_role("alert")).to_contain_text("选一个：解决了")

    def test_show_seventeen_rows_on_a_desk(self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]) -> None:
        page = visit(reverse("orders:board"), DESK, login=cast.dispatcher)
        whole = page.evaluate(
            """() => { const foot = document.querySelector('.board .scroll').getBoundingClientRect().bottom;
            const rows = [...document.querySelectorAll('#rows tr')];
            return rows.filter((row) => row.getBoundingClientRect().bottom <= foot).length; }"""
        )
        assert whole >= 17

    def test_show_cards_on_a_phone(self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]) -> None:
        page = visit(reverse("orders:board"), PHONE, login=cast.dispatcher)
        assert page.evaluate("getComputedStyle(document.querySelector('#rows tr')).display") == "grid"


class TestRefresh:
    def test_touches_nothing_where_nothing_changed(
        self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]
    ) -> None:
        page = visit(reverse("orders:board"), login=cast.dispatcher)
        refreshed(page)
        page.evaluate(
            """() => { window.touched = 0; new MutationObserver((all) => { window.touched += all.length; })
            .observe(document.querySelector('#rows'), {childList: true, subtree: true, characterData: true}); }"""
        )
        refreshed(page)
        assert page.evaluate("window.touched") == 0

    def test_keeps_choice_and_focus_and_moves_no_row(
        self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]
    ) -> None:
        page = visit(reverse("orders:board"), login=cast.dispatcher)
        boxes = page.locator("#rows input[name=order]")
        boxes.nth(3).check()
        boxes.nth(3).focus()
        before = page.locator("#rows tr").evaluate_all("rows => rows.map((row) => row.id)")
        fresh = an_order(cast, S.RECEIVED, at=MORNING - timedelta(days=9))
        refreshed(page)
        assert page.locator("#rows tr").evaluate_all("rows => rows.map((row) => row.id)") == before
        assert boxes.nth(3).is_checked()
        assert page.evaluate("document.activeElement === document.querySelectorAll('#rows input[name=order]')[3]")
        expect(page.locator("#n_open")).to_have_text(str(Order.objects.open().count()))
        page.get_by_role("button", name="有变化，点这里看新的").click()
        assert page.locator("#rows tr").first.get_attribute("id") == f"o{fresh.pk}"
        assert page.locator(f"#rows tr[id='{before[3]}'] input[name=order]").is_checked()

    def test_shows_a_new_state_where_the_row_stands(
        self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]
    ) -> None:
        page = visit(reverse("orders:board"), login=cast.dispatcher)
        order = next(one for one in lived_in if one.state == S.JUDGED and one.category_id == "0101")
        row = page.locator(f"#o{order.pk}")
        row.hover()
        top = row.bounding_box()
        actions.offer(order=order, to=[cast.member], by=cast.dispatcher, at=NOW)
        refreshed(page)
        expect(row).to_contain_text("已派单")
        assert row.bounding_box() == top

    def test_takes_gone_rows_away_where_nobody_is(
        self, visit: Callable[..., Page], cast: Cast, lived_in: list[Order]
    ) -> None:
        page = visit(reverse("orders:board"), login=cast.dispatcher)
        page.mouse.move(5, 5)
        order = next(one for one in lived_in if one.state == S.RECEIVED)
        actions.refuse(order=order, reason="not_ours", where="请找物业前台。", by=cast.dispatcher, at=NOW)
        refreshed(page)
        expect(page.locator(f"#o{order.pk}")).to_have_count(0)


class TestByKeys:
    def test_chosen_orders_say_how_many_can_move(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast
    ) -> None:
        judged, taken = an_order(cast, S.JUDGED), an_order(cast, S.TAKEN)
        page = visit(reverse("orders:board"), login=cast.dispatcher)
        for order in (judged, taken):
            page.locator(f"#o{order.pk} input").focus()
            page.keyboard.press("Space")
        expect(page.locator("#chosen")).to_have_text("已选 2 件")
        button = page.get_by_role("button", name="放出来抢单 1 件")
        expect(page.get_by_role("button", name="接着办：选中的都没挂起")).to_have_attribute("aria-disabled", "true")
        assert_clean(page)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".toast").first).to_contain_text("办好 1 件")
        judged.refresh_from_db()
        assert judged.state == S.OPEN

    def test_a_call_back_is_kept(self, visit: Callable[..., Page], cast: Cast) -> None:
        order = an_order(cast, S.SERVED)
        page = visit(reverse("orders:calls"), login=cast.dispatcher)
        page.get_by_role("link", name="接通了").focus()
        page.keyboard.press("Enter")
        page.get_by_role("radio", name="解决了", exact=False).first.focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="记下这次回访").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".toast").first).to_contain_text("回访记下了")
        order.refresh_from_db()
        assert (order.state, order.word) == (S.REVIEWED, "yes")
