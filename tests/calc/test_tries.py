"""Three tries at different hours: which count, and when the next one does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.tries import HOURS_APART, counted, is_new_hour, next_new_hour

NINE = datetime(2026, 8, 10, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
MOMENTS = st.integers(0, 365 * 86_400).map(lambda seconds: NINE + timedelta(seconds=seconds))


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class TestCounted:
    def test_counts_tries_two_hours_apart(self) -> None:
        """R048: three tries at different hours."""
        assert len(counted([NINE, NINE + hours(2), NINE + hours(6)])) == 3

    def test_does_not_count_the_same_hour_of_another_day(self) -> None:
        assert counted([NINE, NINE + hours(24), NINE + hours(24.5)]) == [NINE]

    def test_does_not_count_a_second_try_within_two_hours(self) -> None:
        assert counted([NINE, NINE + hours(1.9)]) == [NINE]


class TestNextNewHour:
    def test_is_now_where_nobody_tried(self) -> None:
        assert next_new_hour([], NINE) == NINE

    def test_is_two_hours_after_the_last_try_of_today(self) -> None:
        assert next_new_hour([NINE], NINE + hours(0.5)) == NINE + hours(2)

    def test_goes_past_a_later_hour_that_was_tried_before(self) -> None:
        assert next_new_hour([NINE - hours(22), NINE], NINE + hours(0.5)) == NINE + hours(4)

    def test_is_none_where_the_tries_fill_the_day(self) -> None:
        assert next_new_hour([NINE + hours(n) for n in range(24)], NINE + hours(1)) is None

    @given(st.lists(MOMENTS, max_size=4), MOMENTS)
    def test_counts_and_lies_within_a_day(self, tries: list[datetime], at: datetime) -> None:
        kept = counted(tries)
        found = next_new_hour(kept, at)
        assert found is not None
        assert is_new_hour(kept, found)
        assert at <= found <= at + timedelta(days=1)
        assert HOURS_APART == 2
