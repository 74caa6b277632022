"""The ladder's pages, the duty list and the page of who was paged: axe, size of targets, both sizes, one press."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders.actions import duty as roster
from sandan.orders.actions import duty_paging, ladder_limits
from sandan.orders.models import Order, Paging
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, a_course, an_order
from tests.factories.people import COMMUNITY, COUNTY, OTHER_COMMUNITY, STREET, Cast, somebody
from tests.factories.people import cast as a_cast
from tests.pages.conftest import DESK, PHONE, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = MORNING + timedelta(hours=4)


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return a_cast()


@pytest.fixture
def lived_in(cast: Cast) -> Order:
    for state, days in ((S.RECEIVED, 3), (S.TAKEN, 0), (S.JUDGED, 6), (S.PAUSED, 1), (S.OPEN, 0), (S.SERVED, 0)):
        an_order(cast, state, at=MORNING - timedelta(days=days))
    for number in range(12):
        an_order(cast, S.CLOSED, at=MORNING - timedelta(days=2), helper=cast.grid_worker if number % 2 else None)
    in_grid = a_course(cast, S.TAKEN, helper=cast.grid_worker, at=MORNING - timedelta(days=1))
    in_grid.do("escalate", cast.grid_worker, reason="no_means", text="要登高车，我们没有。")
    course = a_course(cast, S.JUDGED, text="纸厂路两个社区中间的污水井一直往外冒，臭得开不了窗。")
    course.do(
        "escalate", cast.dispatcher, reason="several_areas", areas=[OTHER_COMMUNITY], text="两边都说不是自己的管子。"
    )
    return course.order


@pytest.fixture
def roster_of_a_day(cast: Cast) -> None:
    since = NOW - timedelta(hours=3)
    for rank, person in enumerate((cast.reviewer, cast.dispatcher), start=1):
        roster.put_on(
            scope=COMMUNITY,
            person=person,
            rank=rank,
            from_at=since,
            to_at=since + timedelta(days=1),
            by="system",
            at=NOW,
        )
    roster.put_on(
        scope=STREET, person=cast.liaison, rank=1, from_at=since, to_at=since + timedelta(days=9), by="system", at=NOW
    )


@pytest.fixture
def burning(cast: Cast, roster_of_a_day: None) -> Order:
    order = an_order(cast, at=NOW - timedelta(minutes=3), urgency=3, text="四单元二楼窗户往外冒烟，屋里好像有老人。")
    duty_paging.page_due(at=NOW - timedelta(minutes=3))
    duty_paging.page_due(at=NOW - timedelta(minutes=1))
    return order


class TestLadderPage:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("who", ["dispatcher", "liaison", "district", "neighbour"])
    def test_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, lived_in: Order, who: str, size: Any
    ) -> None:
        page = visit(f"{reverse('orders:ladder')}?who={who}", size, login=getattr(cast, who))
        assert_clean(page)

    @pytest.mark.parametrize("size", SIZES)
    def test_of_limits_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, lived_in: Order, size: Any
    ) -> None:
        assert lived_in.category
        ladder_limits.set_limit(
            category=lived_in.category, level=2, minutes=480, is_step=False, by=cast.district, at=MORNING
        )  # fmt: skip
        assert_clean(visit(reverse("orders:limits"), size, login=cast.district))

    def test_shows_each_level_its_own(self, visit: Callable[..., Page], cast: Cast, lived_in: Order) -> None:
        """R118: waiting at the street, read on below, seen across by the one that was named."""
        number = lived_in.number
        shown = {
            who: visit(reverse("orders:ladder"), DESK, login=getattr(cast, who))
            for who in ("dispatcher", "liaison", "neighbour")
        }
        expect(shown["liaison"].locator("section:has(#waiting)")).to_contain_text(number)
        expect(shown["dispatcher"].locator("section:has(#above)")).to_contain_text(number)
        expect(shown["dispatcher"].locator("section:has(#waiting)")).to_contain_text("网格 宿梅")
        expect(shown["neighbour"].locator("section:has(#across)")).to_contain_text(number)

    def test_opens_exactly_the_orders_a_light_counts(
        self, visit: Callable[..., Page], cast: Cast, lived_in: Order
    ) -> None:
        page = visit(reverse("orders:ladder"), DESK, login=cast.liaison)
        links = page.locator("section:has(#areas) a[data-count]")
        assert links.count() >= 4
        found = [(link.get_attribute("href") or "", int(link.get_attribute("data-count") or 0)) for link in links.all()]
        for href, count in found:
            page.goto(page.url.split("/desk/")[0] + href)
            assert page.locator("#rows > tr").count() == count, href

    def test_keeps_itself_fresh(self, visit: Callable[..., Page], cast: Cast, lived_in: Order) -> None:
        page = visit(reverse("orders:ladder"), DESK, login=cast.liaison)
        a_course(cast, S.ESCALATED, text="新报上来的一件事，请看。")
        with page.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
            page.evaluate("htmx.ajax('GET', location.href, {target: '#ladder', swap: 'outerHTML'})")
        expect(page.locator("section:has(#waiting)")).to_contain_text("新报上来的一件事")


class TestOrderPage:
    @pytest.mark.parametrize("size", SIZES)
    def test_shows_the_steps(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, lived_in: Order, size: Any
    ) -> None:
        page = visit(reverse("orders:detail", args=[lived_in.full_number]), size, login=cast.liaison)
        expect(page.locator("section:has(#rungs)")).to_contain_text("周敏从社区报到街道，交给柏若宁")
        expect(page.locator("section:has(#rungs)")).to_contain_text("牵涉几个社区。牵涉：水务院社区")
        assert_clean(page)

    @pytest.mark.parametrize("size", SIZES)
    def test_shows_who_was_paged(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, burning: Order, size: Any
    ) -> None:
        page = visit(reverse("orders:detail", args=[burning.full_number]), size, login=cast.district)
        expect(page.get_by_role("alert")).to_contain_text("还没有人应")
        expect(page.locator("section:has(#searches)")).to_contain_text("闫可心 社区值班第 1 位：没应")
        assert_clean(page)

    def test_names_the_neighbours_when_it_goes_up(self, visit: Callable[..., Page], cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        address = reverse("orders:detail", args=[order.full_number])
        page = visit(f"{address}?do=escalate", DESK, login=cast.dispatcher)
        form = page.locator("details:has(#do_escalate)")
        form.locator("#escalate_reason").select_option("several_areas")
        form.get_by_label("水务院社区").check()
        form.get_by_role("button", name="上报").click()
        expect(page.locator("section:has(#rungs)")).to_contain_text("水务院社区")
        order.refresh_from_db()
        assert order.areas == [OTHER_COMMUNITY]


class TestPaged:
    """R139: a big page, one press."""

    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("elder", [False, True])
    def test_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, burning: Order, size: Any, elder: bool
    ) -> None:
        page = visit(reverse("orders:paged", args=[burning.full_number]), size, login=cast.reviewer, elder=elder)
        expect(page.get_by_text("往外冒烟")).to_be_visible()
        button = page.get_by_role("button", name="我来处理").bounding_box()
        assert button
        assert button["height"] >= 80
        assert button["y"] + button["height"] <= size[1], "the press is not on the first screen"
        assert_clean(page)

    def test_is_answered_with_one_press_and_tells_the_others(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, burning: Order
    ) -> None:
        other = visit(reverse("orders:paged", args=[burning.full_number]), PHONE, login=cast.dispatcher)
        page = visit(reverse("orders:go", args=[burning.full_number]), PHONE, login=cast.reviewer)
        page.get_by_role("button", name="我来处理").click()
        page.wait_for_url(re.compile("/desk/orders/"))
        assert Paging.objects.get().answered_by == cast.reviewer
        other.get_by_role("button", name="我来处理").click()
        expect(other.get_by_role("alert")).to_contain_text("晚了一步，闫可心已经在处理")
        assert_clean(other, allow=("422",))

    def test_goes_to_the_next_with_the_other_press(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, burning: Order
    ) -> None:
        page = visit(reverse("orders:paged", args=[burning.full_number]), PHONE, login=cast.reviewer)
        page.get_by_role("button", name="转下一位").click()
        expect(page.get_by_text("转给下一位了，您可以放心")).to_be_visible()
        assert Paging.objects.get().pages.filter(person=cast.liaison).exists()
        assert_clean(page)

    def test_hides_what_is_sealed_and_what_is_over(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, burning: Order
    ) -> None:
        """G10: the words of a sealed matter are on no page that wakes somebody; G2: nothing is left afterwards."""
        guard = somebody("夜班", Role.DISPATCHER, OTHER_COMMUNITY)
        roster.put_on(
            scope=COUNTY, person=guard, rank=1, from_at=NOW, to_at=NOW + timedelta(days=1), by="system", at=NOW
        )
        duty_paging.page_due(at=NOW + timedelta(minutes=1))
        duty_paging.page_due(at=NOW + timedelta(minutes=3))
        Order.objects.filter(pk=burning.pk).update(privacy="sealed")
        page = visit(reverse("orders:paged", args=[burning.full_number]), PHONE, login=guard)
        expect(page.get_by_role("button", name="我来处理")).to_be_visible()
        assert "冒烟" not in page.content()
        assert "3号楼" not in page.content()
        Order.objects.filter(pk=burning.pk).update(privacy="inside")
        duty_paging.respond(order=burning, by=cast.reviewer, at=NOW)
        page.reload()
        expect(page.get_by_text("闫可心在处理，您可以放心")).to_be_visible()
        assert "冒烟" not in page.content()
        assert_clean(page)


class TestDutyPage:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("query", ["", f"?place={COMMUNITY}", f"?place={COMMUNITY}&paper=1", "?place=990201002"])
    def test_has_no_fault(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, roster_of_a_day: None, query: str, size: Any
    ) -> None:
        assert_clean(visit(reverse("orders:duty") + query, size, login=cast.district))

    def test_puts_somebody_on_hands_over_and_loads_a_sheet(
        self, visit: Callable[..., Page], assert_clean: Any, cast: Cast, roster_of_a_day: None
    ) -> None:
        page = visit(reverse("orders:duty"), DESK, login=cast.dispatcher)
        page.get_by_label("谁", exact=True).select_option(label="宿梅")
        page.get_by_label("顺位").select_option("3")
        page.get_by_role("button", name="排上").click()
        expect(page.get_by_text("排上了。")).to_be_visible()
        row = page.locator("tr", has_text="闫可心").first
        row.get_by_label("交给谁").select_option(label="宿梅")
        row.get_by_role("button", name="交班").click()
        expect(page.get_by_text("交给宿梅了。")).to_be_visible()
        good = f"{COMMUNITY},{cast.reviewer.login},1,2026-08-20 18:00,2026-08-21 08:00"
        sheet = f"地方代码,登录名,顺位,从,到\n{good}\nx,y,1,,\n"
        page.get_by_label("CSV 文件").set_input_files(
            {"name": "duty.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
        )
        page.get_by_role("button", name="传上去").click()
        expect(page.get_by_text("第 3 行：没有登录名「y」。").first).to_be_visible()
        assert_clean(page, allow=("422",))
