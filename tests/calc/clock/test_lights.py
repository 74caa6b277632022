"""Lights: their edges, and what a pause does to them."""

import pytest

from sandan.calc import clock
from tests.calc.clock.plan2026 import CALENDAR, at


class TestLight:
    @pytest.mark.parametrize(
        ("used", "colour"),
        [
            (0, "green"),
            (59.9, "green"),
            (60, "yellow"),
            (90, "yellow"),
            (90.1, "orange"),
            (100, "orange"),
            (100.1, "red"),
        ],
    )
    def test_changes_at_60_90_and_100_percent(self, used: float, colour: str) -> None:
        """R042: the clock of each state says how full it is."""
        light = clock.light(used, 100, paused=False)
        assert (light.colour, light.share) == (colour, used / 100)
        assert light.remaining_minutes == 100 - used

    def test_is_grey_while_paused_even_when_over(self) -> None:
        light = clock.light(120, 100, paused=True)
        assert (light.colour, light.remaining_minutes) == ("grey", -20)

    def test_of_no_limit_is_full_then_over(self) -> None:
        assert [clock.light(used, 0, paused=False).colour for used in (0, 1)] == ["orange", "red"]


class TestLightAt:
    START, DUE = at(3, 4, 9), at(3, 5, 17, 30)  # 840 minutes

    def test_reads_used_and_limit_from_the_clock(self) -> None:
        light = clock.light_at(CALENDAR, self.START, self.DUE, at(3, 5, 9), "working")
        assert (light.colour, light.used_minutes, light.limit_minutes) == ("green", 420, 840)

    def test_keeps_the_share_over_a_pause_that_shifted_the_deadline(self) -> None:
        pause = (at(3, 4, 16, 30), at(3, 6, 10))
        shifted = clock.shifted_deadline(CALENDAR, self.DUE, *pause, "working")
        light = clock.light_at(CALENDAR, self.START, shifted, at(3, 6, 11), "working", [pause])
        assert (light.colour, light.used_minutes, light.limit_minutes) == ("green", 420, 840)

    def test_is_grey_and_still_in_an_open_pause(self) -> None:
        light = clock.light_at(CALENDAR, self.START, self.DUE, at(3, 20, 9), "working", [(at(3, 4, 16, 30), None)])
        assert (light.colour, light.used_minutes, light.limit_minutes) == ("grey", 360, 840)

    def test_counts_a_pause_after_the_deadline_into_neither(self) -> None:
        pause = (at(3, 6, 10), at(3, 6, 12))
        shifted = clock.shifted_deadline(CALENDAR, self.DUE, *pause, "working")
        light = clock.light_at(CALENDAR, self.START, shifted, at(3, 6, 13, 30), "working", [pause])
        assert (light.colour, light.used_minutes, light.limit_minutes) == ("red", 900, 840)

    def test_forgets_a_pause_that_has_not_begun(self) -> None:
        light = clock.light_at(CALENDAR, self.START, self.DUE, at(3, 4, 10), "working", [(at(3, 4, 11), None)])
        assert (light.colour, light.used_minutes) == ("green", 60)
