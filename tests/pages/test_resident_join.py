"""我也是, and the sheet of the notice board."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from sandan.orders.actions import placing
from sandan.orders.models import Draft, Order
from tests.factories.orders import a_course
from tests.factories.people import COMMUNITY
from tests.factories.resident import PHONE, Town, a_town, joining, point, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def page_of(answer: Any) -> str:
    return answer.content.decode()


class TestJoin:
    def near_order(self, town: Town, code: str = "0104", state: str = "judged", **facts):
        estate = town.ground.estate
        facts = {"text": "桐花苑1号楼楼梯扶手断了，我叫李秀兰，住2单元501，电话16400001234", "estate": estate,
                 "building": "1", "lon": estate.lon, "lat": estate.lat} | facts  # fmt: skip
        return a_course(town.cast, state, at=timezone.now() - timedelta(hours=1), code=code, **facts).order

    def test_shows_what_neighbours_reported_masked_and_by_building(self, town: Town, client: Client) -> None:
        order = self.near_order(town)
        key, _ = say(client)
        point(client, key)
        page = page_of(client.get(f"/order/{key}/check/"))
        assert "我也是" in page
        assert order.full_number in page
        for secret in ("李秀兰", "16400001234", "501"):
            assert secret not in page.split("这样交上去")[0]

    def test_shows_it_beside_the_place_as_a_fragment(self, town: Town, client: Client) -> None:
        order = self.near_order(town)
        key, _ = say(client)
        fragment = page_of(client.get(f"/order/{key}/near/", {"where": "heard0"}))
        assert order.full_number in fragment
        assert "<html" not in fragment

    @pytest.mark.parametrize(("code", "state"), [("0702", "judged"), ("0701", "judged"), ("0104", "received")])
    def test_never_shows_sensitive_kinds_nor_what_nobody_judged(
        self, town: Town, client: Client, code: str, state: str
    ) -> None:
        order = self.near_order(town, code, state)
        key, _ = say(client)
        point(client, key)
        assert order.full_number not in page_of(client.get(f"/order/{key}/check/"))
        assert client.get(joining(order.full_number)).status_code == 404

    def test_opens_to_nobody_who_guesses_a_number(self, town: Town, client: Client) -> None:
        """G2: numbers follow one upon another; the words open only from the link beside one's own words."""
        number = self.near_order(town).full_number
        other = joining(f"{number[:-3]}999").partition("?")[2]
        for wrong in ("", "?ticket=", "?ticket=abc", f"?{other}"):
            assert client.get(f"/order/join/{number}/{wrong}").status_code == 404
            assert client.post(f"/order/join/{number}/{wrong}", {"key": str(uuid4())}).status_code == 404
        assert client.get(joining(number)).status_code == 200

    def test_makes_one_more_asker_and_drops_the_draft(self, town: Town, client: Client) -> None:
        order = self.near_order(town)
        key, _ = say(client)
        form = page_of(client.get(f"{joining(order.full_number)}&draft={key}"))
        own = re.search(r'name="key" value="([^"]+)"', form)[1]
        answer = client.post(
            joining(order.full_number), {"key": own, "draft": str(key), "phone": PHONE, "may_call": "on"}
        )
        order.refresh_from_db()
        assert (order.asker_count, Order.objects.count()) == (2, 1)
        assert not Draft.objects.filter(key=key).exists()
        secret = placing.secret_of(UUID(own))
        assert f"{secret[:4]} {secret[4:]}" in page_of(client.get(answer.url))
        assert Client().get(answer.url).status_code == 404

    def test_the_same_phone_twice_is_told_and_sees_nothing(self, town: Town, client: Client) -> None:
        order = self.near_order(town, phone=PHONE)
        answer = client.post(joining(order.full_number), {"key": str(uuid4()), "phone": PHONE})
        assert answer.status_code == 422
        assert client.get(f"/follow/{order.full_number}/").status_code == 404


class TestSheet:
    def test_has_the_number_the_code_and_what_happens_next(self, town: Town, client: Client) -> None:
        """R054: one printable sheet: how, where, which number, what happens next."""
        community = town.ground.communities[0]
        community.phone = "16400990000"
        community.save()
        page = page_of(client.get(f"/sheet/{community.code}/"))
        for words in ("164 0099 0000", "<svg", "三步就好", "先问您，您说解决了才算完", "119", "12345", community.name):
            assert words in page
        assert "style=" not in page

    def test_its_code_leads_to_the_order_page_of_this_community(self, town: Town, client: Client) -> None:
        """R053: the sheet for each channel carries that channel's source."""
        for source in ("board", "meeting", "wechat", "group"):
            page = page_of(client.get(f"/sheet/{COMMUNITY}/", {"from": source}))
            assert f"http://testserver/order/?c={COMMUNITY}&amp;from={source}" in page

    def test_of_no_community_is_not_there(self, town: Town, client: Client) -> None:
        assert client.get("/sheet/999999999999/").status_code == 404


def test_pages_carry_no_inline_code(town: Town, client: Client) -> None:
    """The strict policy forbids inline script and style; templates must not have any."""
    folder = Path(__file__).parents[2] / "sandan/orders/templates/orders"
    for template in folder.glob("resident_*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<script>|\son\w+=", text), template.name
