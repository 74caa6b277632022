"""Placing an order as a resident: three plain forms, from the words to the number."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from sandan.orders.actions import drafting, placing
from sandan.orders.forms.resident_place import SOURCES
from sandan.orders.models import Asker, Draft, Order, Photo
from sandan.orders.models.order import Urgency
from sandan.places.models import Estate
from tests.factories.orders import a_course, a_picture
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


class TestDanger:
    @pytest.mark.parametrize(
        ("words", "number"),
        [("桐花苑1号楼着火了", "119"), ("楼道里有煤气味 桐花苑", "119"), ("桐花苑门口有人晕倒", "120"),
         ("我妈从桐花苑出去没回来", "110")],
    )  # fmt: skip
    def test_shows_the_number_at_once_and_takes_the_order(
        self, town: Town, client: Client, words: str, number: str
    ) -> None:
        key, _ = say(client, words)
        page = page_of(client.get(f"/order/{key}/where/"))
        assert f'href="tel:{number}"' in page.split("<form")[0]
        point(client, key)
        assert f"打 {number}" in page_of(client.get(f"/order/{key}/check/"))
        hand_in(client, key)
        order = Order.objects.get(key=key)
        assert order.urgency == Urgency.BURST
        assert order.due_at <= timezone.now() + timedelta(minutes=11)

    def test_seals_what_sounds_like_a_sealed_matter(self, town: Town, client: Client) -> None:
        order = place(client, "桐花苑1号楼有人家暴，孩子在哭")
        assert (order.privacy, order.guess_id) == ("sealed", "0702")

    def test_is_quiet_otherwise(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        assert "data-alarm" not in page_of(client.get(f"/order/{key}/where/"))
        point(client, key)
        hand_in(client, key)
        assert Order.objects.get(key=key).urgency == Urgency.ORDINARY


class TestTwice:
    def test_the_same_sending_is_one_order(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        first, second = hand_in(client, key), hand_in(client, key)
        assert first.url == second.url
        assert (Order.objects.count(), Asker.objects.count()) == (1, 1)
        assert client.get(second.url).status_code == 200

    def test_going_back_to_the_check_shows_the_order(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        hand_in(client, key)
        assert client.get(f"/order/{key}/check/").url == f"/order/{key}/done/"

    def test_a_stranger_with_the_address_sees_no_secret(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        done = hand_in(client, key).url
        assert Client().get(done).url == "/follow/"
        assert Client().get(f"/order/{key}/check/").status_code == 410


class TestDraft:
    def test_is_over_after_a_day(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        Draft.objects.filter(key=key).update(at=timezone.now() - timedelta(days=1, minutes=1))
        for step in ("", "where/", "check/"):
            answer = client.get(f"/order/{key}/{step}")
            assert answer.status_code == 410
            assert "只留一天" in page_of(answer)
        assert hand_in(client, key).status_code == 410
        assert not Order.objects.exists()

    def test_is_swept_with_its_photos(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg()])
        assert drafting.sweep(at=timezone.now()) == 0
        drafting.sweep(at=timezone.now() + timedelta(days=1))
        assert not Draft.objects.filter(key=key).exists()
        assert not Photo.objects.exists()

    def test_stands_under_seal(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM orders_draft WHERE key = %s", [key])
            assert "扶手".encode() not in bytes(cursor.fetchone()[0])

    def test_photos_are_shown_to_the_holder_of_the_key_alone(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg()])
        photo = Photo.objects.get(draft=key)
        answer = client.get(f"/order/{key}/photo/{photo.pk}/")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert client.get(f"/order/{uuid4()}/photo/{photo.pk}/").status_code == 404


class TestJoin:
    def near_order(self, town: Town, code: str = "0104", state: str = "judged", **facts):
        estate = town.ground.estate
        facts = {"text": "桐花苑1号楼楼梯扶手断了，我叫李秀兰，住2单元501，电话16400001234", "estate": estate, "building": "1",
                 "lon": estate.lon, "lat": estate.lat} | facts  # fmt: skip
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
        assert client.get(f"/order/join/{order.full_number}/").status_code == 404

    def test_makes_one_more_asker_and_drops_the_draft(self, town: Town, client: Client) -> None:
        order = self.near_order(town)
        key, _ = say(client)
        form = page_of(client.get(f"/order/join/{order.full_number}/", {"draft": str(key)}))
        own = re.search(r'name="key" value="([^"]+)"', form)[1]
        answer = client.post(
            f"/order/join/{order.full_number}/", {"key": own, "draft": str(key), "phone": PHONE, "may_call": "on"}
        )
        order.refresh_from_db()
        assert (order.asker_count, Order.objects.count()) == (2, 1)
        assert not Draft.objects.filter(key=key).exists()
        secret = placing.secret_of(UUID(own))
        assert f"{secret[:4]} {secret[4:]}" in page_of(client.get(answer.url))
        assert Client().get(answer.url).status_code == 404

    def test_the_same_phone_twice_is_told_and_sees_nothing(self, town: Town, client: Client) -> None:
        order = self.near_order(town, phone=PHONE)
        answer = client.post(f"/order/join/{order.full_number}/", {"key": str(uuid4()), "phone": PHONE})
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
