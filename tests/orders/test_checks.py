"""Field checks (R050): drawn by lot among done and undone orders, a form, pictures of things."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.orders.actions import checking
from sandan.orders.models import Check, Order, Photo
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.orders import MORNING, a_picture, an_order
from tests.factories.people import Cast
from tests.orders.boards_kit import NOW, signed_in
from tests.orders.test_race import contend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


def drawn(cast: Cast, count: int = 4) -> list[Check]:
    return checking.draw(among=Order.objects.all(), count=count, by=cast.dispatcher, at=NOW)


class TestDraw:
    """R050: done and undone orders are visited."""

    def test_takes_done_and_undone_in_equal_parts(self, cast: Cast) -> None:
        for _ in range(4):
            an_order(cast, S.CLOSED)
            an_order(cast, S.TAKEN)
        states = sorted(check.order.state for check in drawn(cast))
        assert states == [S.CLOSED, S.CLOSED, S.TAKEN, S.TAKEN]

    def test_never_takes_what_the_visitor_served_nor_what_is_drawn_already(self, cast: Cast) -> None:
        """R050 R047: seen by somebody else's eyes."""
        own = an_order(cast, S.CLOSED)
        Order.objects.filter(pk=own.pk).update(served_by=cast.dispatcher, closed_by=cast.reviewer)
        other = an_order(cast, S.CLOSED)
        assert [check.order for check in drawn(cast)] == [other]
        with pytest.raises(checking.NothingToCheck):
            drawn(cast)

    def test_leaves_out_what_was_closed_long_ago(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED, at=MORNING - timedelta(days=60))
        with pytest.raises(checking.NothingToCheck):
            drawn(cast)

    @pytest.mark.parametrize("count", [0, 21, -3])
    def test_refuses_silly_numbers(self, cast: Cast, count: int) -> None:
        with pytest.raises(Refused, match="1 到 20"):
            drawn(cast, count)


@pytest.mark.django_db(transaction=True)
class TestDrawTogether:
    """R050: two desks draw at the same moment."""

    def test_gives_no_order_to_both_and_refuses_in_words(self, cast: Cast) -> None:
        orders = [an_order(cast, S.TAKEN) for _ in range(6)]

        def draw(by: Person) -> Callable[[int], str]:
            return lambda _round: str(len(checking.draw(among=Order.objects.all(), count=2, by=by, at=NOW)))

        told = contend(6, draw(cast.dispatcher), draw(cast.reviewer))
        refused = [one for one in (*told[0], *told[1]) if not one.isdigit()]
        assert all(one.startswith("NothingToCheck") for one in refused)
        checks = Check.objects.values_list("order_id", flat=True)
        assert sorted(checks) == sorted(order.pk for order in orders)


class TestRecord:
    """R050: a form and pictures of things; once, and by who drew it."""

    def test_keeps_result_words_and_pictures(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED)
        (check,) = drawn(cast)
        checking.record(
            check=check, result="poor", text="灯罩没装回去。", pictures=[a_picture()], by=cast.dispatcher, at=NOW
        )
        check.refresh_from_db()
        assert (check.result, check.done_at, check.words.masked) == ("poor", NOW, "灯罩没装回去。")  # type: ignore[union-attr]
        assert Photo.objects.filter(order=check.order, stage="check").count() == 1
        line = journal.lines_of(check.order).last()
        assert line is not None
        assert (line.verb, line.facts["result"]) == ("check", "poor")

    def test_asks_for_words_where_it_is_not_well_done(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED)
        (check,) = drawn(cast)
        with pytest.raises(Refused, match="没办好在哪里"):
            checking.record(check=check, result="poor", text=" ", pictures=[], by=cast.dispatcher, at=NOW)

    def test_is_for_who_drew_it_and_once(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED)
        (check,) = drawn(cast)
        with pytest.raises(NotAllowed):
            checking.record(check=check, result="good", text="", pictures=[], by=cast.reviewer, at=NOW)
        checking.record(check=check, result="good", text="", pictures=[], by=cast.dispatcher, at=NOW)
        with pytest.raises(NotAllowed):
            checking.record(check=check, result="good", text="", pictures=[], by=cast.dispatcher, at=NOW)


class TestPages:
    def test_walk_from_drawing_to_writing_down(self, cast: Cast, desk: Client) -> None:
        """R050: through the pages."""
        order = an_order(cast, S.CLOSED)
        assert desk.post(reverse("orders:checks"), {"count": "3"}).status_code == 302
        check = Check.objects.get(order=order)
        assert order.number in desk.get(reverse("orders:checks")).content.decode()
        url = reverse("orders:check", args=[check.pk])
        picture = SimpleUploadedFile("a.jpg", a_picture(), "image/jpeg")
        assert desk.post(url, {"result": "good", "text": "", "photos": picture}).status_code == 302
        assert Photo.objects.filter(order=order, stage="check").exists()
        assert desk.get(url).status_code == 404

    def test_answer_nonsense_with_words_and_keep_nothing(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.CLOSED)
        assert desk.post(reverse("orders:checks"), {"count": "many"}).status_code == 422
        assert not Check.objects.exists()
        desk.post(reverse("orders:checks"), {"count": "1"})
        url = reverse("orders:check", args=[Check.objects.get().pk])
        renamed = SimpleUploadedFile("a.jpg", b"MZ\x90 a program", "image/jpeg")
        response = desk.post(url, {"result": "good", "text": "好", "photos": renamed})
        assert response.status_code == 422
        assert "这不是照片" in response.content.decode()
        assert Check.objects.get().done_at is None
        assert desk.post(url, {"result": "", "text": ""}).status_code == 422

    def test_show_nothing_to_others(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.CLOSED)
        desk.post(reverse("orders:checks"), {"count": "1"})
        url = reverse("orders:check", args=[Check.objects.get().pk])
        for person in (cast.reviewer, cast.neighbour, cast.district):
            assert signed_in(person).get(url).status_code == 404
        for person in (cast.member, cast.auditor):
            assert signed_in(person).get(reverse("orders:checks")).status_code == 403
        neighbour = signed_in(cast.neighbour)
        assert neighbour.post(reverse("orders:checks"), {"count": "1"}).status_code == 422

    def test_never_draw_a_sealed_matter(self, cast: Cast, desk: Client) -> None:
        """G3: nobody is sent to the door of a sealed matter by lot."""
        an_order(cast, S.TAKEN, code="0702", text="家里吵得厉害。")
        assert desk.post(reverse("orders:checks"), {"count": "1"}).status_code == 422

    def test_need_no_more_statements_for_more_visits(
        self, cast: Cast, desk: Client, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        for _ in range(6):
            an_order(cast, S.CLOSED)
        desk.post(reverse("orders:checks"), {"count": "12"})
        with django_assert_max_num_queries(10):
            assert desk.get(reverse("orders:checks")).status_code == 200
