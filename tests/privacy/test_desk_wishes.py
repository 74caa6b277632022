"""The desk's page of wishes to be forgotten, and one's own data for those who serve."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.core import journal, looks
from sandan.core.models import Look
from sandan.notices.models import Reach
from sandan.orders import actions
from sandan.orders.actions import resident_data
from sandan.orders.models import EraseWish, Order
from sandan.people import actions as people_actions
from tests.factories.orders import MORNING, a_picture, an_order, asker_of
from tests.factories.people import COMMUNITY, Cast, cast

pytestmark = pytest.mark.django_db
PHONE = "16455501234"


@pytest.fixture
def people() -> Cast:
    return cast()


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def a_held_wish(people: Cast) -> EraseWish:
    order: Order = an_order(people, code="0301", phone=PHONE)
    return resident_data.wish(asker=asker_of(order), at=MORNING)


class TestWishes:
    def test_lists_what_waits_for_this_desk(self, people: Cast) -> None:
        wish = a_held_wish(people)
        text = signed_in(people.dispatcher).get(reverse("orders:wishes")).content.decode()
        assert wish.asker.order.number in text
        assert "是本人，删除" in text
        assert PHONE not in text

    def test_shows_nothing_to_a_neighbouring_desk(self, people: Cast) -> None:
        wish = a_held_wish(people)
        text = signed_in(people.neighbour).get(reverse("orders:wishes")).content.decode()
        assert wish.asker.order.number not in text

    def test_is_for_desks(self, people: Cast) -> None:
        for other in (people.member, people.grid_worker, people.auditor):
            assert signed_in(other).get(reverse("orders:wishes")).status_code == 403


class TestDecide:
    def test_erases_what_the_desk_agrees_to(self, people: Cast) -> None:
        wish = a_held_wish(people)
        signed_in(people.dispatcher).post(reverse("orders:wish_decide", args=[wish.pk, "erase"]))
        assert asker_of(wish.asker.order).phone is None

    def test_keeps_what_the_desk_refuses(self, people: Cast) -> None:
        wish = a_held_wish(people)
        signed_in(people.dispatcher).post(reverse("orders:wish_decide", args=[wish.pk, "refuse"]))
        wish.refresh_from_db()
        assert (wish.state, wish.by) == ("refused", people.dispatcher)
        assert asker_of(wish.asker.order).phone is not None

    def test_is_the_same_404_for_anothers_wish_as_for_none(self, people: Cast) -> None:
        wish, neighbour = a_held_wish(people), signed_in(people.neighbour)
        answers = [neighbour.post(reverse("orders:wish_decide", args=[pk, "erase"])) for pk in (wish.pk, wish.pk + 999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert asker_of(wish.asker.order).phone is not None


class TestOwnData:
    """R112: staff the same for their own data."""

    def test_says_who_looked_at_one_s_own_number(self, people: Cast) -> None:
        made = people_actions.make_person(login="zhong", name="钟诚", phone=PHONE, by="system", at=MORNING)
        people_actions.give_post(person=made, role="member", scope=COMMUNITY, from_at=MORNING, by="system", at=MORNING)
        looks.reveal(made, "phone", by=people.liaison, why="member", at=timezone.now(), scope=COMMUNITY)
        text = signed_in(made).get(reverse("orders:own_data")).content.decode()
        assert "街道联络员（姓柏）" in text
        assert "您的电话" in text

    def test_gives_a_file_of_one_s_own_rows_alone(self, people: Cast) -> None:
        made = people_actions.make_person(
            login="zhong", name="钟诚", phone=PHONE, by="system", at=MORNING, password="correct-horse-9"
        )
        people_actions.give_post(person=made, role="member", scope=COMMUNITY, from_at=MORNING, by="system", at=MORNING)
        Reach.objects.create(person=made, email="zhong@example.org")
        client = signed_in(made)
        answer = client.post(reverse("orders:own_file"))
        held = json.loads(answer.content)
        assert (held["person"]["phone"], held["person"]["name"]) == (PHONE, "钟诚")
        assert held["tables"]["notices.Reach"][0]["email"] == "zhong@example.org"
        assert len(held["tables"]["people.Post"]) == 1
        text = answer.content.decode()
        assert "password" not in text
        assert people.dispatcher.name not in text
        assert journal.lines_of(made).filter(verb="hand_out").count() == 1

    def test_is_for_oneself_after_signing_in(self, client: Client, people: Cast) -> None:
        for answer in (client.get(reverse("orders:own_data")), client.post(reverse("orders:own_file"))):
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/login/")


class TestPhotos:
    """R112: of a personal matter each view of a picture leaves a line as well."""

    @pytest.mark.parametrize(("code", "noted"), [("0802", 1), ("0301", 1), ("0102", 0)])
    def test_of_personal_matters_are_noted_by_who_opens_them(self, people: Cast, code: str, noted: int) -> None:
        order: Order = an_order(people, "judged", code=code)
        photo = actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=MORNING)
        assert signed_in(people.dispatcher).get(f"/photo/{photo.pk}/small/").status_code == 200
        assert Look.objects.filter(subject="orders.order", subject_id=order.pk, field="photo").count() == noted
