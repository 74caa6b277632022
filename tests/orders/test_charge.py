"""An organisation that dispatches: what its clerk takes in is judged and given out by it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from sandan.orders import access, actions
from sandan.orders.models import Order
from sandan.orders.queries import desk_inbox
from sandan.orders.workflow import S
from sandan.people.models import Post, Role
from sandan.places.models import Place
from tests.factories.orders import a_category, an_order
from tests.factories.people import COMMUNITY, Cast, cast


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def taken_in(people: Cast) -> Order:
    """An order that the clerk's own organisation took in."""
    post = Post.objects.get(person=people.clerk, role=Role.UNIT_CLERK)
    place = Place.objects.get(code=COMMUNITY)
    sending = actions.Sending(
        key=uuid4(), channel="meeting", text="结对的楼里想请人教手机。", ground=actions.Ground(community=place),
        charge=post.unit,
    )  # fmt: skip
    return actions.place(sending=sending, by=people.clerk, at=timezone.now()).order


class TestCharge:
    """R041: the dispatcher may be a community or an organisation."""

    def test_makes_the_clerk_its_first_owner_and_its_desk(self, people: Cast, taken_in: Order) -> None:
        assert taken_in.owner == people.clerk
        assert "desk" in access.roles_of(taken_in, people.clerk, timezone.now())

    def test_lets_the_clerk_judge_and_offer(self, people: Cast, taken_in: Order) -> None:
        at = timezone.now()
        judged = actions.judge(order=taken_in, category=a_category("0902"), urgency=1, by=people.clerk, at=at)
        offered = actions.offer(order=judged, to=[people.member], by=people.clerk, at=at + timedelta(minutes=1))
        assert (offered.state, offered.owner) == (S.OFFERED, people.clerk)

    def test_gives_the_clerk_no_say_over_what_the_community_took_in(self, people: Cast) -> None:
        order = an_order(people)
        assert "desk" not in access.roles_of(order, people.clerk, timezone.now())

    def test_shows_it_in_the_clerk_s_inbox(self, people: Cast, taken_in: Order) -> None:
        rows = desk_inbox.inbox(list(people.clerk.posts.all()), timezone.now())
        assert [row.full_number for row in rows] == [taken_in.full_number]

    def test_is_how_the_clerk_writes_down_a_call(
        self, people: Cast, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        client.force_login(people.clerk)
        assert client.get("/desk/enter/").status_code == 200
        assert client.get("/desk/inbox/").status_code == 200


class TestWaiting:
    def test_holds_what_a_liaison_owns_for_want_of_a_dispatcher(self, people: Cast) -> None:
        """R042: an order of a community without a desk waits in the inbox of whoever owns it."""
        Post.objects.filter(role=Role.DISPATCHER, scope=COMMUNITY).delete()
        for person in (people.dispatcher, people.reviewer):
            person.posts.filter(role=Role.DISPATCHER).delete()
        order = an_order(people)
        assert order.owner == people.liaison
        assert order in desk_inbox.waiting(list(people.liaison.posts.all()))
