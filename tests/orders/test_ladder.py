"""The ladder 网格-社区-街道-区: the grid's own matters, time on a level (R059, R118)."""

from datetime import timedelta

import pytest

from sandan.core.errors import NotAllowed
from sandan.orders import access, actions
from sandan.orders.actions import ladder
from sandan.orders.models import LevelLimit, Order
from sandan.orders.workflow import S
from sandan.people.models import Role
from sandan.people.queries import NoDesk
from tests.factories.orders import MORNING, a_category, a_course, an_order, asker_of
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    Cast,
    a_post,
    somebody,
)  # fmt: skip
from tests.orders.ladder_kit import in_the_grid, path
from tests.orders.told_kit import told

pytestmark = pytest.mark.django_db


def ring(order: Order) -> Order:
    """The clock rings; the order as it stands then."""
    assert order.next_at
    assert actions.tick(at=order.next_at) == 1
    return Order.objects.get(pk=order.pk)


def ring_until(order: Order, step: str, most: int = 9) -> Order:
    for _ in range(most):
        if order.next_step == step:
            return order
        order = ring(order)
    raise AssertionError(f"{step} never comes")


class TestGrid:
    """R059: level 1 is where the grid's own worker has the order."""

    def test_has_an_order_that_its_own_worker_took(self, cast: Cast) -> None:
        order = in_the_grid(cast).order
        assert order.level == 1
        assert path(order) == [("take", 2, 1, "")]
        assert order.owner == cast.dispatcher  # who answers for it does not change

    @pytest.mark.parametrize(("role", "scope"), [(Role.GRID_LEADER, COMMUNITY), (Role.GRID_WORKER, f"{GRID}02")])
    def test_counts_leaders_and_micro_grids(self, cast: Cast, role: str, scope: str) -> None:
        someone = somebody("网格里的人", role, scope)
        micro = {"micro": scope} if len(scope) == 17 else {}
        course = a_course(cast, S.JUDGED)
        Order.objects.filter(pk=course.order.pk).update(**micro or {"micro": ""})
        course.do("offer", cast.dispatcher, to=[someone]).do("accept", someone)
        assert course.order.level == 1

    def test_is_not_where_a_member_serves(self, cast: Cast) -> None:
        assert an_order(cast, S.TAKEN).level == 2

    def test_is_not_where_another_grids_worker_serves(self, cast: Cast) -> None:
        stranger = somebody("邻格", Role.GRID_WORKER, f"{COMMUNITY}009")
        assert a_course(cast, S.TAKEN, helper=stranger).order.level == 2

    def test_is_not_where_he_came_for_his_unit(self, cast: Cast) -> None:
        a_post(cast.grid_worker, Role.UNIT_CLERK, COUNTY, unit=cast.unit)
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.unit]).do("accept", cast.grid_worker)
        assert course.order.level == 2

    def test_keeps_what_it_solved_to_the_end(self, cast: Cast) -> None:
        order = an_order(cast, S.CLOSED, helper=cast.grid_worker)
        assert (order.state, order.level) == (S.CLOSED, 1)

    def test_loses_it_when_it_is_given_back_or_not_solved(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("release", cast.grid_worker, reason="ill")
        assert path(course.order) == [("take", 2, 1, ""), ("back", 1, 2, "ill")]
        again = an_order(cast, S.REOPENED, helper=cast.grid_worker)
        assert (again.level, path(again)[-1][:3]) == (2, ("back", 1, 2))

    def test_keeps_it_while_it_stands_still(self, cast: Cast) -> None:
        course = in_the_grid(cast)
        course.do("pause", cast.grid_worker, reason="parts", until=course.at + timedelta(days=2))
        assert course.order.level == 1
        assert course.do("resume", cast.grid_worker).order.level == 1


class TestStepUpFromTheGrid:
    def test_gives_it_to_the_desk_with_a_reason(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_means", text="要吊车。")
        order = course.order
        assert (order.state, order.level, order.owner, order.holder) == (S.ESCALATED, 2, cast.dispatcher, None)
        assert path(order)[-1] == ("escalate", 1, 2, "no_means")
        assert order.steps.last().from_person == cast.grid_worker
        assert told("escalate") == {cast.dispatcher.pk}
        assert order.custody.get(to_at=None).person == cast.dispatcher

    def test_is_only_for_who_has_it_in_the_grid(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        with pytest.raises(NotAllowed):
            course.do("escalate", cast.member, reason="no_means")

    def test_keeps_the_worker_informed_and_reading(self, cast: Cast) -> None:
        """R118: the lower level stays informed and reads on."""
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_right")
        course.judged().do("offer", cast.dispatcher, to=[cast.member]).do("accept", cast.member)
        assert cast.grid_worker.pk in told("accept")
        assert access.order_of(cast.grid_worker, course.order.full_number, course.at)

    def test_comes_back_to_the_worker_as_an_offer(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_means")
        course.do("hand_down", cast.dispatcher, reason="means_given")
        assert (course.order.state, course.order.offers.get(state="sent").person) == (S.OFFERED, cast.grid_worker)
        assert course.do("accept", cast.grid_worker).order.level == 1

    def test_comes_back_to_nobody_outside_the_grid(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_means")
        with pytest.raises(NoDesk, match="派单"):
            course.do("hand_down", cast.dispatcher, reason="means_given", to=cast.member)

    def test_goes_to_the_street_where_the_desk_itself_steps_up(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("escalate", cast.dispatcher, reason="danger")
        assert (course.order.level, course.order.owner) == (3, cast.liaison)
        assert path(course.order)[-1] == ("escalate", 1, 3, "danger")


class TestTimeOnALevel:
    """R059: limits per category on each level; the clock proposes or steps, through nights and weekends."""

    def test_in_the_grid_is_half_the_limit_then_it_is_proposed(self, cast: Cast) -> None:
        order = in_the_grid(cast).order
        assert order.climb_at
        assert order.due_at
        assert order.taken_at
        assert order.taken_at < order.climb_at < order.due_at
        order = ring_until(order, "climb")
        assert order.next_at == order.climb_at
        order = ring(order)
        assert (order.level, order.state) == (1, S.TAKEN)
        assert path(order)[-1] == ("propose", 1, 2, "over_time")
        assert told("propose_up") >= {cast.dispatcher.pk, cast.grid_worker.pk}
        assert order.next_step == "overdue"

    def test_runs_on_the_working_clock_over_a_weekend(self, cast: Cast) -> None:
        friday = MORNING + timedelta(days=4, hours=7)  # 14 August, 16:30
        order = in_the_grid(cast, at=friday).order
        assert order.climb_at
        assert order.climb_at > friday + timedelta(days=2.5)
        local = order.climb_at.astimezone(MORNING.tzinfo)
        assert local.weekday() < 5
        assert 9 <= local.hour < 18

    def test_in_the_community_is_the_limit_itself_and_proposed_once(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        assert order.climb_at is None
        while order.next_at and order.due_at and order.next_at <= order.due_at:
            order = ring(order)
        assert path(order) == [("propose", 2, 3, "over_time")]
        assert told("propose_up") >= {cast.dispatcher.pk, cast.liaison.pk}
        order = ring(ring(order))
        assert len(path(order)) == 1
        assert order.state == S.JUDGED

    def test_of_an_urgent_order_ends_with_a_step_by_the_clock(self, cast: Cast) -> None:
        """In the night as well: nobody judges, so the street has it, then the district."""
        night = MORNING + timedelta(hours=14)
        order = an_order(cast, at=night, urgency=2)
        while order.level == 2:
            order = ring(order)
        assert (order.state, order.owner, order.level) == (S.ESCALATED, cast.liaison, 3)
        step = order.steps.get(verb="escalate")
        assert (step.by, step.reason, step.from_person) == (None, "over_time", cast.dispatcher)
        assert step.at - night <= timedelta(minutes=61)
        while order.level == 3:
            order = ring(order)
        assert (order.owner, order.steps.filter(verb="escalate").count()) == (cast.district, 2)
        assert order.touched_at - step.at <= timedelta(minutes=61)
        assert order.climb_at is None
        ring(ring(order))
        assert Order.objects.get(pk=order.pk).level == 4

    def test_never_takes_it_from_who_serves(self, cast: Cast) -> None:
        order = an_order(cast, S.UNDERWAY, urgency=2)
        for _ in range(4):
            order = ring(order)
        assert (order.state, order.holder, order.level) == (S.UNDERWAY, cast.member, 2)
        assert ("propose", 2, 3, "over_time") in path(order)

    def test_is_proposed_where_nobody_stands_above(self, cast: Cast) -> None:
        for person in (cast.liaison, cast.district):
            person.posts.all().delete()
        order = an_order(cast, urgency=2)
        while order.next_at and order.due_at and order.next_at <= order.due_at:
            order = ring(order)
        assert (order.level, path(order)) == (2, [("propose", 2, 3, "over_time")])
        assert order.next_at

    def test_is_what_the_office_decided_for_the_item(self, cast: Cast) -> None:
        LevelLimit.objects.create(category=a_category(), level=2, minutes=120, is_step=True)
        order = an_order(cast, S.JUDGED)
        assert order.climb_at == MORNING + timedelta(hours=2)
        order = ring_until(order, "climb")
        order = ring(order)
        assert (order.level, order.state, order.owner) == (3, S.ESCALATED, cast.liaison)

    def test_stands_still_with_the_order(self, cast: Cast) -> None:
        course = in_the_grid(cast)
        before = course.order.climb_at
        course.do("pause", cast.grid_worker, reason="parts", until=course.at + timedelta(days=2))
        course.at += timedelta(days=1)
        course.do("resume", cast.grid_worker)
        assert before
        assert course.order.climb_at == before + timedelta(days=1) + timedelta(minutes=3)

    def test_is_longer_when_the_deadline_is_moved(self, cast: Cast) -> None:
        course = in_the_grid(cast)
        assert course.order.due_at
        until = course.order.due_at + timedelta(hours=2)
        course.do("extend", cast.dispatcher, reason="parts", until=until, text="等配件。")
        assert course.order.climb_at == until

    def test_begins_anew_on_each_level(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED)
        first = course.order.climb_at
        assert first
        assert first > course.at
        course.do("judge", cast.liaison, category=a_category(), urgency=1)
        assert course.order.climb_at
        assert course.order.climb_at >= first
        course.do("escalate", cast.liaison, reason="no_right")
        assert course.order.climb_at is None


def test_a_reopened_order_of_the_street_keeps_its_level(cast: Cast) -> None:
    course = a_course(cast, S.ESCALATED).do("judge", cast.liaison, category=a_category(), urgency=1)
    course.do("offer", cast.liaison, to=[cast.member]).do("accept", cast.member).do("set_out", cast.member).handed_in()
    course.do("dissent", asker_of(course.order), reason="not_solved")
    assert course.order.level == 3
    assert ladder.allowed(course.order).minutes > 0
