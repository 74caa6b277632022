"""Days: the published plan one by one, and the office day through the seasons."""

from datetime import date, time, timedelta

import pytest

from sandan.calc import clock
from sandan.calc.clock import Calendar, OfficeHours, Plan
from tests.calc.clock.plan2026 import CALENDAR, HOLIDAYS, MAKE_UP, SUMMER


class TestIsWorkingDay:
    @pytest.mark.parametrize("day", HOLIDAYS, ids=str)
    def test_is_free_on_each_holiday_of_2026(self, day: date) -> None:
        assert not CALENDAR.is_working_day(day)
        assert CALENDAR.working_minutes_of(day) == 0

    @pytest.mark.parametrize("day", MAKE_UP, ids=str)
    def test_works_on_each_make_up_day_of_2026(self, day: date) -> None:
        assert day.weekday() >= 5
        assert CALENDAR.is_working_day(day)
        assert CALENDAR.working_minutes_of(day) == 420

    def test_follows_the_week_on_all_other_days_of_2026(self) -> None:
        special = {*HOLIDAYS, *MAKE_UP}
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
        assert all(CALENDAR.is_working_day(day) == (day.weekday() < 5) for day in days if day not in special)

    def test_counts_248_working_days_in_2026(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
        assert sum(map(CALENDAR.is_working_day, days)) == 248

    def test_falls_back_to_weekends_in_an_unknown_year(self) -> None:
        assert not CALENDAR.is_announced(2027)
        assert CALENDAR.is_working_day(date(2027, 1, 1))
        assert not CALENDAR.is_working_day(date(2027, 1, 2))

    def test_prefers_off_when_a_plan_says_both(self) -> None:
        day = date(2026, 3, 7)
        assert not Calendar(Plan(off=frozenset({day}), on=frozenset({day}))).is_working_day(day)


class TestOfficeHours:
    def test_change_with_the_season_on_its_first_and_last_day(self) -> None:
        hours = [SUMMER.on(date(2026, *day))[0][0] for day in ((5, 31), (6, 1), (9, 30), (10, 1))]
        assert hours == [time(9), time(8, 30), time(8, 30), time(9)]

    def test_hold_a_winter_that_runs_over_new_year(self) -> None:
        hours = clock.hours_from("08:00-12:00; 11-01~02-29 09:00-15:00")
        assert [hours.on(day)[0][0].hour for day in (date(2026, 12, 31), date(2028, 2, 29), date(2026, 3, 1))] == [
            9,
            9,
            8,
        ]

    @pytest.mark.parametrize(
        "text", ["12:00-09:00", "09:00-12:00,11:00-17:00", "nine to five", "09:00-12:00;13-01~02-01 09:00-10:00"]
    )
    def test_refuse_what_is_no_office_day(self, text: str) -> None:
        with pytest.raises(ValueError, match="cannot be read"):
            clock.hours_from(text)

    def test_default_is_the_written_default(self) -> None:
        assert clock.hours_from("09:00-12:00,13:30-17:30") == OfficeHours()
