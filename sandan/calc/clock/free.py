"""When somebody has time to serve: stretches of the week, days away, and outside office hours where nothing is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sandan.calc.clock.days import MINUTE, Calendar

DAY_MINUTES = 1440
AWAKE = (7 * 60, 22 * 60)  # nobody is asked to serve at night
Stretch = tuple[int, int]  # minutes since midnight


@dataclass(frozen=True)
class Times:
    """A person's own times: `weekly` as (weekday, from, to) in minutes of the day; `away` as days, both included.

    Without weekly times the default holds: waking hours outside office hours, and rest days. `is_always` needs none.
    """

    weekly: tuple[tuple[int, int, int], ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    is_always: bool = False

    def is_away(self, day: date) -> bool:
        """Whether the person is away on that day."""
        return any(first <= day <= last for first, last in self.away)


def stretches(calendar: Calendar, times: Times, day: date) -> Sequence[Stretch]:
    """When the person has time on that day, in order."""
    if times.is_away(day):
        return ()
    if times.is_always:
        return ((0, DAY_MINUTES),)
    if times.weekly:
        return tuple(sorted((begin, end) for weekday, begin, end in times.weekly if weekday == day.weekday()))
    return _outside(AWAKE, [(begin // MINUTE, close // MINUTE) for begin, close in calendar.hours_of(day)])


def _outside(whole: Stretch, busy: Sequence[Stretch]) -> Sequence[Stretch]:
    edges = [whole[0], *(edge for stretch in busy for edge in stretch), whole[1]]
    return tuple((begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end)


def free_minutes(calendar: Calendar, times: Times, since: datetime, until: datetime, enough: int) -> int:
    """Minutes of the person's time between two moments, counted no further than `enough`."""
    first, last = calendar.local(since), calendar.local(until)
    found, day = 0, first.date()
    while day <= last.date() and found < enough:
        begin = first.hour * 60 + first.minute if day == first.date() else 0
        end = last.hour * 60 + last.minute if day == last.date() else DAY_MINUTES
        found += sum(max(0, min(end, to) - max(begin, start)) for start, to in stretches(calendar, times, day))
        day += timedelta(days=1)
    return min(found, enough)
