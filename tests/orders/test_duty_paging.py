"""突发 wakes somebody: paged in turn until one answers, at any hour, never silent (R139's ladder for orders)."""

import logging
from datetime import datetime, timedelta

import pytest

from sandan.core import journal
from sandan.notices import kinds
from sandan.orders import actions
from sandan.orders.actions import duty as roster
from sandan.orders.actions import duty_paging
from sandan.orders.models import Order, Page, Paging
from sandan.orders.queries import duty
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import a_category, a_course, an_order
from tests.factories.people import COMMUNITY, COUNTY, STREET, Cast, somebody
from tests.orders.duty_kit import NIGHT, TURN, a_burst, on_duty, paged, told, turns

pytestmark = pytest.mark.django_db


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


class TestBeginAgain:
    def test_comes_when_who_had_it_gives_it_back(self, cast: Cast) -> None:
        """R139: a burst that nobody holds any more wakes somebody, whatever was answered before."""
        on_duty(cast.grid_worker)
        course = a_course(cast, S.TAKEN, at=NIGHT, urgency=3)
        before = Paging.objects.get(order=course.order)
        assert before.answered_by == cast.dispatcher
        at = course.at + TURN
        actions.release(order=course.order, reason="far", by=cast.member, at=at)
        duty_paging.page_due(at=at)
        assert paged(course.order) == [cast.grid_worker]

    def test_does_not_come_when_the_desk_takes_it_away(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN, at=NIGHT, urgency=3)
        actions.release(order=course.order, reason="far", by=cast.dispatcher, at=course.at)
        assert duty_paging.page_due(at=course.at + TURN) == 0

    def test_comes_when_the_asker_says_that_it_is_not_solved(self, cast: Cast) -> None:
        on_duty(cast.grid_worker)
        course = a_course(cast, S.SERVED, at=NIGHT, urgency=3)
        asker = course.order.askers.get()
        actions.dissent(order=course.order, reason="not_solved", by=asker, at=course.at)
        duty_paging.page_due(at=course.at)
        assert paged(course.order) == [cast.grid_worker]

    def test_comes_when_a_merge_was_wrong(self, cast: Cast) -> None:
        on_duty(cast.grid_worker)
        order, other = a_burst(cast), an_order(cast, at=NIGHT)
        merged = actions.merge(order=order, into=other, by=cast.dispatcher, at=NIGHT)
        duty_paging.page_due(at=NIGHT)
        actions.unmerge(order=merged, by=cast.dispatcher, at=NIGHT + TURN)
        duty_paging.page_due(at=NIGHT + TURN)
        assert paged(order) == [cast.grid_worker]

    def test_lets_the_clock_step_up_what_was_answered_the_last_time_only(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED, at=NIGHT, urgency=3)
        actions.dissent(order=course.order, reason="not_solved", by=course.order.askers.get(), at=course.at)
        order = Order.objects.get(pk=course.order.pk)
        for _ in range(3):
            assert order.next_at
            actions.tick(at=order.next_at)
            order.refresh_from_db()
        assert order.level > 2
