"""Figures: never cut, never without their denominator, small groups together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.figures import Figure, part, per_cent, satisfied, veiled


class TestPerCent:
    def test_rounds_fifty_of_fifty_five_to_90_9(self) -> None:
        """R046: the article cut 50/55 to 90 %; the share is 90.9 %."""
        assert per_cent(50, 55) == Decimal("90.9")

    def test_rounds_half_up_and_not_to_even(self) -> None:
        assert per_cent(1, 2000) == Decimal("0.1")
        assert per_cent(5, 2000) == Decimal("0.3")

    @pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (0, 0), (6, 5), (-1, 5)])
    def test_refuses_what_is_no_share(self, numerator: int, denominator: int) -> None:
        with pytest.raises(ValueError, match="no share"):
            per_cent(numerator, denominator)

    @given(st.integers(1, 10**6), st.data())
    def test_lies_within_a_twentieth_of_the_truth(self, denominator: int, data: st.DataObject) -> None:
        numerator = data.draw(st.integers(0, denominator))
        assert abs(float(per_cent(numerator, denominator)) - 100 * numerator / denominator) <= 0.05 + 1e-9


class TestFigure:
    def test_has_no_rate_under_ten_cases(self) -> None:
        few = Figure("解决率", 8, 9, "")
        assert (few.per_cent, few.fraction) == (None, "8/9")

    def test_has_one_from_ten_cases_on(self) -> None:
        assert Figure("解决率", 9, 10, "").per_cent == Decimal("90.0")


class TestSatisfied:
    def test_weighs_the_five_steps(self) -> None:
        """R048: 1, 0.9, 0.6, 0, 0."""
        assert satisfied({1: 10, 2: 10, 3: 10, 4: 10, 5: 10}) == Decimal("25.0")

    def test_of_nothing_is_nothing(self) -> None:
        assert satisfied({}) == 0


class TestPart:
    def test_is_the_nearest_rank(self) -> None:
        values = [float(n) for n in range(1, 11)]
        assert (part(values, 0.5), part(values, 0.9)) == (5, 9)

    def test_of_nothing_is_none(self) -> None:
        assert part([], 0.5) is None

    @given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.9]))
    def test_is_not_exceeded_by_that_share(self, values: list[float], share: float) -> None:
        found = part(values, share)
        assert found is not None
        assert sum(value <= found for value in values) >= share * len(values) - 1e-9


class TestVeiled:
    def test_leaves_ordinary_groups_as_they_are(self) -> None:
        shown = veiled([("0201", "垃圾", 2, False), ("0102", "给排水", 9, False)], "其他")
        assert [(g.key, g.count) for g in shown] == [("0102", 9), ("0201", 2)]

    def test_puts_small_sensitive_groups_together(self) -> None:
        shown = veiled([("0801", "救助", 3, True), ("0702", "家庭", 4, True), ("0102", "给排水", 9, False)], "其他")
        assert [(g.key, g.count) for g in shown] == [("0102", 9), ("", 7)]

    def test_never_leaves_one_small_group_to_be_worked_out(self) -> None:
        shown = veiled([("0702", "家庭", 1, True), ("0801", "救助", 8, True), ("0803", "残疾", 20, True)], "其他")
        assert [(g.key, g.count) for g in shown] == [("0803", 20), ("", 9)]

    def test_hides_the_number_where_all_together_are_too_few(self) -> None:
        assert veiled([("0702", "家庭", 1, True)], "其他")[0].count is None

    @given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=12))
    def test_shows_no_sensitive_count_under_five(self, counts: list[tuple[int, bool]]) -> None:
        groups = [(str(n), str(n), count, sensitive) for n, (count, sensitive) in enumerate(counts)]
        sensitive = {key for key, _label, _count, is_sensitive in groups if is_sensitive}
        for group in veiled(groups, "其他"):
            assert group.count is None or group.count >= 5 or group.key not in sensitive | {""}
