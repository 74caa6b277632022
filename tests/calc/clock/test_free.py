"""When somebody has time: the default outside office hours, own times, days away (R018)."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.clock.days import SHANGHAI, Calendar
from sandan.calc.clock.free import Times, free_minutes, stretches

MONDAY, SUNDAY = date(2026, 8, 10), date(2026, 8, 16)
EVENINGS = Times(weekly=tuple((day, 18 * 60, 21 * 60) for day in range(7)))
CALENDAR = Calendar()


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


class TestStretches:
    def test_are_outside_office_hours_where_nothing_is_said(self) -> None:
        """R018: 八小时外: before work, over noon and after work."""
        assert stretches(CALENDAR, Times(), MONDAY) == ((420, 540), (720, 810), (1050, 1320))

    def test_are_the_whole_waking_rest_day(self) -> None:
        assert stretches(CALENDAR, Times(), SUNDAY) == ((420, 1320),)

    def test_are_what_the_person_said(self) -> None:
        assert stretches(CALENDAR, EVENINGS, MONDAY) == ((1080, 1260),)

    def test_are_none_on_days_away(self) -> None:
        away = Times(away=((MONDAY, MONDAY + timedelta(days=2)),), is_always=True)
        assert [bool(stretches(CALENDAR, away, MONDAY + timedelta(days=n))) for n in range(4)] == [False] * 3 + [True]


class TestFreeMinutes:
    def test_counts_what_lies_between(self) -> None:
        assert free_minutes(CALENDAR, EVENINGS, moment(MONDAY, 20), moment(MONDAY, 23), 600) == 60
        assert free_minutes(CALENDAR, EVENINGS, moment(MONDAY, 9), moment(MONDAY, 17), 600) == 0

    def test_stops_when_it_is_enough(self) -> None:
        assert free_minutes(CALENDAR, EVENINGS, moment(MONDAY, 9), moment(SUNDAY, 23), 30) == 30

    @given(st.integers(0, 20_000), st.integers(0, 10_000), st.integers(0, 10_000))
    def test_is_the_sum_of_its_parts(self, start: int, first: int, second: int) -> None:
        a = moment(MONDAY, 0) + timedelta(minutes=start)
        b, c = a + timedelta(minutes=first), a + timedelta(minutes=first + second)
        parts = [free_minutes(CALENDAR, Times(), *pair, 10**6) for pair in ((a, b), (b, c))]
        assert free_minutes(CALENDAR, Times(), a, c, 10**6) == sum(parts)
