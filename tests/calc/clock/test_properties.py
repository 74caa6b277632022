"""Properties of the clock that hold for every moment, limit and pause."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sandan.calc import clock
from sandan.calc.clock import SHANGHAI, Calendar, Plan
from tests.calc.clock.plan2026 import PLAN, SUMMER

CALENDAR = Calendar(PLAN, SUMMER)
kinds = st.sampled_from(("working", "natural"))
units = st.sampled_from(("minute", "hour", "day"))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
minutes = st.integers(0, 40_000)
values = st.integers(0, 60)
spells = st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=40))).map(lambda s: (s[0], s[0] + s[1]))
orders_of_pauses = st.lists(spells, max_size=4).flatmap(lambda them: st.tuples(st.just(them), st.permutations(them)))


class TestDeadline:
    @given(moments, values, values, units, kinds)
    def test_never_shrinks_with_the_limit(
        self, start: datetime, small: int, more: int, unit: clock.Unit, kind: clock.Kind
    ) -> None:
        """R042: a longer limit never ends earlier."""
        less, greater = (clock.deadline(CALENDAR, start, value, unit, kind) for value in (small, small + more))
        assert start <= less <= greater

    @given(moments, st.timedeltas(timedelta(0), timedelta(days=20)), values, units, kinds)
    def test_never_goes_back_when_the_start_is_later(
        self, start: datetime, later: timedelta, value: int, unit: clock.Unit, kind: clock.Kind
    ) -> None:
        first, second = (clock.deadline(CALENDAR, begin, value, unit, kind) for begin in (start, start + later))
        assert first <= second

    @given(moments, values, units)
    def test_falls_into_office_hours_of_a_working_day(self, start: datetime, value: int, unit: clock.Unit) -> None:
        end = clock.deadline(CALENDAR, start, value, unit, "working")
        assert CALENDAR.is_working_day(end.date())
        assert any(begin <= end.time() <= close for begin, close in CALENDAR.hours.on(end.date()))

    @given(moments, values)
    def test_leaves_exactly_so_many_working_days_after_the_first(self, start: datetime, value: int) -> None:
        end = clock.deadline(CALENDAR, start, value + 1, "day", "working").date()
        days = [start.date() + timedelta(days=n) for n in range(1, (end - start.date()).days + 1)]
        assert sum(map(CALENDAR.is_working_day, days)) == value + 1

    @given(moments, values, units, st.frozensets(st.dates(date(2025, 1, 1), date(2028, 12, 31))))
    def test_on_the_natural_clock_knows_no_plan(
        self, start: datetime, value: int, unit: clock.Unit, off: frozenset[date]
    ) -> None:
        other = Calendar(Plan(off))
        assert clock.deadline(other, start, value, unit, "natural") == clock.deadline(
            CALENDAR, start, value, unit, "natural"
        )

    @given(moments, values, units, kinds)
    def test_does_not_depend_on_the_zone_of_the_start(
        self, start: datetime, value: int, unit: clock.Unit, kind: clock.Kind
    ) -> None:
        end = clock.deadline(CALENDAR, start.astimezone(UTC), value, unit, kind)
        assert end == clock.deadline(CALENDAR, start, value, unit, kind)
        assert end.utcoffset() == timedelta(hours=8)


class TestNetMinutes:
    @given(st.lists(moments, min_size=3, max_size=3).map(sorted), kinds)
    def test_adds_up_over_adjacent_intervals(self, three: list[datetime], kind: clock.Kind) -> None:
        a, b, c = (moment.replace(microsecond=0) for moment in three)
        parts = clock.net_minutes(CALENDAR, a, b, kind) + clock.net_minutes(CALENDAR, b, c, kind)
        assert abs(parts - clock.net_minutes(CALENDAR, a, c, kind)) < 1e-6

    @given(moments, minutes, kinds)
    def test_gives_back_what_was_added(self, start: datetime, amount: int, kind: clock.Kind) -> None:
        assert clock.net_minutes(CALENDAR, start, clock.add_minutes(CALENDAR, start, amount, kind), kind) == amount

    @given(moments, st.timedeltas(timedelta(0), timedelta(days=30)))
    def test_agrees_with_walking_day_by_day(self, start: datetime, length: timedelta) -> None:
        end, walked, day = start + length, 0.0, start.date()
        while day <= end.date():
            for span in CALENDAR.hours.on(day) if CALENDAR.is_working_day(day) else ():
                begin, close = (datetime.combine(day, edge, SHANGHAI) for edge in span)
                walked += max((min(close, end) - max(begin, start)).total_seconds(), 0) / 60
            day += timedelta(days=1)
        assert abs(clock.net_minutes(CALENDAR, start, end, "working") - walked) < 1e-6

    @given(spells, orders_of_pauses, kinds)
    def test_does_not_care_for_the_order_of_pauses(
        self, whole: tuple[datetime, datetime], orders: tuple[list[clock.Pause], list[clock.Pause]], kind: clock.Kind
    ) -> None:
        """R042: pauses count once, in any order."""
        a, b = whole
        pauses, shuffled = orders
        net = clock.net_minutes(CALENDAR, a, b, kind, pauses)
        assert net == clock.net_minutes(CALENDAR, a, b, kind, shuffled)
        assert net == clock.net_minutes(CALENDAR, a, b, kind, [*pauses, *pauses])
        assert 0 <= net <= clock.net_minutes(CALENDAR, a, b, kind)


class TestShiftedDeadline:
    @given(moments, spells, kinds)
    def test_never_shortens_and_moves_by_what_was_paused(
        self, start: datetime, pause: tuple[datetime, datetime], kind: clock.Kind
    ) -> None:
        end = clock.deadline(CALENDAR, start, 3, "day", kind)
        moved = clock.shifted_deadline(CALENDAR, end, *pause, kind)
        assert moved >= end
        assert clock.net_minutes(CALENDAR, end, moved, kind) == clock.net_minutes(CALENDAR, *pause, kind)

    @given(moments, spells, spells, kinds)
    def test_does_not_care_which_pause_came_first(
        self,
        start: datetime,
        one: tuple[datetime, datetime],
        other: tuple[datetime, datetime],
        kind: clock.Kind,
    ) -> None:
        end = clock.deadline(CALENDAR, start, 3, "day", kind)
        ways = ((one, other), (other, one))
        first, second = (
            clock.shifted_deadline(CALENDAR, clock.shifted_deadline(CALENDAR, end, *a, kind), *b, kind) for a, b in ways
        )
        assert first == second


class TestExtended:
    @given(moments, st.integers(2, 60), units, kinds)
    def test_always_grants_half_of_whole_days_and_never_more(
        self, start: datetime, value: int, unit: clock.Unit, kind: clock.Kind
    ) -> None:
        """R049: whatever is asked for, half of the limit is the end."""
        end = clock.deadline(CALENDAR, start, value, unit, kind)
        limit = clock.net_minutes(CALENDAR, start, end, kind)
        half = clock.add_minutes(CALENDAR, end, limit / 2, kind)
        try:
            moved = clock.extended(CALENDAR, end, limit, value // 2, unit, kind)
        except clock.TooLong:
            assert unit == "day"  # a summer day has more minutes than the days of the limit
            assert clock.deadline(CALENDAR, end, value // 2, unit, kind) > half
        else:
            assert end < moved <= half


class TestLight:
    @given(minutes, minutes, st.integers(1, 40_000))
    def test_never_gets_greener_as_time_is_used(self, used: int, more: int, limit: int) -> None:
        order = ("green", "yellow", "orange", "red")
        before, after = (clock.light(time, limit, paused=False) for time in (used, used + more))
        assert order.index(before.colour) <= order.index(after.colour)
        assert before.remaining_minutes - after.remaining_minutes == more
