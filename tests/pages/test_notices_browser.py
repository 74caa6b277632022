"""The notices in a browser: the inbox with its ledger, one's wishes, what did not arrive, who was told of an order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sandan.notices.actions import Receipt, receive
from sandan.notices.actions.planning import plan
from sandan.notices.models import Delivery, Notice, State
from sandan.orders.actions import contacts
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import an_order
from tests.factories.people import COUNTY, Cast, somebody
from tests.factories.people import cast as a_cast
from tests.pages.conftest import PHONE, SIZES, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = "https://sms.example/x", "k", "s"
    return a_cast()


@pytest.fixture
def order(cast: Cast) -> Order:
    """A taken order of the last hour: one message arrived, one was given up, one is on its way."""
    cast.member.phone = "16400005678"
    cast.member.save()
    order = an_order(cast, S.TAKEN, at=timezone.now() - timedelta(minutes=50), phone="16400001234")
    plan(book=contacts.Book(), at=timezone.now())
    for line in Delivery.objects.select_related("notice"):
        if line.notice.kind == "offer":
            receive(receipts=[Receipt(line.key, True)], at=timezone.now())
        elif line.notice.kind == "accept":
            Delivery.objects.filter(pk=line.pk).update(state=State.GIVEN_UP, next_at=None, error="http_422")
    return order


class TestInbox:
    @pytest.mark.parametrize("size", SIZES)
    def test_says_how_it_went(
        self, visit: Visit, assert_clean: Any, cast: Cast, order: Order, size: tuple[int, int]
    ) -> None:
        page = visit("/notices/", size, login=cast.member)
        expect(page.get_by_text("短信已送达")).to_be_visible()
        assert_clean(page)
        keep_picture(page, "inbox-member", size)
        page = visit("/notices/", size, login=cast.dispatcher)
        expect(page.get_by_text("有 1 条通知没送到人")).to_be_visible()
        assert_clean(page)


class TestReach:
    @pytest.mark.parametrize("size", SIZES)
    def test_is_chosen_in_one_page(self, visit: Visit, assert_clean: Any, cast: Cast, size: tuple[int, int]) -> None:
        page = visit("/notices/", size, login=cast.member)
        page.get_by_role("link", name="怎么告诉我").click()
        assert_clean(page)
        keep_picture(page, "reach", size)
        page.get_by_label("发短信").uncheck()
        page.get_by_label("邮箱", exact=True).fill("he@example.org")
        page.get_by_role("button", name="记下来").click()
        expect(page.get_by_text("记下了")).to_be_visible()
        expect(page.get_by_label("发短信")).not_to_be_checked()
        assert_clean(page)


class TestUnsent:
    @pytest.mark.parametrize("size", SIZES)
    def test_is_worked_off_by_telephone(
        self, visit: Visit, assert_clean: Any, cast: Cast, order: Order, size: tuple[int, int]
    ) -> None:
        page = visit("/notices/unsent/", size, login=cast.dispatcher)
        expect(page.get_by_text("短信平台不收这个号码").first).to_be_visible()
        assert_clean(page)
        keep_picture(page, "unsent", size)
        page.get_by_role("button", name="告诉了").click()
        expect(page.get_by_text("都送到了", exact=True)).to_be_visible()
        assert_clean(page)

    def test_leads_to_the_order(self, visit: Visit, cast: Cast, order: Order) -> None:
        page = visit("/notices/unsent/", PHONE, login=cast.dispatcher)
        page.get_by_role("link", name="看单子").click()
        expect(page.get_by_role("heading", name=order.number)).to_be_visible()

    @pytest.mark.parametrize("size", SIZES)
    def test_shows_the_administrator_what_to_mend(
        self, visit: Visit, assert_clean: Any, cast: Cast, order: Order, size: tuple[int, int]
    ) -> None:
        page = visit("/notices/unsent/", size, login=somebody("桂圆", Role.ADMIN, COUNTY))
        expect(page.get_by_text("短信平台不收这个号码")).to_be_visible()
        assert_clean(page)


class TestTold:
    @pytest.mark.parametrize("size", SIZES)
    def test_is_fetched_when_the_desk_opens_it(
        self, visit: Visit, assert_clean: Any, cast: Cast, order: Order, size: tuple[int, int]
    ) -> None:
        page = visit(f"/desk/orders/{order.full_number}/", size, login=cast.dispatcher)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        assert not [url for url in asked if "told" in url]
        page.get_by_text("告诉了谁，送到没有").click()
        expect(page.get_by_text("短信已送达")).to_be_visible()
        expect(page.get_by_text("短信没送到：短信平台不收这个号码")).to_be_visible()
        assert len([url for url in asked if "/told/" in url]) == 1
        assert_clean(page)
        keep_picture(page, "told", size)
        assert Notice.objects.filter(subject_id=order.pk).count() >= 3
