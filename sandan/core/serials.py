"""Serial numbers per key and day, without gaps inside a committed day and without waiting across keys."""

from datetime import date

from django.db import connection


def next_serial(key: str, on: date) -> int:
    """The next number of `key` on that day, from 1; the row stays locked until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO core_counter (key, "on", last) VALUES (%s, %s, 1) '
            'ON CONFLICT (key, "on") DO UPDATE SET last = core_counter.last + 1 RETURNING last',
            [key, on],
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]
