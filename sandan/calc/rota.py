"""Who is on duty without a gap: spans of time against the time that must be covered."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def gaps(spans: Iterable[Span], since: datetime, until: datetime) -> tuple[Span, ...]:
    """The stretches between `since` and `until` that no span covers, in order; starts inside, ends outside."""
    found: list[Span] = []
    reached = since
    for start, end in sorted(spans):
        if start >= until:
            break
        if start > reached:
            found.append((reached, start))
        reached = max(reached, end)
    if reached < until:
        found.append((reached, until))
    return tuple(found)
