"""The order's clocks: limits by category and urgency, and when somebody looks again (R042, R049)."""

from datetime import datetime, timedelta

import pytest

from sandan.orders import clocks
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, ZONE, a_category, an_order
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


class TestStart:
    @pytest.mark.parametrize(("urgency", "minutes"), [(2, 60), (3, 10)])
    def test_runs_day_and_night_when_it_presses(self, cast: Cast, urgency: int, minutes: int) -> None:
        """Practice 16.2: 10 minutes for a burst, an hour for what is urgent."""
        midnight = local(8, 15, 23)  # a Saturday
        assert an_order(cast, at=midnight, urgency=urgency).due_at == midnight + timedelta(minutes=minutes)

    def test_waits_for_office_hours_otherwise(self, cast: Cast) -> None:
        assert an_order(cast, at=local(8, 15, 23)).due_at == local(8, 17, 11)  # two hours of Monday morning

    def test_takes_four_hours_where_nothing_is_guessed(self, cast: Cast) -> None:
        assert an_order(cast, guess=None).due_at == local(8, 10, 15)  # the noon break does not count


class TestJudged:
    @pytest.mark.parametrize(
        ("code", "due"),
        [("0102", local(8, 12, 17, 30)), ("0601", local(8, 13, 17, 30)), ("0103", local(8, 12, 9, 30))],
    )
    def test_counts_from_placing_not_from_judging(self, cast: Cast, code: str, due: datetime) -> None:
        assert an_order(cast, S.JUDGED, code=code).due_at == due

    def test_gives_an_urgent_one_a_day(self, cast: Cast) -> None:
        assert an_order(cast, S.JUDGED, urgency=2).due_at == MORNING + timedelta(hours=24)

    def test_says_when_next_years_plan_is_not_known(self, cast: Cast) -> None:
        late = an_order(cast, S.JUDGED, code="0101", at=local(12, 28, 10))
        assert late.due_is_provisional
        assert not an_order(cast, S.JUDGED).due_is_provisional


class TestWind:
    @pytest.mark.parametrize(
        ("name", "step", "at"),
        [
            ("grab", "lapse", local(8, 10, 10, 3)), ("answer", "miss", local(8, 10, 10, 33)),
            ("dispatch", "remind", local(8, 10, 10, 33)), ("accept", "remind", local(8, 10, 10, 33)),
            ("finish", "overdue", local(8, 12, 17, 30)), ("reply", "ask_again", local(8, 13, 17, 30)),
            ("word", "nudge", local(8, 11, 17, 30)), ("callback", "nudge", local(8, 11, 17, 30)),
            ("ledger", "remind", local(8, 11, 17, 30)), ("pause", "resume", local(8, 11, 17, 30)),
        ],
    )  # fmt: skip
    def test_sets_step_and_moment(self, cast: Cast, name: str, step: str, at: datetime) -> None:
        order = an_order(cast, S.JUDGED)
        clocks.wind(order, name, order.touched_at, None)
        assert (order.next_step, order.next_at) == (step, at)

    @pytest.mark.parametrize("state", sorted(clocks.GOES_ON))
    def test_goes_on_with_the_clock_of_the_state(self, cast: Cast, state: str) -> None:
        order = an_order(cast, S.JUDGED)
        order.state = state
        clocks.wind(order, "resume", order.touched_at, None)
        resumed = (order.next_step, order.next_at)
        clocks.wind(order, clocks.GOES_ON[state], order.touched_at, None)
        assert resumed == (order.next_step, order.next_at)


class TestAhead:
    def test_is_the_deadline_and_then_every_working_day(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        assert order.due_at
        assert clocks.ahead(order, MORNING) == order.due_at
        friday = local(8, 14, 12)
        assert clocks.ahead(order, friday) == local(8, 17, 17, 30)


class TestAcceptMinutes:
    def test_has_an_answer_without_a_category(self) -> None:
        assert [clocks.accept_minutes(None, urgency) for urgency in (1, 2, 3)] == [240, 60, 10]

    def test_follows_the_catalogue(self) -> None:
        assert clocks.accept_minutes(a_category("0101"), 1) == 240


class TestLate:
    def test_is_never_true_of_what_stands_still(self, cast: Cast) -> None:
        standing, running = an_order(cast, S.PAUSED), an_order(cast, S.TAKEN)
        later = MORNING + timedelta(days=30)
        assert not standing.is_late(later)
        assert running.is_late(later)
        assert list(Order.objects.late(later)) == [running]
