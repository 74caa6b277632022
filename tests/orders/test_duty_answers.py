"""突发, once somebody is awake: answering, handing on, standing down, who sees it (R139's ladder for orders)."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.orders import access, actions
from sandan.orders.actions import duty_paging
from sandan.orders.actions.duty_paging import Answered
from sandan.orders.models import Order, Page, Paging
from sandan.orders.workflow import S
from tests.factories.orders import a_category, a_course
from tests.factories.people import STREET, Cast
from tests.orders.duty_kit import NIGHT, TURN, a_burst, on_duty, paged, told, turns

pytestmark = pytest.mark.django_db


class TestRespond:
    def test_ends_the_search_and_makes_a_desk_answer_for_the_order(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        order = a_burst(cast)
        turns(order, 2)
        at = NIGHT + timedelta(minutes=3)
        answered = duty_paging.respond(order=order, by=cast.reviewer, at=at)
        assert answered.owner == cast.reviewer
        assert order.custody.get(to_at=None).person == cast.reviewer
        paging = Paging.objects.get()
        assert (paging.answered_by, paging.ended_at, paging.next_at) == (cast.reviewer, at, None)
        assert Page.objects.get(state="answered").person == cast.reviewer
        assert told("stand_down") == [cast.liaison.pk]
        assert journal.lines_of(order).filter(verb="respond", actor_id=cast.reviewer.pk).count() == 1
        assert duty_paging.page_due(at=at + timedelta(hours=9)) == 0

    def test_tells_who_comes_late_who_has_it(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        order = a_burst(cast)
        turns(order, 2)
        duty_paging.respond(order=order, by=cast.reviewer, at=NIGHT + TURN)
        with pytest.raises(Answered, match="闫可心"):
            duty_paging.respond(order=order, by=cast.liaison, at=NIGHT + TURN)

    def test_is_open_to_the_desk_that_was_not_paged_yet(self, cast: Cast) -> None:
        order = a_burst(cast)
        duty_paging.respond(order=order, by=cast.district, at=NIGHT)
        assert Paging.objects.get().answered_by == cast.district
        order.refresh_from_db()
        assert order.owner == cast.district
        assert "desk" in access.roles_of(order, cast.district, NIGHT)

    @pytest.mark.parametrize("name", ["neighbour", "member", "auditor", "clerk"])
    def test_is_closed_to_strangers(self, cast: Cast, name: str) -> None:
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        with pytest.raises(NotAllowed):
            duty_paging.respond(order=order, by=getattr(cast, name), at=NIGHT)
        with pytest.raises(NotAllowed):
            duty_paging.hand_on(order=order, by=getattr(cast, name), at=NIGHT)

    def test_leaves_the_order_with_its_owner_where_a_grid_worker_answers(self, cast: Cast) -> None:
        on_duty(cast.grid_worker)
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        assert duty_paging.respond(order=order, by=cast.grid_worker, at=NIGHT).owner == cast.dispatcher
        assert Paging.objects.get().answered_by == cast.grid_worker

    def test_shows_of_a_sealed_matter_no_name_on_the_page_that_wakes(self, cast: Cast, client: Client) -> None:
        """G3: the page opens wherever one was woken; it names the department alone."""
        order = a_burst(cast)
        Order.objects.filter(pk=order.pk).update(privacy="sealed", category=a_category("0702"))
        client.force_login(cast.liaison)
        source = client.get(reverse("orders:paged", args=[order.full_number])).content.decode()
        assert a_category("0702").department in source
        assert a_category("0702").name not in source

    def test_may_be_followed_by_who_waited_for_the_lock_with_an_older_time(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED, at=NIGHT)
        Paging.objects.create(order=course.order, at=NIGHT, next_at=NIGHT)
        duty_paging.respond(order=course.order, by=cast.liaison, at=course.at + TURN)
        order = Order.objects.get(pk=course.order.pk)
        moved = actions.offer(order=order, to=[cast.member], by=cast.liaison, at=course.at)
        taken = actions.accept(order=moved, by=cast.member, at=course.at)
        assert taken.custody.get(to_at=None).person == cast.member

    def test_stops_the_clock_from_stepping_up(self, cast: Cast) -> None:
        order = a_burst(cast)
        duty_paging.respond(order=order, by=cast.dispatcher, at=NIGHT)
        for _ in range(3):
            order.refresh_from_db()
            assert order.next_at
            actions.tick(at=order.next_at)
        order.refresh_from_db()
        assert order.level == 2


class TestHandOn:
    def test_pages_the_next_at_once(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        on_duty(cast.dispatcher, rank=2)
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        at = NIGHT + timedelta(seconds=20)
        duty_paging.hand_on(order=order, by=cast.reviewer, at=at)
        assert paged(order) == [cast.reviewer, cast.dispatcher]
        assert Paging.objects.get().next_at == at + TURN
        assert Page.objects.get(person=cast.reviewer).state == "passed"
        with pytest.raises(NotAllowed):
            duty_paging.hand_on(order=order, by=cast.reviewer, at=at)

    def test_asks_him_again_in_the_next_round(self, cast: Cast) -> None:
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        duty_paging.hand_on(order=order, by=cast.dispatcher, at=NIGHT)
        turns(order, 3, NIGHT + TURN)
        assert paged(order).count(cast.dispatcher) == 2


class TestStandDown:
    @pytest.mark.parametrize("state", [S.PASSED, S.WITHDRAWN, S.REFUSED])
    def test_comes_when_it_is_over(self, cast: Cast, state: str) -> None:
        course = a_course(cast, at=NIGHT, urgency=3)
        duty_paging.page_due(at=NIGHT)
        verb, by, said = {
            S.PASSED: ("pass_on", cast.dispatcher, {"where": "119"}),
            S.WITHDRAWN: ("withdraw", course.order.askers.get(), {}),
            S.REFUSED: ("refuse", cast.dispatcher, {"reason": "not_ours", "where": "请打 119。"}),
        }[state]
        course.do(verb, by, **said)
        assert duty_paging.page_due(at=NIGHT + TURN) == 1
        assert Paging.objects.get().ended_at == NIGHT + TURN
        assert told("stand_down") == [cast.dispatcher.pk]
        assert duty_paging.page_due(at=NIGHT + timedelta(hours=5)) == 0

    def test_comes_when_somebody_has_taken_it(self, cast: Cast) -> None:
        order = a_burst(cast, state=S.TAKEN)
        Paging.objects.update(ended_at=None, next_at=NIGHT, answered_by=None)
        assert duty_paging.page_due(at=NIGHT) == 1
        assert not paged(order)
        assert Paging.objects.get().ended_at == NIGHT

    def test_comes_when_a_desk_judges_it(self, cast: Cast) -> None:
        order = a_burst(cast)
        turns(order, 2)
        actions.judge(order=order, category=a_category(), urgency=3, by=cast.reviewer, at=NIGHT + TURN)
        assert Paging.objects.get().answered_by == cast.reviewer
        assert told("stand_down") == [cast.dispatcher.pk]

    def test_comes_when_it_is_not_that_urgent_after_all(self, cast: Cast) -> None:
        on_duty(cast.grid_worker)
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        actions.judge(order=order, category=a_category(), urgency=1, by=cast.dispatcher, at=NIGHT)
        assert told("stand_down") == [cast.grid_worker.pk]
        assert Paging.objects.get().answered_by == cast.dispatcher


class TestAccess:
    """G2: who is paged sees this one order while it is looked for, no other and no longer."""

    def test_is_given_for_the_time_of_the_page(self, cast: Cast) -> None:
        on_duty(cast.neighbour, STREET)
        order, other = a_burst(cast), a_burst(cast, at=NIGHT + timedelta(hours=1))
        with pytest.raises(Http404):
            access.order_of(cast.neighbour, order.full_number, NIGHT)
        Paging.objects.filter(order=other).update(next_at=NIGHT + timedelta(days=1))
        turns(order, 3)
        assert cast.neighbour in paged(order)
        assert access.roles_of(order, cast.neighbour, NIGHT) == {"paged", "seer"}
        assert not access.may_see_contact(access.roles_of(order, cast.neighbour, NIGHT), order)
        with pytest.raises(Http404):
            access.order_of(cast.neighbour, other.full_number, NIGHT)
        duty_paging.respond(order=order, by=cast.dispatcher, at=NIGHT + 3 * TURN)
        with pytest.raises(Http404):
            access.order_of(cast.neighbour, order.full_number, NIGHT)

    def test_lets_a_desk_on_joint_duty_act_on_what_it_answered(self, cast: Cast) -> None:
        on_duty(cast.neighbour, STREET)
        order = a_burst(cast)
        turns(order, 3)
        answered = duty_paging.respond(order=order, by=cast.neighbour, at=NIGHT + 2 * TURN)
        assert answered.owner == cast.neighbour
        assert {"desk", "seer"} <= access.roles_of(answered, cast.neighbour, NIGHT)
        judged = actions.judge(order=answered, category=a_category(), urgency=3, by=cast.neighbour, at=NIGHT + 3 * TURN)
        assert judged.state == S.JUDGED

    def test_ends_with_handing_on(self, cast: Cast) -> None:
        on_duty(cast.neighbour, STREET)
        order = a_burst(cast)
        turns(order, 3)
        duty_paging.hand_on(order=order, by=cast.neighbour, at=NIGHT + 2 * TURN)
        assert access.roles_of(order, cast.neighbour, NIGHT) == frozenset()
