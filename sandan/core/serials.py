"""Serial numbers per key and day, small enough to be said aloud; whoever draws one waits for nobody (decision 0010)."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# The first number above those in use that no other running transaction has reserved. A reservation is an advisory lock:
# it is tried, never waited for, and ends with its transaction.
FREE = """
WITH RECURSIVE base(name, last) AS MATERIALIZED (
    SELECT hashtext(%s::text || ' ' || %s::text), COALESCE(({used}), 0)::int
), free(name, number, is_mine) AS (
    SELECT name, last + 1, pg_try_advisory_xact_lock(name, last + 1) FROM base
    UNION ALL
    SELECT name, number + 1, pg_try_advisory_xact_lock(name, number + 1) FROM free WHERE NOT is_mine
)
SELECT number FROM free WHERE is_mine
"""


def next_serial(key: str, on: date, used: QuerySet[Any, Any]) -> int:
    """A number of `key` on that day, from 1, reserved until the caller's transaction ends; store it before the next.

    `used` gives one column, the numbers in use with the highest first. Between its reading and the reservation another
    transaction may have ended with this very number: the caller's unique constraint says so, then it draws again.
    Numbers may have gaps, and a higher one may be seen earlier than a lower one.
    """
    inner, values = used[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FREE.format(used=inner), [key, on.isoformat(), *values])
        row: tuple[int] = cursor.fetchone()
    return row[0]
