"""How often something was done from one source: counted in one statement, before and outside of what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sandan.core.models import Tally

KEPT = timedelta(days=2)  # longer than the longest stretch of any limit

COUNT = """
INSERT INTO core_tally (kind, source, since, count)
SELECT * FROM unnest(%s::text[], %s::bytea[], %s::timestamptz[], %s::int[])
ON CONFLICT (kind, source, since) DO UPDATE SET count = core_tally.count + EXCLUDED.count
RETURNING kind, source, count
"""


@dataclass(frozen=True)
class Limit:
    """At most `most` of a kind from one source in a stretch of `within`; stretches begin on the clock, not at a try."""

    kind: str
    most: int
    within: timedelta

    def since(self, at: datetime) -> datetime:
        """When the stretch began that `at` falls into."""
        seconds = int(self.within.total_seconds())
        return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


@dataclass(frozen=True)
class Try:
    """`amount` of what `limit` limits, from the source with that keyed digest."""

    limit: Limit
    source: bytes
    amount: int = 1


def count(tries: Sequence[Try], at: datetime) -> tuple[Limit, ...]:
    """Count the tries, each source and limit at most once; gives the limits that are passed with them.

    Call it outside of a transaction: then nobody waits for another's count longer than this statement takes.
    """
    wanted = sorted((one for one in tries if one.amount), key=lambda one: (one.limit.kind, one.source))
    if not wanted:
        return ()
    columns = (
        [one.limit.kind for one in wanted],
        [one.source for one in wanted],
        [one.limit.since(at) for one in wanted],
        [one.amount for one in wanted],
    )
    with connection.cursor() as cursor:
        cursor.execute(COUNT, columns)
        counts = {(kind, bytes(source)): number for kind, source, number in cursor.fetchall()}
    most = settings.LIMIT_FACTOR
    return tuple(one.limit for one in wanted if counts[one.limit.kind, one.source] > one.limit.most * most)


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Forget the counts of stretches that are over; how many they were."""
    gone, _rows = Tally.objects.filter(since__lte=at - KEPT).delete()
    return gone
