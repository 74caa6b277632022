"""Periods: deadlines over every holiday and every edge of the office day, pauses and extensions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sandan.calc import clock
from sandan.calc.clock import SHANGHAI, Calendar, Plan
from tests.calc.clock.plan2026 import CALENDAR, PLAN, SUMMER, at


class TestAddMinutes:
    @pytest.mark.parametrize(
        ("start", "minutes", "end"),
        [
            (at(3, 4, 9), 30, at(3, 4, 9, 30)),
            (at(3, 4, 7), 30, at(3, 4, 9, 30)),  # before opening
            (at(3, 4, 12, 20), 30, at(3, 4, 14)),  # at lunch
            (at(3, 4, 11, 50), 30, at(3, 4, 13, 50)),  # over lunch
            (at(3, 4, 11, 30), 30, at(3, 4, 12)),  # full at the break: ends there
            (at(3, 4, 17, 30), 30, at(3, 5, 9, 30)),  # at closing
            (at(3, 4, 22), 30, at(3, 5, 9, 30)),  # after closing
            (at(3, 7, 10), 30, at(3, 9, 9, 30)),  # Saturday
            (at(2, 28, 17, 20), 30, at(3, 2, 9, 20)),  # make-up Saturday, then Sunday
            (at(2, 14, 17), 60, at(2, 24, 9, 30)),  # the Spring Festival between
            (at(3, 4, 9), 420, at(3, 4, 17, 30)),
            (at(3, 4, 9), 421, at(3, 5, 9, 1)),
            (at(3, 4, 12, 20), 0, at(3, 4, 13, 30)),
            (at(3, 7, 12, 20), 0, at(3, 9, 9)),
            (at(3, 4, 12), 0, at(3, 4, 12)),
        ],
    )
    def test_runs_a_working_clock_in_office_hours_only(self, start: datetime, minutes: int, end: datetime) -> None:
        assert clock.add_minutes(CALENDAR, start, minutes, "working") == end

    def test_runs_a_natural_clock_through_the_night(self) -> None:
        assert clock.add_minutes(CALENDAR, at(2, 17, 23, 50), 20, "natural") == at(2, 18, 0, 10)

    def test_keeps_parts_of_minutes(self) -> None:
        assert clock.add_minutes(CALENDAR, at(3, 4, 9), 0.5, "working") == at(3, 4, 9) + timedelta(seconds=30)

    def test_follows_the_summer_hours(self) -> None:
        assert clock.add_minutes(Calendar(PLAN, SUMMER), at(5, 29, 17), 60, "working") == at(6, 1, 9)

    def test_refuses_a_naive_start(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            clock.add_minutes(CALENDAR, datetime(2026, 3, 4, 9), 5, "working")  # noqa: DTZ001

    @pytest.mark.parametrize(("minutes", "kind"), [(-1, "working"), (1, "lunar")])
    def test_refuses_other_clocks_and_running_back(self, minutes: int, kind: clock.Kind) -> None:
        with pytest.raises(ValueError, match="clock"):
            clock.add_minutes(CALENDAR, at(3, 4), minutes, kind)


class TestDeadline:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (at(3, 4, 8), 1, (3, 5)),  # the first day does not count
            (at(3, 4, 23, 59), 1, (3, 5)),
            (at(3, 6, 10), 1, (3, 9)),  # Friday
            (at(3, 7, 10), 1, (3, 9)),  # Saturday
            (at(12, 31, 10, year=2025), 1, (1, 4)),  # New Year, work on Sunday 4
            (at(2, 13, 10), 1, (2, 14)),  # make-up Saturday
            (at(2, 13, 10), 2, (2, 24)),  # the Spring Festival
            (at(2, 14, 10), 7, (3, 3)),  # and the make-up Saturday after it
            (at(4, 3, 10), 1, (4, 7)),
            (at(4, 30, 10), 3, (5, 8)),
            (at(4, 30, 10), 4, (5, 9)),  # work on Saturday 9 May
            (at(6, 18, 10), 1, (6, 22)),
            (at(9, 18, 10), 1, (9, 20)),  # work on Sunday 20 September
            (at(9, 24, 10), 1, (9, 28)),
            (at(9, 30, 10), 3, (10, 10)),  # work on Saturday 10 October
            (at(9, 30, 10), 4, (10, 12)),
        ],
    )
    def test_ends_at_closing_time_of_the_last_working_day(
        self, start: datetime, days: int, end: tuple[int, int]
    ) -> None:
        """R042: the clock of a state over every holiday of the 2026 plan."""
        assert clock.deadline(CALENDAR, start, days, "day", "working") == at(*end, 17, 30)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (at(3, 4, 10), at(3, 4, 17, 30)),
            (at(3, 4, 17, 30), at(3, 4, 17, 30)),
            (at(3, 4, 17, 31), at(3, 5, 17, 30)),
            (at(3, 7, 10), at(3, 9, 17, 30)),
        ],
    )
    def test_of_no_days_is_the_same_day_if_it_can_be_kept(self, start: datetime, end: datetime) -> None:
        assert clock.deadline(CALENDAR, start, 0, "day", "working") == end

    def test_of_working_hours_crosses_the_spring_festival(self) -> None:
        assert clock.deadline(CALENDAR, at(2, 14, 15, 30), 4, "hour", "working") == at(2, 24, 11)

    def test_of_natural_hours_runs_through_the_spring_festival(self) -> None:
        assert clock.deadline(CALENDAR, at(2, 16, 22), 24, "hour", "natural") == at(2, 17, 22)

    def test_of_natural_days_ends_at_the_same_time_even_on_a_rest_day(self) -> None:
        assert clock.deadline(CALENDAR, at(2, 13, 10, 7), 2, "day", "natural") == at(2, 15, 10, 7)

    def test_knows_leap_days(self) -> None:
        start = at(2, 28, 10, year=2028)
        assert clock.deadline(CALENDAR, start, 1, "day", "natural") == at(2, 29, 10, year=2028)
        assert clock.deadline(CALENDAR, start, 1, "day", "working") == at(2, 29, 17, 30, year=2028)

    def test_crosses_the_end_of_a_year(self) -> None:
        assert clock.deadline(CALENDAR, at(12, 31, 10), 1, "day", "working") == at(1, 1, 17, 30, year=2027)
        assert clock.deadline(CALENDAR, at(12, 31, 17), 1, "hour", "working") == at(1, 1, 9, 30, year=2027)
        assert clock.deadline(CALENDAR, at(3, 4), 600, "day", "working").year == 2028

    def test_takes_utc_and_answers_in_shanghai(self) -> None:
        end = clock.deadline(CALENDAR, datetime(2026, 3, 4, 16, 30, tzinfo=UTC), 1, "day", "working")
        assert end == at(3, 6, 17, 30)  # 16:30 UTC is already 5 March there
        assert end.tzinfo == SHANGHAI

    @pytest.mark.parametrize(("value", "unit"), [(0.5, "day"), (-1, "day"), (-1, "hour"), (1, "week")])
    def test_refuses_what_is_no_limit(self, value: float, unit: clock.Unit) -> None:
        with pytest.raises(ValueError, match=r"whole|forwards|unit"):
            clock.deadline(CALENDAR, at(3, 4), value, unit, "working")

    def test_takes_whole_days_written_as_a_float(self) -> None:
        assert clock.deadline(CALENDAR, at(3, 4), 2.0, "day", "working") == at(3, 6, 17, 30)


class TestDue:
    def test_is_firm_inside_published_years(self) -> None:
        assert clock.due(CALENDAR, at(3, 4), 5, "day", "working") == clock.Due(at(3, 11, 17, 30), False)

    def test_is_provisional_once_it_touches_an_unpublished_year(self) -> None:
        assert clock.due(CALENDAR, at(12, 30), 2, "day", "working") == clock.Due(at(1, 1, 17, 30, year=2027), True)
        assert not clock.due(CALENDAR, at(12, 30), 1, "day", "working").is_provisional

    def test_never_is_on_a_natural_clock(self) -> None:
        assert not clock.due(CALENDAR, at(12, 30), 9, "day", "natural").is_provisional

    def test_becomes_exact_when_the_plan_arrives(self) -> None:
        new_year = frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)})
        later = Calendar(Plan(PLAN.off | new_year, PLAN.on, PLAN.years | {2027}))
        assert clock.due(later, at(12, 30), 2, "day", "working") == clock.Due(at(1, 4, 17, 30, year=2027), False)


class TestNetMinutes:
    def test_counts_office_minutes_only(self) -> None:
        assert clock.net_minutes(CALENDAR, at(3, 4, 8), at(3, 5, 10), "working") == 480

    def test_counts_nothing_in_the_spring_festival(self) -> None:
        assert clock.net_minutes(CALENDAR, at(2, 14, 17, 30), at(2, 24, 9), "working") == 0
        assert clock.net_minutes(CALENDAR, at(2, 14, 17, 30), at(2, 24, 9), "natural") == 9 * 1440 + 15.5 * 60

    def test_counts_a_whole_year(self) -> None:
        assert clock.net_minutes(CALENDAR, at(1, 1, 0), at(1, 1, 0, year=2027), "working") == 248 * 420

    def test_subtracts_overlapping_pauses_once(self) -> None:
        long, inside, late = (
            (at(3, 4, 10), at(3, 4, 11, 20)),
            (at(3, 4, 10, 40), at(3, 4, 10, 50)),
            (at(3, 4, 11), at(3, 4, 11, 30)),
        )
        pauses = (long, inside, late)
        assert clock.net_minutes(CALENDAR, at(3, 4, 9), at(3, 4, 12), "working", pauses) == 90

    def test_stands_still_in_an_open_pause(self) -> None:
        """R042: no clock runs in a state that stands still."""
        pauses = ((at(3, 4, 10), None),)
        assert clock.net_minutes(CALENDAR, at(3, 4, 9), at(3, 9, 12), "working", pauses) == 60

    def test_ignores_pauses_outside(self) -> None:
        pauses = ((at(3, 3), at(3, 4, 9, 30)), (at(3, 4, 11), at(3, 6)), (at(3, 9), None))
        assert clock.net_minutes(CALENDAR, at(3, 4, 9), at(3, 4, 11), "working", pauses) == 90

    def test_is_nothing_backwards(self) -> None:
        assert clock.net_minutes(CALENDAR, at(3, 5), at(3, 4), "natural") == 0


class TestShiftedDeadline:
    def test_moves_by_the_office_time_of_the_pause(self) -> None:
        end = clock.shifted_deadline(CALENDAR, at(3, 11, 17, 30), at(3, 4, 10), at(3, 5, 10), "working")
        assert end == at(3, 12, 17, 30)

    def test_stays_when_the_pause_took_no_office_time(self) -> None:
        assert clock.shifted_deadline(CALENDAR, at(3, 11, 17, 30), at(3, 6, 20), at(3, 9, 8), "working") == at(
            3, 11, 17, 30
        )

    def test_moves_a_natural_deadline_by_the_whole_pause(self) -> None:
        end = clock.shifted_deadline(CALENDAR, at(3, 11, 17), at(3, 6, 20), at(3, 7, 8), "natural")
        assert end == at(3, 12, 5)


class TestExtended:
    """R049: a deadline moves by half of its limit at most."""

    def test_moves_up_to_half_the_limit(self) -> None:
        start, first = at(3, 4, 9), at(3, 6, 17, 30)
        limit = clock.net_minutes(CALENDAR, start, first, "working")
        assert clock.extended(CALENDAR, first, limit, 1, "day", "working") == at(3, 9, 17, 30)
        assert clock.extended(CALENDAR, first, limit, limit / 2, "minute", "working") == at(3, 10, 14)

    def test_refuses_more_than_half(self) -> None:
        with pytest.raises(clock.TooLong):
            clock.extended(CALENDAR, at(3, 6, 17, 30), 1260, 631, "minute", "working")

    def test_refuses_to_move_nothing(self) -> None:
        with pytest.raises(ValueError, match="move"):
            clock.extended(CALENDAR, at(3, 6, 17, 30), 1260, 0, "minute", "working")
