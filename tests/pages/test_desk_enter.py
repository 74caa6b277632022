"""Writing down a call, and finding an order again."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from sandan.orders.models import Asker, Order
from sandan.orders.workflow import S
from tests.factories.orders import an_order
from tests.factories.people import COMMUNITY, OTHER_COMMUNITY, Cast
from tests.factories.places import County
from tests.pages.desk_kit import cast, county, desk, here, signed_in, url

__all__ = ["cast", "county", "desk"]
pytestmark = pytest.mark.django_db
PHONE = "13912345678"


def call(**more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()), "text": "楼道灯坏了三天，晚上摸黑", "place": "", "phone": PHONE, "name": "邓秀兰",
        "channel": "phone", "urgency": "1", "category": "", **more,
    }  # fmt: skip


class TestEnter:
    def test_gives_the_number_to_say_aloud(self, desk: Client, county: County) -> None:
        """R057: a spoken order is one page, and gets the same number, secret, owner and clock as any other."""
        label = county.buildings[0].label
        answer = desk.post("/desk/enter/", call(place=f"桐花苑{label}号楼"))
        assert answer.status_code == 200
        order = Order.objects.get()
        text = answer.content.decode()
        assert f'<b class="big-number">{order.number}</b>' in text
        assert (order.estate, order.building, order.channel, order.state) == (county.estate, label, "phone", S.RECEIVED)
        assert order.due_at is not None
        assert PHONE not in text

    def test_keeps_who_wrote_it_down(self, cast: Cast, desk: Client) -> None:
        desk.post("/desk/enter/", call())
        assert Order.objects.get().placed_by == cast.dispatcher

    def test_has_an_empty_form_ready_for_the_next_call(self, desk: Client) -> None:
        first = call()
        text = desk.post("/desk/enter/", first).content.decode()
        assert first["key"] not in text
        assert first["text"] not in text
        assert "autofocus" in text

    def test_sent_twice_is_one_order(self, desk: Client) -> None:
        told = call()
        desk.post("/desk/enter/", told)
        desk.post("/desk/enter/", told)
        assert Order.objects.count() == 1

    def test_takes_a_call_without_name_or_place(self, cast: Cast, desk: Client) -> None:
        desk.post("/desk/enter/", call(phone="", name="", channel="paper"))
        order = Order.objects.get()
        assert (order.community_id, order.is_anonymous, order.channel) == (COMMUNITY, True, "paper")

    def test_keeps_words_for_a_place_nobody_has_on_a_map(self, desk: Client) -> None:
        desk.post("/desk/enter/", call(place="小广场东头"))
        assert Order.objects.get().spot == "小广场东头"

    @pytest.mark.parametrize(
        ("phone", "words"),
        [
            ("1391234567", "少了 1 位"),
            ("139123456789", "多了 1 位"),
            ("abc", "只能有数字"),
            ("12345678901", "13 到 19"),
        ],
    )
    def test_says_what_is_wrong_with_a_number(self, desk: Client, phone: str, words: str) -> None:
        answer = desk.post("/desk/enter/", call(phone=phone))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Order.objects.exists()

    def test_takes_a_fixed_line(self, desk: Client) -> None:
        desk.post("/desk/enter/", call(phone="0351-4040110"))
        assert Asker.objects.get().phone_tail == "0110"

    @pytest.mark.parametrize("text", ["", "   ", "啊" * 2001])
    def test_needs_some_words_and_not_too_many(self, desk: Client, text: str) -> None:
        answer = desk.post("/desk/enter/", call(text=text))
        assert answer.status_code == 422
        assert not Order.objects.exists()

    @pytest.mark.parametrize("text", ["<script>alert(1)</script> 灯坏了", "𠮷祥楼的灯 💡 坏了"])
    def test_takes_any_characters(self, desk: Client, text: str) -> None:
        desk.post("/desk/enter/", call(text=text))
        assert "<script>alert" not in desk.get(url(Order.objects.get())).content.decode()

    def test_refuses_a_form_without_its_key(self, desk: Client) -> None:
        assert desk.post("/desk/enter/", call(key="x")).status_code == 422

    def test_shows_what_is_open_there(self, cast: Cast, desk: Client, county: County) -> None:
        """R057: beside the form stand the open neighbours of the place that is being typed."""
        order = an_order(cast, **here(county))
        text = desk.get(
            "/desk/enter/near/", {"place": f"桐花苑{order.building}号楼", "category": "0102"}
        ).content.decode()
        assert order.number in text
        assert "是同一件" in text
        assert "<html" not in text

    def test_joins_the_caller_to_what_is_open(self, cast: Cast, desk: Client, county: County) -> None:
        """R057: 是同一件 makes the caller one more asker, with a secret of his own."""
        order = an_order(cast, **here(county))
        answer = desk.post("/desk/enter/", call(join=order.full_number))
        assert answer.status_code == 200
        assert Order.objects.count() == 1
        assert order.askers.count() == 2
        assert order.number in answer.content.decode()

    def test_does_not_join_what_is_not_ours(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        answer = signed_in(cast.neighbour).post("/desk/enter/", call(join=order.full_number))
        assert answer.status_code == 404
        assert order.askers.count() == 1

    def test_completes_half_typed_names(self, desk: Client) -> None:
        text = desk.get("/desk/enter/places/", {"place": "thy"}).content.decode()
        assert '<option value="桐花苑">' in text

    def test_takes_as_many_statements_whatever_is_open(
        self, cast: Cast, desk: Client, county: County, django_assert_max_num_queries: Any
    ) -> None:
        an_order(cast, **here(county))
        query = {"place": "桐花苑", "category": ""}
        desk.get("/desk/enter/near/", query)
        with django_assert_max_num_queries(15) as few:
            desk.get("/desk/enter/near/", query)
        for _n in range(20):
            an_order(cast, **here(county))
        desk.get("/desk/enter/near/", query)  # what is kept for some seconds is read again outside the count
        with django_assert_max_num_queries(15) as many:
            desk.get("/desk/enter/near/", query)
        assert len(few) == len(many)


def found(client: Client, q: str) -> str:
    answer = client.get("/desk/find/", {"q": q})
    assert answer.status_code == 200
    return answer.content.decode()


class TestFind:
    def test_finds_by_the_number_said_aloud(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        assert order.full_number in found(desk, order.number)
        assert order.full_number in found(desk, order.number.replace("-", ""))

    def test_goes_straight_to_a_full_number(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        assert desk.get("/desk/find/", {"q": order.full_number}).headers["Location"] == url(order)

    def test_finds_by_words_and_place(self, cast: Cast, desk: Client, county: County) -> None:
        order = an_order(cast, text="电梯门夹人，老太太差点摔了", **here(county))
        assert order.full_number in found(desk, "电梯门")
        assert order.full_number in found(desk, f"桐花苑{order.building}号楼")
        assert order.full_number not in found(desk, "下水道")

    def test_finds_a_phone_only_whole(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, phone=PHONE)
        assert order.full_number in found(desk, PHONE)
        assert order.full_number not in found(desk, PHONE[-4:])
        assert order.full_number not in found(desk, PHONE[:10])

    def test_stays_within_ones_own_area(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, phone=PHONE, text="电梯门夹人")
        neighbour = signed_in(cast.neighbour)
        for q in (order.number, PHONE, "电梯门"):
            assert order.full_number not in found(neighbour, q)
        assert neighbour.get("/desk/find/", {"q": order.full_number}).status_code == 200
        assert COMMUNITY != OTHER_COMMUNITY

    def test_does_not_search_the_words_of_sensitive_matters(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, code="0801", text="家里揭不开锅了")
        assert order.full_number not in found(desk, "揭不开锅")
        assert order.full_number in found(desk, order.number)

    @pytest.mark.parametrize("q", ["'; drop table", "%", "𠮷", "a" * 200, "99999999-999", "1331-001"])
    def test_survives_any_words(self, cast: Cast, desk: Client, q: str) -> None:
        an_order(cast)
        assert "没找到这样的单。" in found(desk, q)

    def test_takes_as_many_statements_for_five_as_for_fifty(
        self, cast: Cast, desk: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(5):
            an_order(cast)
        found(desk, "下水道")
        with django_assert_max_num_queries(12) as few:
            found(desk, "下水道")
        for _n in range(40):
            an_order(cast)
        found(desk, "下水道")  # what is kept for some seconds is read again outside the count
        with django_assert_max_num_queries(12) as many:
            found(desk, "下水道")
        assert len(few) == len(many)
        assert timezone.now() > Order.objects.latest("placed_at").placed_at
