"""How full a limit is, as a colour and in minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Literal

from sandan.calc.clock.days import Calendar
from sandan.calc.clock.periods import Kind, Pause, net_minutes

Colour = Literal["green", "yellow", "orange", "red", "grey"]


@dataclass(frozen=True)
class Light:
    """A colour and what stands behind it: the share of the limit used (1.0 = all of it) and minutes on that clock."""

    colour: Colour
    share: float
    used_minutes: float
    limit_minutes: float

    @property
    def remaining_minutes(self) -> float:
        """Minutes left on the clock, negative once over."""
        return remaining(self.used_minutes, self.limit_minutes)


def light(used_minutes: float, limit_minutes: float, paused: bool) -> Light:
    """Green under 60 % of the limit, yellow to 90 %, orange to 100 %, red over, grey while paused.

    A limit of 0 is full at once, and over as soon as a minute is used (its share is then infinite).
    """
    share = _share(used_minutes, limit_minutes)
    return Light("grey" if paused else _colour(share), share, used_minutes, limit_minutes)


def light_at(
    calendar: Calendar,
    started_at: datetime,
    due_at: datetime,
    at: datetime,
    kind: Kind,
    pauses: Iterable[Pause] = (),
) -> Light:
    """The light at `at` of a clock that ended pauses have shifted to `due_at`; grey while a pause is open."""
    stops = [(begin, end) for begin, end in pauses if begin <= at]
    ended = [(begin, end) for begin, end in stops if end is not None and end <= at]
    whole = net_minutes(calendar, started_at, due_at, kind)
    limit = whole - _lost(calendar, started_at, ended, kind)
    used = net_minutes(calendar, started_at, at, kind, stops)
    return light(used, max(limit, 0.0), paused=len(ended) < len(stops))


def remaining(used_minutes: float, limit_minutes: float) -> float:
    """Minutes left of the limit, negative once over."""
    return limit_minutes - used_minutes


def _lost(calendar: Calendar, started_at: datetime, ended: Sequence[Pause], kind: Kind) -> float:
    """Minutes that ended pauses took, also those after the deadline, which shifted it all the same."""
    last = max((end for _, end in ended if end is not None), default=started_at)
    whole = net_minutes(calendar, started_at, last, kind)
    return whole - net_minutes(calendar, started_at, last, kind, ended)


def _share(used_minutes: float, limit_minutes: float) -> float:
    if limit_minutes > 0:
        return used_minutes / limit_minutes
    return 1.0 if used_minutes <= 0 else inf


def _colour(share: float) -> Colour:
    if share < 0.6:
        return "green"
    if share <= 0.9:
        return "yellow"
    return "orange" if share <= 1 else "red"
