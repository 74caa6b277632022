"""The pages beside an order in a browser: clean at both sizes, by keyboard alone, the part beside loads by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.orders import actions
from sandan.orders.actions import joint, partner, whistle, whistle_phone
from sandan.orders.models import Call, Order, Sending, Share, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import a_picture, an_order
from tests.factories.people import COUNTY, Cast, a_unit, somebody
from tests.factories.resident import Town, a_town
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside
from tests.pages.conftest import DESK, PHONE, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
NO = ("status of 422",)


@dataclass
class Scene:
    """One order in somebody's hands, with a whistle, a helper and something sent out."""

    town: Town
    cast: Cast
    beside: Beside
    order: Order
    blown: Whistle
    share: Share
    sending: Sending

    def call(self) -> Call:
        return self.blown.calls.get(unit=self.cast.unit)


@pytest.fixture
def scene(db: None) -> Scene:
    town = a_town()
    cast, at = town.cast, timezone.now()
    beside = a_beside(cast)
    order = an_order(cast, S.UNDERWAY, at=at - timedelta(hours=3))
    photo = actions.add_photo(target=order, stage="report", content=a_picture(), by=cast.dispatcher, at=at)
    third = a_unit("水务局")
    somebody("秦川", Role.UNIT_CLERK, COUNTY, unit=third)
    blown = whistle.blow(
        order=order, units=[cast.unit, beside.office, third], ask="三号楼前污水冒出来了，请来看看井归谁清",
        by=cast.grid_worker, at=at, spot="三号楼东侧", meet_at=at + timedelta(hours=3),
    )  # fmt: skip
    whistle.decline(
        call=blown.calls.get(unit=third), reason="not_ours", text="井是物业的。", at=at,
        by=third.posts.get().person,
    )  # fmt: skip
    share = joint.ask(order=order, who=cast.second_member, by=cast.member, at=at, text="带一把长钩来", goes_there=True)
    sending = partner.send(
        order=order,
        unit=beside.estate,
        text="三号楼前污水井满了，请派吸污车。",
        by=cast.dispatcher,
        at=at,
        photos=[photo],
    )
    return Scene(town, cast, beside, order, blown, share, sending)


def settle(page: Page, name: str, size: tuple[int, int]) -> None:
    page.wait_for_load_state("networkidle")
    keep_picture(page, name, size)


@pytest.mark.parametrize("size", SIZES)
class TestEveryPage:
    """Axe, the ruler and the console at 390x844 and 1440x900."""

    def test_of_who_stands_beside(self, visit: Visit, assert_clean: Any, scene: Scene, size: tuple[int, int]) -> None:
        cast, number = scene.cast, scene.order.full_number
        pages = (
            ("/beside/", cast.clerk), (f"/called/{number}/", cast.clerk), ("/beside/", cast.second_member),
            (f"/together/{number}/", cast.second_member), ("/sent/", scene.beside.estate_clerk),
            (f"/sent/{scene.sending.pk}/", scene.beside.estate_clerk), ("/whistle/", cast.grid_worker),
            ("/phone/", cast.grid_worker), ("/mine/", cast.grid_worker),
        )  # fmt: skip
        for url, person in pages:
            page = visit(url, size, login=person)
            settle(page, f"{person.login}{url}", size)
            assert_clean(page)

    def test_of_who_calls_and_looks_on(
        self, visit: Visit, assert_clean: Any, scene: Scene, size: tuple[int, int]
    ) -> None:
        cast, number = scene.cast, scene.order.full_number
        pages = (
            (f"/desk/side/{number}/", cast.dispatcher),
            (f"/desk/side/{number}/", cast.member), ("/desk/whistles/", cast.liaison),
            ("/desk/whistles/figures/", cast.liaison),
        )  # fmt: skip
        for url, person in pages:
            page = visit(url, size, login=person)
            settle(page, f"{person.login}{url}", size)
            assert_clean(page)

    def test_of_the_card_also_for_elders(
        self, visit: Visit, assert_clean: Any, scene: Scene, size: tuple[int, int]
    ) -> None:
        grid = scene.town.ground.grids[0]
        somebody("宿大姐", Role.GRID_WORKER, grid.code, phone="16400007719")
        for elder in (False, True):
            page = visit(f"/card/{grid.code}/", size, elder=elder)
            assert_clean(page)
        page.locator("#order").click()
        expect(page.locator("input[name=grid]")).to_have_value(grid.code)


class TestKeyboard:
    def test_a_clerk_answers_arrives_and_reports(self, visit: Visit, assert_clean: Any, scene: Scene) -> None:
        """R058: one press each, without a mouse."""
        page = visit(f"/called/{scene.order.full_number}/", PHONE, login=scene.cast.clerk)
        for button, following in (("#come", "#arrive"), ("#arrive", "#done")):
            page.locator(button).focus()
            page.keyboard.press("Enter")
            expect(page.locator(following)).to_be_visible()
            assert_clean(page)
        page.get_by_label("到现场办了什么").fill("清了井，通了。")
        page.locator("#done").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="这声哨吹得怎么样")).to_be_visible()
        keep_picture(page, "called-done", PHONE)
        assert_clean(page)
        assert scene.call().state == "done"

    def test_a_worker_opens_an_order_in_one_tap(self, visit: Visit, assert_clean: Any, scene: Scene) -> None:
        """R060."""
        page = visit("/phone/", PHONE, login=scene.cast.grid_worker)
        page.locator("#open").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("说的什么事")).to_be_visible()
        keep_picture(page, "phone-more", PHONE)
        assert_clean(page)
        assert Order.objects.filter(masked=whistle_phone.NOTHING_YET).count() == 1

    def test_the_desk_adds_a_helper_and_rates_where_it_stands(
        self, visit: Visit, assert_clean: Any, scene: Scene
    ) -> None:
        """The part beside the order swaps itself; the page around it stays."""
        page = visit(f"/desk/orders/{scene.order.full_number}/", DESK, login=scene.cast.dispatcher)
        page.locator("#do_ask").focus()
        page.keyboard.press("Enter")
        page.locator("#ask_name").fill("不认识")
        page.keyboard.press("Enter")
        expect(page.get_by_text("没有叫这个名字的党员").first).to_be_visible()
        assert_clean(page, allow=NO)
        page.locator("#ask_name").fill("")
        page.locator("#ask_who").select_option(f"t{scene.cast.team.pk}")
        page.locator("#ask_name").press("Enter")
        expect(page.get_by_text(scene.cast.team.name).first).to_be_visible()
        page.get_by_role("button", name="水务局 4 分").press("Enter")
        expect(page.get_by_text("评 4 分")).to_be_visible()
        expect(page.locator("#moves")).to_be_visible()
        assert_clean(page, allow=NO)


class TestHelper:
    def test_says_yes_and_keeps_a_record(self, visit: Visit, assert_clean: Any, scene: Scene) -> None:
        page = visit(f"/together/{scene.order.full_number}/", PHONE, login=scene.cast.second_member)
        page.locator("#join").click()
        page.locator("#see").click()
        expect(page.get_by_role("link", name="打电话")).to_be_visible()
        keep_picture(page, "together-joined", PHONE)
        assert_clean(page)
        page.get_by_label("您办了什么").fill("带了长钩，捞了杂物。")
        page.locator("#save").click()
        expect(page.get_by_text("记下了您办的这一份")).to_be_visible()
        assert_clean(page)


class TestPartner:
    def test_takes_it_on_and_says_it_is_done(self, visit: Visit, assert_clean: Any, scene: Scene) -> None:
        page = visit(f"/sent/{scene.sending.pk}/", PHONE, login=scene.beside.estate_clerk)
        page.locator("#accept").click()
        page.get_by_label("您办了什么").fill("吸污车来过了。")
        keep_picture(page, "partner-accepted", PHONE)
        assert_clean(page)
        page.locator("#send").click()
        expect(page.get_by_text("吸污车来过了。")).to_be_visible()
        assert_clean(page)
