"""When a try to reach somebody counts: three tries, each at another time of day. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sandan.calc.clock import SHANGHAI

NEEDED = 3
HOURS_APART = 2
A_DAY = 24 * 60


def counted(tries: Iterable[datetime]) -> list[datetime]:
    """The tries that count, in order of time: each two hours of the day or more from every one counted before."""
    kept: list[datetime] = []
    for at in sorted(tries):
        if is_new_hour(kept, at):
            kept.append(at)
    return kept


def is_new_hour(kept: Iterable[datetime], at: datetime) -> bool:
    """Whether a try at `at` would count beside those that were counted; the day does not matter, the hour does."""
    return all(abs(_minute_of_day(at) - _minute_of_day(other)) >= HOURS_APART * 60 for other in kept)


def next_new_hour(kept: Iterable[datetime], at: datetime) -> datetime | None:
    """The first moment from `at` on at which a try counts; None where the tries before fill the day."""
    kept = list(kept)
    if is_new_hour(kept, at):
        return at
    minutes = [0, *((_minute_of_day(other) + HOURS_APART * 60) % A_DAY for other in kept)]
    return min((moment for moment in (_next(at, m) for m in minutes) if is_new_hour(kept, moment)), default=None)


def _next(at: datetime, minute: int) -> datetime:
    """The next time, from `at` on, that the day's clock shows that minute."""
    ahead = (minute - _minute_of_day(at)) % A_DAY
    return max(at.replace(second=0, microsecond=0) + timedelta(minutes=ahead), at)


def _minute_of_day(moment: datetime) -> int:
    local = moment.astimezone(SHANGHAI)
    return local.hour * 60 + local.minute
