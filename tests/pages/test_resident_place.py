"""Placing an order as a resident: three plain forms, from the words to the number."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sandan.orders.actions import placing
from sandan.orders.forms.resident_place import SOURCES
from sandan.orders.models import Draft, Order, Photo
from sandan.places.models import Estate
from tests.factories.orders import a_picture
from tests.factories.people import COMMUNITY
from tests.factories.places import OUTSIDE, fresh
from tests.factories.resident import PHONE, WORDS, Town, a_town, hand_in, place, point, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def page_of(answer: Any) -> str:
    return answer.content.decode()


def jpeg(name: str = "扶手.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture(), "image/jpeg")


class TestThreeSteps:
    def test_lead_from_words_to_a_number(self, town: Town, client: Client) -> None:
        """R040: the order is received with its actor, time, owner and clock; nothing but words and a place is asked."""
        key, first = say(client, photos=[jpeg(), jpeg()])
        second = point(client, key, spot="二楼到三楼拐角")
        third = hand_in(client, key)
        order = Order.objects.get(key=key)
        assert [a.status_code for a in (first, second, third)] == [302, 302, 302]
        assert (order.state, order.owner, order.community_id) == ("received", town.cast.dispatcher, COMMUNITY)
        assert order.estate == town.ground.estate
        assert (order.building, order.spot, order.photos.count()) == ("1", "二楼到三楼拐角", 2)
        assert order.next_at is not None
        assert order.due_at is not None
        done = page_of(client.get(third.url))
        assert order.number in done
        secret = placing.secret_of(key)
        assert f"{secret[:4]} {secret[4:]}" in done
        assert not Draft.objects.exists()

    def test_hear_the_place_first_and_offer_it(self, town: Town, client: Client) -> None:
        key, _ = say(client, "铜花苑一号楼二单元门口灯不亮")
        page = page_of(client.get(f"/order/{key}/where/"))
        assert "桐花苑 1号楼 2单元" in page
        assert "从您刚才的话里听出来的" in page
        assert re.search(r'value="heard0"[^>]*checked', page)

    def test_the_phone_way_stands_in_the_head_of_each(self, town: Town, client: Client) -> None:
        """R054: the number to call is on every step; with a known community it is its own."""
        community = town.ground.communities[0]
        community.phone = "16400990000"
        community.save()
        key, _ = say(client, community=community.code)
        point_page = client.get(f"/order/{key}/where/")
        point(client, key)
        for answer in (client.get("/order/"), point_page, client.get(f"/order/{key}/check/")):
            head = page_of(answer).split("</header>")[0]
            assert "电话点单" in head
        assert 'href="tel:16400990000"' in page_of(point_page)

    def test_a_step_can_be_taken_back_without_losing_words(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg()])
        point(client, key)
        assert WORDS in page_of(client.get(f"/order/{key}/"))
        again = client.post("/order/", {"key": str(key), "text": WORDS + "，真的"})
        assert again.url.endswith("/where/")
        assert Photo.objects.filter(draft=key).count() == 1

    def test_a_photo_can_be_taken_out_again(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg(), jpeg()])
        first = Photo.objects.filter(draft=key).first()
        say(client, key=key, drop=[first.pk])
        assert Photo.objects.filter(draft=key).count() == 1

    def test_without_a_place_the_third_leads_to_the_second(self, town: Town, client: Client) -> None:
        key, _ = say(client, "楼上天天吵")
        assert client.get(f"/order/{key}/check/").url == f"/order/{key}/where/"

    def test_say_when_the_answer_comes(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        assert re.search(r"(今天|明天|\d+月\d+日) \d+:\d\d 前给您回话", page_of(client.get(f"/order/{key}/check/")))

    def test_keep_the_category_only_as_a_guess(self, town: Town, client: Client) -> None:
        order = place(client, category="0104")
        assert (order.guess_id, order.category_id) == ("0104", None)

    @pytest.mark.parametrize("step", ["", "where/", "check/"])
    def test_cost_a_fixed_number_of_statements(
        self, town: Town, client: Client, step: str, django_assert_max_num_queries
    ) -> None:
        key, _ = say(client)
        point(client, key)
        client.get(f"/order/{key}/{step}")
        with django_assert_max_num_queries(14):
            client.get(f"/order/{key}/{step}")


class TestWhere:
    def test_takes_an_estate_by_the_name_people_use(self, town: Town, client: Client) -> None:
        key, _ = say(client, "门口的灯不亮")
        answer = point(client, key, where="estate", estate_name="铜花苑", building="1号楼", unit="2", room="501")
        assert answer.url == f"/order/{key}/check/"
        hand_in(client, key)
        order = Order.objects.get(key=key)
        assert (order.estate, order.building) == (town.ground.estate, "1")
        assert order.door.open_unlogged() == "2单元 501"
        assert order.grid.startswith(COMMUNITY)

    def test_takes_an_estate_from_the_plain_list(self, town: Town, client: Client) -> None:
        key, _ = say(client, "门口的灯不亮")
        assert f'value="{town.ground.estate.pk}"' in page_of(client.get(f"/order/{key}/where/"))
        assert point(client, key, where="estate", estate=town.ground.estate.pk).status_code == 302

    def test_shows_all_that_a_short_name_can_mean(self, town: Town, client: Client) -> None:
        ids = list(Estate.objects.exclude(pk=town.ground.estate.pk).values_list("pk", flat=True)[:2])
        for number, pk in enumerate(ids, 1):
            Estate.objects.filter(pk=pk).update(name=f"云栖里{number}号院", aliases=[])
        fresh()
        key, _ = say(client, "门口的灯不亮")
        answer = point(client, key, where="estate", estate_name="云栖")
        assert answer.status_code == 422
        assert "云栖里1号院" in page_of(answer)
        assert "云栖里2号院" in page_of(answer)
        assert point(client, key, where="estate", estate_name="云栖", estate=ids[1]).status_code == 302

    def test_says_what_to_do_with_an_unknown_name(self, town: Town, client: Client) -> None:
        key, _ = say(client, "门口的灯不亮")
        answer = point(client, key, where="estate", estate_name="天上人间", spot="东门")
        assert answer.status_code == 422
        assert "没找到「天上人间」" in page_of(answer)
        assert 'value="东门"' in page_of(answer)

    def test_takes_a_position_of_the_device(self, town: Town, client: Client) -> None:
        key, _ = say(client, "路灯不亮")
        estate = town.ground.estate
        assert point(client, key, where="pin", lon=estate.lon, lat=estate.lat).status_code == 302
        hand_in(client, key)
        order = Order.objects.get(key=key)
        assert (order.community_id, order.lon, order.estate) == (COMMUNITY, estate.lon, None)
        assert order.grid

    def test_refuses_a_place_outside_the_county(self, town: Town, client: Client) -> None:
        key, _ = say(client, "路灯不亮")
        answer = point(client, key, where="pin", lon=OUTSIDE[0], lat=OUTSIDE[1])
        assert answer.status_code == 422
        assert "不在沐云区" in page_of(answer)
        assert Draft.objects.filter(key=key).exists()

    def test_takes_a_rough_place(self, town: Town, client: Client) -> None:
        key, _ = say(client, "路上有个坑")
        refused = point(client, key, where="rough", community=COMMUNITY)
        assert refused.status_code == 422
        assert point(client, key, where="rough", community=COMMUNITY, spot="菜市场东门口").status_code == 302

    def test_refuses_a_community_that_is_not_switched_on(self, town: Town, client: Client) -> None:
        """R043: what is not switched on says whom to call instead."""
        community = town.ground.communities[0]
        community.takes_orders, community.phone = False, "16400990000"
        community.save()
        key, _ = say(client)
        answer = point(client, key)
        assert answer.status_code == 422
        assert "还没有开通点单。请直接打 16400990000" in page_of(answer)
        assert not Order.objects.exists()

    def test_refuses_it_too_when_it_is_switched_off_at_the_last_moment(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        community = town.ground.communities[0]
        community.takes_orders = False
        community.save()
        answer = hand_in(client, key, name="老陈")
        assert answer.status_code == 422
        assert "还没有开通点单" in page_of(answer)
        assert 'value="老陈"' in page_of(answer)
        assert Draft.objects.filter(key=key).exists()

    def test_suggests_names_while_one_types(self, town: Town, client: Client) -> None:
        names = client.get("/order/estates/", {"q": "thy"}).json()["estates"]
        assert names[0]["name"] == "桐花苑"


class TestAnonymous:
    def test_needs_no_phone(self, town: Town, client: Client) -> None:
        """G3: an order can be placed without a name."""
        order = place(client, phone="", may_call="")
        asker = order.askers.get()
        assert order.is_anonymous
        assert (asker.phone, asker.phone_tail, asker.may_call) == (None, "", False)

    def test_hears_that_only_the_two_numbers_help(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        assert "您没留电话" in page_of(client.get(hand_in(client, key, phone="").url))

    def test_privacy_is_told_before_the_phone_is_asked(self, town: Town, client: Client) -> None:
        """G3: a short notice stands before the field, and the number never comes back in the markup of later pages."""
        key, _ = say(client)
        point(client, key)
        page = page_of(client.get(f"/order/{key}/check/"))
        assert page.index("只给社区和接单的师傅看") < page.index('name="phone"')
        done = hand_in(client, key, name="陈桂英")
        order = Order.objects.get(key=key)
        for url in (done.url, f"/follow/{order.full_number}/", "/follow/"):
            assert PHONE not in page_of(client.get(url))
            assert "陈桂英" not in page_of(client.get(url))


class TestSource:
    @pytest.mark.parametrize(("source", "channel"), [*SOURCES.items(), ("<b>", "web"), ("", "web")])
    def test_is_kept_in_the_order(self, town: Town, client: Client, source: str, channel: str) -> None:
        """R053, R026: meeting, WeChat, web, group and printed board each stay readable in the order they brought."""
        page = page_of(client.get("/order/", {"c": COMMUNITY, "from": source}))
        hidden = dict(re.findall(r'name="(key|source|community)" value="([^"]*)"', page))
        assert hidden["community"] == COMMUNITY
        client.post("/order/", {**hidden, "text": WORDS})
        point(client, hidden["key"])
        hand_in(client, hidden["key"])
        assert Order.objects.get(key=hidden["key"]).channel == channel

    def test_a_scanned_code_is_remembered(self, town: Town, client: Client) -> None:
        client.get("/order/", {"c": COMMUNITY})
        assert client.cookies["community"].value == COMMUNITY

    def test_a_code_of_no_community_is_let_be(self, town: Town, client: Client) -> None:
        assert client.get("/order/", {"c": "１２" * 6}).status_code == 200
