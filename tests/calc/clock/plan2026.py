"""The holiday plan of 2026 as published, written out by hand: the library is not asked about itself."""

from datetime import date, datetime, timedelta

from sandan.calc.clock import SHANGHAI, Calendar, Plan, hours_from


def _run(month: int, first: int, last: int) -> tuple[date, ...]:
    return tuple(date(2026, month, first) + timedelta(days=n) for n in range(last - first + 1))


HOLIDAYS = (
    *_run(1, 1, 3),
    *_run(2, 15, 23),
    *_run(4, 4, 6),
    *_run(5, 1, 5),
    *_run(6, 19, 21),
    *_run(9, 25, 27),
    *_run(10, 1, 7),
)
MAKE_UP = (
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
# 1 January 2025 stands for a year whose plan is known; its other holidays matter to no test here.
PLAN = Plan(frozenset({date(2025, 1, 1), *HOLIDAYS}), frozenset(MAKE_UP), frozenset({2025, 2026}))
CALENDAR = Calendar(PLAN)
SUMMER = hours_from("09:00-12:00,13:30-17:30;06-01~09-30 08:30-12:00,14:30-18:00")


def at(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
