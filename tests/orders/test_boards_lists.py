"""Call-backs, stalled orders and those without an answer, through the client."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.orders import actions
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, a_course, an_order
from tests.factories.people import GRID, Cast
from tests.orders.boards_kit import NOW, late_order, numbers, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


class TestCalls:
    def test_lists_those_whose_word_is_missing(self, cast: Cast, desk: Client) -> None:
        """R047: handed in and no word yet, or reviewed and drawn for a call."""
        served = an_order(cast, S.SERVED)
        urgent = an_order(cast, S.REVIEWED, urgency=2)
        an_order(cast, S.TAKEN)
        assert set(numbers(words(desk, reverse("orders:calls")))) == {served.full_number, urgent.full_number}

    def test_never_lists_an_order_for_who_served_it(self, cast: Cast) -> None:
        """R047: never by the person who served."""
        cast.dispatcher.posts.create(role=Role.MEMBER, scope=GRID, from_at=NOW - timedelta(days=99))
        an_order(cast, S.SERVED, helper=cast.dispatcher)
        assert numbers(words(signed_in(cast.dispatcher), reverse("orders:calls"))) == []
        assert len(numbers(words(signed_in(cast.reviewer), reverse("orders:calls")))) == 1

    def test_gives_no_number_of_those_who_want_no_calls(self, cast: Cast, desk: Client) -> None:
        """G4: who said no to calls is not rung; somebody who did not serve looks instead."""
        order = an_order(cast, S.SERVED)
        order.askers.update(may_call=False)
        html = words(desk, reverse("orders:calls"))
        assert "点单人不要电话，由没经手的人看" in html
        assert "没接通" not in html.partition('id="rows"')[2]
        assert order.askers.get().phone_tail not in html

    def test_says_that_a_silent_matter_is_looked_at_without_a_call(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.SERVED, code="0702", text="家里吵得厉害。")
        html = words(desk, reverse("orders:calls"))
        assert "不打电话，由没经手的人看" in html
        assert "没接通" not in html.partition('id="rows"')[2]

    def test_records_nobody_there_by_one_press(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.SERVED)
        html = desk.post(reverse("orders:call_missed", args=[order.full_number]), follow=True).content.decode()
        order.refresh_from_db()
        assert order.call_tries == 1
        assert "1 次，上次 今天 13:30" in html
        assert "今天 15:30 以后再打" in html

    def test_tells_when_three_tries_are_enough(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.SERVED)
        for hours in (1, 25 + 4, 49 + 8):
            actions.call_back(order=order, is_reached=False, by=cast.reviewer, at=NOW + timedelta(hours=hours))
        assert "够三次了，可以代为评定" in words(desk, reverse("orders:calls"))

    @pytest.mark.parametrize(("word", "state"), [("yes", S.REVIEWED), ("half", S.REVIEWED), ("no", S.REOPENED)])
    def test_keeps_what_was_heard(self, cast: Cast, desk: Client, word: str, state: str) -> None:
        """R048: satisfaction on five steps; not solved opens the order again."""
        order = an_order(cast, S.SERVED)
        said = {"word": word, "satisfaction": "2", "channel": "phone", "text": "师傅挺好。"}
        response = desk.post(reverse("orders:call", args=[order.full_number]), said)
        order.refresh_from_db()
        assert (response.status_code, order.state) == (302, state)
        assert order.calls.get().is_reached

    def test_asks_for_a_word(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.SERVED)
        response = desk.post(reverse("orders:call", args=[order.full_number]), {"channel": "phone"})
        assert response.status_code == 422
        assert "选一个：解决了" in response.content.decode()
        assert not order.calls.exists()

    def test_is_a_404_for_a_neighbour_and_for_who_served(self, cast: Cast) -> None:
        cast.dispatcher.posts.create(role=Role.MEMBER, scope=GRID, from_at=NOW - timedelta(days=99))
        order = an_order(cast, S.SERVED, helper=cast.dispatcher)
        for person in (cast.neighbour, cast.dispatcher):
            assert signed_in(person).get(reverse("orders:call", args=[order.full_number])).status_code == 404
            missed = signed_in(person).post(reverse("orders:call_missed", args=[order.full_number]))
            assert missed.status_code == 404


class TestStalled:
    def test_lists_what_stands_with_reason_and_term(self, cast: Cast, desk: Client) -> None:
        """R049: reason codes in words, since when, until when, who has it, when it is looked at again."""
        for state in (S.PAUSED, S.LEDGERED, S.ASKED):
            an_order(cast, state)
        late_order(cast)
        an_order(cast, S.TAKEN)
        html = words(desk, reverse("orders:stalled"))
        assert len(numbers(html)) == 4
        for text in ("等配件", "没有资金", "等点单人回话", "没写原因", "8月13日", "9月9日", cast.member.name):
            assert text in html

    @pytest.mark.parametrize(
        ("kind", "verb"), [("paused", "resume"), ("ledgered", "take_up"), ("asked", "answer"), ("late", "extend")]
    )
    def test_leads_to_the_move_on_the_orders_page(self, cast: Cast, desk: Client, kind: str, verb: str) -> None:
        """R049: the deadline moves on the order's page, with its reason."""
        order = late_order(cast) if kind == "late" else an_order(cast, kind)
        html = words(desk, f"{reverse('orders:stalled')}?kind={kind}")
        assert numbers(html) == [order.full_number]
        assert f"{reverse('orders:detail', args=[order.full_number])}?do={verb}" in html

    def test_says_why_a_late_one_was_extended(self, cast: Cast, desk: Client) -> None:
        course = a_course(cast, S.TAKEN, at=MORNING - timedelta(days=21))
        due = course.order.due_at
        assert due
        actions.extend(
            order=course.order, reason="complex", until=due + timedelta(hours=2), by=cast.dispatcher, at=course.at,
            text="管子比想的老。",
        )  # fmt: skip
        assert "延过一次：比想的复杂" in words(desk, f"{reverse('orders:stalled')}?kind=late")


class TestUnanswered:
    def test_puts_those_beyond_the_limit_first(self, cast: Cast, desk: Client) -> None:
        """R038: nobody beyond the limit without an answer."""
        fresh = an_order(cast, S.RECEIVED, at=NOW)
        old = an_order(cast, S.RECEIVED, at=MORNING - timedelta(days=3))
        an_order(cast, S.JUDGED)
        assert numbers(words(desk, reverse("orders:unanswered"))) == [old.full_number, fresh.full_number]

    def test_is_empty_when_everyone_was_answered(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.JUDGED)
        html = words(desk, reverse("orders:unanswered"))
        assert "件件有回音" in html
        assert "没回话<span" not in html
