"""Deadlines and net time on two clocks: "working" runs in office hours only, "natural" day and night."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from sandan.calc.clock.days import MINUTE, Calendar, ticks_of

Kind = Literal["working", "natural"]
Unit = Literal["minute", "hour", "day"]
Pause = tuple[datetime, datetime | None]  # an open end means: still paused

MICROSECOND = timedelta(microseconds=1)
KINDS = ("working", "natural")
MINUTES_OF = {"minute": 1, "hour": 60}


class TooLong(ValueError):
    """An extension goes over half of the limit."""


@dataclass(frozen=True)
class Due:
    """A deadline; provisional when it leans on a year whose holiday plan is not published."""

    at: datetime
    is_provisional: bool


def add_minutes(calendar: Calendar, start: datetime, minutes: float, kind: Kind) -> datetime:
    """The moment by which `minutes` of the clock have run since `start`, in the calendar's zone.

    A working clock that is full at closing time ends there, not at the next opening; 0 minutes from outside office
    hours end at the next opening. Refuses negative minutes and naive datetimes with ValueError.
    """
    _check(kind, minutes)
    return _add(calendar, start, round(minutes * MINUTE), kind)


def deadline(calendar: Calendar, start: datetime, value: float, unit: Unit, kind: Kind) -> datetime:
    """When a limit of `value` minutes, hours or days that begins at `start` is over, in the calendar's zone.

    Working days: the first day does not count, the period ends at closing time of the last; 0 days end at closing time
    of the same day, or of the next working day when that is past. Natural days end at the same time of day. Refuses
    negative values, parts of days, unknown units and naive datetimes with ValueError.
    """
    _check(kind, value)
    if unit != "day":
        if unit not in MINUTES_OF:
            raise ValueError(f"no such unit: {unit}")
        return add_minutes(calendar, start, value * MINUTES_OF[unit], kind)
    if value != int(value):
        raise ValueError("days are counted whole")
    local = calendar.local(start)
    return local + timedelta(days=value) if kind == "natural" else _close_of_working_day(calendar, local, int(value))


def due(calendar: Calendar, start: datetime, value: float, unit: Unit, kind: Kind) -> Due:
    """As `deadline`, with the mark that its holiday plan is not published yet (the page prints 放假安排未公布)."""
    at = deadline(calendar, start, value, unit, kind)
    return Due(at, kind == "working" and leans_on_unknown(calendar, calendar.local(start).year, at.year))


def net_minutes(calendar: Calendar, a: datetime, b: datetime, kind: Kind, pauses: Iterable[Pause] = ()) -> float:
    """Minutes of the clock from `a` to `b` without the pauses, which may overlap; 0 when `b` is not after `a`."""
    _check(kind, 0)
    stops = list(pauses)
    whole = _net(calendar, a, b, kind)
    return (whole - _paused(calendar, a, b, kind, stops) if stops else whole) / MINUTE


def shifted_deadline(
    calendar: Calendar, deadline: datetime, pause_from: datetime, pause_to: datetime, kind: Kind
) -> datetime:
    """The deadline moved by the time of the clock that a pause took; unmoved when it took none."""
    _check(kind, 0)
    lost = _net(calendar, pause_from, pause_to, kind)
    return _add(calendar, deadline, lost, kind) if lost else calendar.local(deadline)


def extended(
    calendar: Calendar, deadline_at: datetime, limit_minutes: float, value: float, unit: Unit, kind: Kind
) -> datetime:
    """The deadline moved by `value` units; refuses with TooLong what goes over half of `limit_minutes`.

    `limit_minutes` is the first limit on this clock, `net_minutes` from its start to its first deadline. Refuses a
    value that moves nothing with ValueError.
    """
    moved = deadline(calendar, deadline_at, value, unit, kind)
    more = net_minutes(calendar, deadline_at, moved, kind)
    if more <= 0:
        raise ValueError("an extension must move the deadline")
    if more > limit_minutes / 2:
        raise TooLong(f"{more:g} minutes are over half of {limit_minutes:g}")
    return moved


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself inside office hours (both edges included), else the next opening, in the calendar's zone."""
    local = calendar.local(at)
    now = ticks_of(local)
    for begin, close in calendar.hours_of(local.date()):
        if now <= close:
            return local if now >= begin else _moment(calendar, local.date(), begin)
    day = _working_day_after(calendar, local.date(), 1)
    return _moment(calendar, day, calendar.hours_of(day)[0][0])


def close_of_calendar_day(calendar: Calendar, start: datetime, days: int) -> Due:
    """Closing time `days` calendar days after the day of `start`, or of the next working day when that one is free."""
    day = calendar.local(start).date() + timedelta(days=days)
    last = day if calendar.is_working_day(day) else _working_day_after(calendar, day, 1)
    return Due(_close(calendar, last), leans_on_unknown(calendar, day.year, last.year))


def leans_on_unknown(calendar: Calendar, first: int, last: int) -> bool:
    """Whether a year from `first` to `last` has no published plan."""
    return any(not calendar.is_announced(year) for year in range(first, last + 1))


def _check(kind: str, amount: float) -> None:
    if kind not in KINDS:
        raise ValueError(f"no such clock: {kind}")
    if amount < 0:
        raise ValueError("a clock runs forwards only")


def _add(calendar: Calendar, start: datetime, ticks: int, kind: Kind) -> datetime:
    local = calendar.local(start)
    if kind == "natural":
        return calendar.local(local.astimezone(UTC) + timedelta(microseconds=ticks))
    if not ticks:
        return next_opening(calendar, local)
    target, number = _office_before(calendar, local) + ticks, local.year
    while target > calendar.year(number).office[-1]:
        target, number = target - calendar.year(number).office[-1], number + 1
    year = calendar.year(number)
    index = bisect_left(year.office, target) - 1
    return _moment(
        calendar, date.fromordinal(year.first + index), _within(year.hours[index], target, year.office[index])
    )


def _within(spans: tuple[tuple[int, int], ...], target: int, before: int) -> int:
    """The time of day at which `target` is reached, when `before` had run at midnight."""
    rest = target - before
    for begin, close in spans:
        if rest <= close - begin:
            return begin + rest
        rest -= close - begin
    raise AssertionError("the day is shorter than its own sum")


def _office_before(calendar: Calendar, local: datetime) -> int:
    """Office time of the year before `local`."""
    year = calendar.year(local.year)
    index = local.toordinal() - year.first
    now, ran = ticks_of(local), year.office[index]
    for begin, close in year.hours[index]:
        if now > begin:
            ran += min(now, close) - begin
    return ran


def _net(calendar: Calendar, a: datetime, b: datetime, kind: Kind) -> int:
    start, end = calendar.local(a), calendar.local(b)
    if b <= a:
        return 0
    if kind == "natural":
        return (b.astimezone(UTC) - a.astimezone(UTC)) // MICROSECOND
    between = sum(calendar.year(number).office[-1] for number in range(start.year, end.year))
    return between + _office_before(calendar, end) - _office_before(calendar, start)


def _paused(calendar: Calendar, a: datetime, b: datetime, kind: Kind, pauses: list[Pause]) -> int:
    """Time of the clock between `a` and `b` that at least one pause covers."""
    lost, done = 0, a
    for begin, end in sorted((begin, end or b) for begin, end in pauses):
        lost += _net(calendar, max(begin, done), min(end, b), kind)
        done = max(done, end)
    return lost


def _close_of_working_day(calendar: Calendar, local: datetime, days: int) -> datetime:
    day = local.date()
    if days == 0 and calendar.is_working_day(day) and local <= _close(calendar, day):
        return _close(calendar, day)
    return _close(calendar, _working_day_after(calendar, day, max(days, 1)))


def _working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th working day after `day`, from 1."""
    number = day.year
    target = calendar.year(number).days[day.toordinal() - calendar.year(number).first + 1] + count
    while target > calendar.year(number).days[-1]:
        target, number = target - calendar.year(number).days[-1], number + 1
    year = calendar.year(number)
    return date.fromordinal(year.first + bisect_left(year.days, target) - 1)


def _close(calendar: Calendar, day: date) -> datetime:
    return _moment(calendar, day, calendar.hours_of(day)[-1][1])


def _moment(calendar: Calendar, day: date, ticks: int) -> datetime:
    return datetime.combine(day, time(), calendar.zone) + timedelta(microseconds=ticks)
