"""The ways back to an order: number and secret, or a code to the phone; wrong tries are counted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions import following
from sandan.orders.models import Order, PhoneCode
from tests.factories.orders import a_course, asker_of
from tests.factories.people import COMMUNITY
from tests.factories.resident import PHONE, Town, a_town, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def page_of(answer: Any) -> str:
    return answer.content.decode()


def secret_of(order: Order) -> str:
    return actions.placing.secret_of(order.key)


def knock(client: Client, number: str, secret: str, **data: str):
    return client.post("/follow/", {"way": "secret", "number": number, "secret": secret, **data})


class TestSecret:
    @pytest.mark.parametrize("write", [str, lambda n: n.replace("-", "－"), lambda n: f" {n} "])
    def test_opens_by_the_full_number(self, town: Town, client: Client, write) -> None:
        order = place(Client())
        secret = secret_of(order)
        answer = knock(client, write(order.full_number), f"{secret[:4]} {secret[4:]}")
        assert answer.url == f"/follow/{order.full_number}/"
        assert client.get(answer.url).status_code == 200

    def test_opens_by_the_spoken_number_and_the_community(self, town: Town, client: Client) -> None:
        order = place(Client())
        for spoken in (order.number, order.number.replace("-", "")):
            answer = knock(client, spoken, secret_of(order), community=COMMUNITY)
            assert answer.url == f"/follow/{order.full_number}/"

    def test_asks_for_the_community_of_a_spoken_number(self, town: Town, client: Client) -> None:
        order = place(Client())
        answer = knock(client, order.number, secret_of(order))
        assert answer.status_code == 422
        assert "短单号要加上是哪个社区的" in page_of(answer)

    def test_of_another_community_opens_nothing(self, town: Town, client: Client) -> None:
        order = place(Client())
        answer = knock(client, order.number, secret_of(order), community="990201001002")
        assert answer.status_code == 422
        assert "对不上" in page_of(answer)

    def test_a_wrong_one_and_an_absent_order_look_the_same(self, town: Town, client: Client) -> None:
        order = place(Client())
        wrong = page_of(knock(client, order.full_number, "00000000"))
        absent = page_of(knock(client, f"{COMMUNITY}-2026-0101-999", "00000000"))
        error = re.compile(r'<li class="b">(.*?)</li>')
        assert error.search(wrong)[1] == error.search(absent)[1]

    def test_the_sixth_wrong_try_is_locked_for_everybody_for_ten_minutes(self, town: Town, client: Client) -> None:
        order = place(Client())
        answers = [knock(Client(), order.full_number, f"{n:08d}").status_code for n in range(6)]
        assert answers == [422] * 5 + [429]
        locked = knock(client, order.full_number, secret_of(order))
        assert locked.status_code == 429
        assert "先锁 10 分钟" in page_of(locked)
        later = timezone.now() + following.WINDOW + timedelta(seconds=1)
        assert following.open_with_secret(orders=[order], secret=secret_of(order), source="s", at=later)

    def test_one_browser_is_stopped_after_twenty(self, town: Town, client: Client) -> None:
        numbers = [f"{COMMUNITY}-2026-0101-{n:03d}" for n in range(21)]
        answers = [knock(client, number, "00000000").status_code for number in numbers]
        assert answers == [422] * 20 + [429]

    def test_right_tries_are_not_counted(self, town: Town, client: Client) -> None:
        order = place(Client())
        assert {knock(client, order.full_number, secret_of(order)).status_code for _ in range(8)} == {302}

    def test_is_over_two_years_after_the_end(self, town: Town, client: Client) -> None:
        order = a_course(town.cast, "withdrawn", at=timezone.now()).order
        Order.objects.filter(pk=order.pk).update(ended_at=timezone.now() - timedelta(days=731))
        answer = knock(client, order.full_number, secret_of(order))
        assert answer.status_code == 422
        assert "查询码过期了" in page_of(answer)

    @pytest.mark.parametrize("number", ["", "abc", "0810", "9999-048", "😀", "140106001001-2026-1340-048"])
    def test_a_number_that_is_none_is_explained(self, town: Town, client: Client, number: str) -> None:
        answer = knock(client, number, "12345678", community=COMMUNITY)
        assert answer.status_code == 422


class TestWithoutShortMessages:
    """A way that nothing delivers is not offered; the community finds an order by the whole phone number."""

    def test_offers_no_code_and_says_to_call(self, town: Town, client: Client) -> None:
        place(client)
        page = page_of(client.get("/follow/"))
        assert "取验证码" not in page
        assert "打电话问" in page
        assert "报手机号" in page

    @pytest.mark.parametrize("way", ["phone", "code"])
    def test_makes_no_code(self, town: Town, client: Client, way: str) -> None:
        place(client)
        assert client.post("/follow/", {"way": way, "phone": PHONE, "code": "123456"}).status_code == 422
        assert not PhoneCode.objects.exists()


class TestPhoneCode:
    @pytest.fixture(autouse=True)
    def reaches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sandan.notices.channels.reaches_phones", lambda: True)

    def ask(self, client: Client, phone: str = PHONE):
        return client.post("/follow/", {"way": "phone", "phone": phone})

    def enter(self, client: Client, code: str, phone: str = PHONE):
        return client.post("/follow/", {"way": "code", "phone": phone, "code": code})

    def code(self) -> str:
        return PhoneCode.objects.latest("pk").code.open_unlogged()

    def test_opens_all_orders_of_the_phone(self, town: Town, client: Client) -> None:
        orders = [place(Client()), place(Client(), "桐花苑1号楼灯不亮")]
        self.ask(client)
        assert self.enter(client, self.code()).url == "/follow/"
        page = page_of(client.get("/follow/"))
        assert all(f"/follow/{order.full_number}/" in page for order in orders)
        assert PhoneCode.objects.get().code is None

    def test_goes_through_the_outbox_with_ids_alone(self, town: Town, client: Client) -> None:
        order = place(Client())
        self.ask(client)
        notice = Notice.objects.get(kind="code")
        assert notice.asker_id == asker_of(order).pk
        assert self.code() not in str(notice.facts)

    def test_is_shown_on_the_page_in_a_demo_only(self, town: Town, client: Client, settings) -> None:
        place(Client())
        assert "演示" not in page_of(self.ask(client))
        settings.DEMO = True
        assert self.code() not in page_of(self.ask(Client()))
        assert "演示：验证码是" in page_of(self.ask(client))

    def test_a_phone_that_never_asked_gets_the_same_page_and_no_message(self, town: Town, client: Client) -> None:
        answer = self.ask(client, "16400009999")
        assert answer.status_code == 200
        assert "短信里的 6 位数字" in page_of(answer)
        assert not Notice.objects.filter(kind="code").exists()
        assert "没有留过单子" in page_of(self.enter(client, self.code(), "16400009999"))

    def test_is_hashed(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        row = PhoneCode.objects.get()
        assert self.code().encode() not in bytes(row.digest)

    def test_is_over_after_ten_minutes(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        PhoneCode.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))
        answer = self.enter(client, code)
        assert answer.status_code == 422
        assert "过了 10 分钟" in page_of(answer)

    def test_is_dead_after_five_wrong_tries(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        wrong = "000000" if code != "000000" else "111111"
        assert [self.enter(client, wrong).status_code for _ in range(5)] == [422] * 5
        assert self.enter(client, code).status_code == 429

    def test_works_once(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        assert self.enter(client, code).status_code == 302
        assert self.enter(Client(), code).status_code == 422

    def test_is_sent_three_times_in_ten_minutes(self, town: Town, client: Client) -> None:
        place(Client())
        assert [self.ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]
