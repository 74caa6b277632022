"""突发 wakes somebody: paged in turn until one answers, at any hour, never silent (R139's ladder for orders)."""

import logging
from datetime import datetime, timedelta

import pytest
from django.http import Http404

from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.notices import kinds
from sandan.notices.models import Notice
from sandan.orders import access, actions
from sandan.orders.actions import duty as roster
from sandan.orders.actions import duty_paging
from sandan.orders.actions.duty_paging import PAGE_MINUTES, Answered
from sandan.orders.models import Duty, Order, Page, Paging
from sandan.orders.queries import duty
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, a_category, a_course, an_order
from tests.factories.people import COMMUNITY, COUNTY, STREET, Cast, somebody

pytestmark = pytest.mark.django_db
NIGHT = MORNING + timedelta(hours=17)  # 02:30
TURN = timedelta(minutes=PAGE_MINUTES)


def on_duty(person: Person, scope: str = COMMUNITY, rank: int = 1, at: datetime = MORNING) -> Duty:
    return Duty.objects.create(
        scope=scope, person=person, rank=rank, from_at=at - timedelta(days=1), to_at=at + timedelta(days=2)
    )


def a_burst(cast: Cast, at: datetime = NIGHT, state: str = S.RECEIVED) -> Order:
    return an_order(cast, state, at=at, urgency=3)


def paged(order: Order) -> list[Person]:
    pages = Page.objects.filter(paging__order=order).select_related("person").order_by("at", "pk")
    return [page.person for page in pages]


def turns(order: Order, count: int, since: datetime = NIGHT) -> datetime:
    """That many turns of the worker, each when it is due; the moment of the last."""
    at = since
    for number in range(count):
        at = since + number * TURN
        duty_paging.page_due(at=at)
    return at


def told(kind: str) -> list[int | None]:
    return sorted(Notice.objects.filter(kind=kind).values_list("person_id", flat=True), key=lambda pk: pk or 0)


class TestFirstPage:
    def test_goes_at_once_to_the_first_on_duty(self, cast: Cast) -> None:
        """R139: the first page in under ten seconds, at 02:30 on a Tuesday."""
        on_duty(cast.reviewer)
        on_duty(cast.dispatcher, rank=2)
        order = a_burst(cast)
        assert Paging.objects.get(order=order).next_at == NIGHT
        assert duty_paging.page_due(at=NIGHT + timedelta(seconds=3)) == 1
        assert paged(order) == [cast.reviewer]
        assert told("page") == [cast.reviewer.pk]
        assert duty_paging.page_due(at=NIGHT + timedelta(seconds=6)) == 0

    def test_is_of_a_kind_that_waits_for_no_morning(self) -> None:
        for kind in ("page", "page_again", "unheard", "stand_down"):
            assert kinds.of(kind).lane == kinds.Lane.PAGE
            assert kinds.when_allowed(kinds.of(kind).lane, NIGHT) == NIGHT
            assert kinds.SMS in kinds.of(kind).ways

    def test_does_not_go_for_what_is_not_that_urgent(self, cast: Cast) -> None:
        an_order(cast, urgency=2)
        assert not Paging.objects.exists()

    def test_goes_when_the_desk_raises_it(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        course = a_course(cast).do("judge", cast.dispatcher, category=a_category(), urgency=3)
        duty_paging.page_due(at=course.at)
        assert paged(course.order) == [cast.reviewer]

    def test_is_spared_where_who_raises_it_is_on_duty_himself(self, cast: Cast) -> None:
        on_duty(cast.dispatcher)
        course = a_course(cast).do("judge", cast.dispatcher, category=a_category(), urgency=3)
        assert Paging.objects.get(order=course.order).answered_by == cast.dispatcher
        assert duty_paging.page_due(at=course.at) == 0


class TestTurns:
    def test_go_through_deputies_then_the_street_then_the_district_then_round_again(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        on_duty(cast.dispatcher, rank=2)
        on_duty(cast.liaison, STREET)
        on_duty(cast.district, COUNTY)
        order = a_burst(cast)
        turns(order, 6)
        ladder = [cast.reviewer, cast.dispatcher, cast.liaison, cast.district]
        assert paged(order) == [*ladder, *ladder[:2]]
        assert [page.state for page in Page.objects.order_by("pk")] == ["missed"] * 5 + ["sent"]
        assert told("page_again") == sorted([cast.reviewer.pk, cast.dispatcher.pk])
        assert journal.lines_of(order).filter(verb="page").count() == 6

    def test_fall_to_the_owner_then_to_all_dispatchers_where_nobody_is_on_duty(self, cast: Cast) -> None:
        third = somebody("三号派单", Role.DISPATCHER, COMMUNITY)
        order = a_burst(cast)
        turns(order, 4)
        rows = list(Page.objects.order_by("pk").values_list("person_id", "at", "rank"))
        assert rows[0][0] == cast.dispatcher.pk  # the owner
        assert {row[0] for row in rows[1:3]} == {cast.reviewer.pk, third.pk}
        assert rows[1][1] == rows[2][1]
        assert [row[0] for row in rows[3:]] == [cast.liaison.pk, cast.district.pk]
        assert {row[2] for row in rows} == {None}

    def test_never_go_silent_and_alarm_the_district_when_the_list_is_used_up(self, cast: Cast) -> None:
        order = a_burst(cast)
        turns(order, 4)
        assert told("unheard") == []
        at = turns(order, 1, NIGHT + 4 * TURN)
        paging = Paging.objects.get()
        assert told("unheard") == [cast.district.pk]
        assert (paging.alarmed_at, paging.round) == (at, 2)
        for number in range(5, 60):  # two hours more
            assert duty_paging.page_due(at=NIGHT + number * TURN) == 1
        assert len(told("unheard")) == 60 // 4 - 1
        assert paged(order)

    def test_go_on_where_a_worker_died(self, cast: Cast) -> None:
        """All is in the rows: after an hour of darkness the next turn comes at once, and only one."""
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        assert duty_paging.page_due(at=NIGHT + timedelta(hours=1)) == 1
        assert len({page.at for page in Page.objects.all()}) == 2
        assert Paging.objects.get(order=order).next_at == NIGHT + timedelta(hours=1) + TURN

    def test_see_a_hand_over_at_once(self, cast: Cast) -> None:
        line = on_duty(cast.reviewer, at=NIGHT)
        on_duty(cast.dispatcher, rank=2, at=NIGHT)
        order = a_burst(cast)
        roster.hand_over(duty=line, to=cast.grid_worker, by=cast.reviewer, at=NIGHT)
        duty_paging.page_due(at=NIGHT)
        assert paged(order) == [cast.grid_worker]

    def test_leave_out_who_may_no_longer_sign_in(self, cast: Cast) -> None:
        on_duty(cast.reviewer)
        Person.objects.filter(pk=cast.reviewer.pk).update(is_active=False)
        order = a_burst(cast)
        duty_paging.page_due(at=NIGHT)
        assert paged(order) == [cast.dispatcher]

    def test_of_one_search_do_not_hang_on_another(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, whole = a_burst(cast), a_burst(cast)
        real = duty.turns

        def fail(order: Order, at: datetime) -> list[duty.Turn]:
            if order.pk == broken.pk:
                raise RuntimeError("no list")
            return real(order, at)

        monkeypatch.setattr(duty, "turns", fail)
        with caplog.at_level(logging.ERROR):
            assert duty_paging.page_due(at=NIGHT) == 2
        assert paged(whole)
        assert Paging.objects.get(order=broken).next_at == NIGHT + TURN
        assert "failed" in caplog.text


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
