"""Legal limits: each step of the table, from one day on."""

import pytest

from sandan.calc import clock
from tests.calc.clock.plan2026 import CALENDAR, at


class TestLegalDeadline:
    @pytest.mark.parametrize(
        ("matter", "step", "lengthened", "end"),
        [
            ("petition", "accept", False, (3, 19)),
            ("petition", "finish", False, (5, 6)),  # 3 May is a holiday: the next working day
            ("petition", "finish", True, (6, 2)),
            ("mediation", "finish", False, (4, 3)),
            ("market_complaint", "accept", False, (3, 13)),
            ("market_complaint", "finish", False, (5, 11)),  # 9 May, a Saturday at work, is day 44
            ("labour_arbitration", "finish", False, (4, 20)),  # 18 April is a Saturday
            ("labour_arbitration", "finish", True, (5, 6)),
            ("relief", "finish", False, (3, 25)),
            ("minimum_allowance", "finish", False, (4, 16)),
            ("information_request", "finish", False, (4, 1)),
            ("information_request", "finish", True, (4, 30)),
        ],
    )
    def test_is_what_the_table_says_from_4_march(
        self, matter: str, step: str, lengthened: bool, end: tuple[int, int]
    ) -> None:
        due = clock.legal_deadline(CALENDAR, matter, at(3, 4, 15), step=step, lengthened=lengthened)
        assert due == clock.Due(at(*end, 17, 30), False)

    def test_is_provisional_when_its_last_day_has_no_plan(self) -> None:
        assert clock.legal_deadline(CALENDAR, "petition", at(12, 1)).is_provisional

    def test_refuses_what_the_law_does_not_name(self) -> None:
        with pytest.raises(KeyError):
            clock.legal_deadline(CALENDAR, "parking", at(3, 4))
        with pytest.raises(ValueError, match="no longer"):
            clock.legal_deadline(CALENDAR, "mediation", at(3, 4), lengthened=True)

    def test_marks_only_relief_as_verified(self) -> None:
        assert {limit.matter for limit in clock.LEGAL_LIMITS if limit.mark == "V"} == {"relief"}
        assert [limit.value for limit in clock.legal_limits("petition")] == [15, 60]
