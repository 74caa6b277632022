"""One process that copies: the town and the patterns in memory, a chunk of orders in each transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from sandan.demo import world
from sandan.demo.bulk import patterns, wire
from sandan.demo.bulk.copying import Copy, Rows, plan
from sandan.demo.bulk.tables import tables
from sandan.demo.bulk.town import Town
from sandan.places.models import Place

FIRST_DAY = date(2000, 1, 1)
Serials = dict[tuple[str, int], Iterator[int]]
COUNT_ON = """
INSERT INTO core_counter (key, "on", last)
SELECT key, "on", count FROM unnest(%s::varchar[], %s::date[], %s::int[]) AS t (key, "on", count)
ON CONFLICT (key, "on") DO UPDATE SET last = core_counter.last + EXCLUDED.last RETURNING key, "on", last
"""


@dataclass(frozen=True)
class Task:
    """One pass over a county: the newest pattern, under way or over, the moment it is made for, how it is shared."""

    county: str
    newest: int
    is_open: bool
    now: datetime
    part: int = 0
    parts: int = 1


class NoPattern(LookupError):
    """The simulated month left no order to make copies of."""


class Studio:
    """Makes copies for its part of the communities: no two processes ever count in the same community."""

    def __init__(self, task: Task) -> None:
        place = Place.objects.get(code=task.county)
        self.town = Town(world.load(place, Random(task.newest)), task.part, task.parts)
        self.now = wire.moment(task.now)
        families = patterns.load(task.county, task.newest, task.is_open)
        self.families = [one for one in families if not task.is_open or one.room(self.now, 0) is not None]
        if not self.families:
            raise NoPattern(task.county)
        states = Counter(family.orders[0].state for family in self.families)
        # of what is under way there is something of every state; what is over is as the month left it
        self.weights = [states[one.orders[0].state] ** -0.5 if task.is_open else 1.0 for one in self.families]

    @transaction.atomic
    def chunk(self, count: int, rng: Random) -> tuple[int, int]:
        """At least `count` orders in one transaction; returns how many orders and how many rows."""
        copies, made = list[Copy](), 0
        for family in rng.choices(self.families, self.weights, k=count):
            if made < count:
                copies.append(plan(family, self.town, self.now, rng))
                made += len(family.orders)
        with connection.cursor() as cursor:
            return made, _write(cursor, copies, rng)


def _write(cursor: Any, copies: list[Copy], rng: Random) -> int:
    serials = _serials(cursor, copies)
    for copy in copies:
        copy.number(lambda community, day: next(serials[community, day]), rng)
    counts = Counter(line.table.name for copy in copies for line in copy.family.lines)
    ids = {name: _fresh(cursor, name, count) for name, count in counts.items()}
    out: Rows = defaultdict(list)
    for copy in copies:
        copy.rows(ids, out, rng)
    for name, rows in out.items():
        wire.write(cursor, name, tables()[name].names(), rows)
    return sum(counts.values())


def _serials(cursor: Any, copies: list[Copy]) -> Serials:
    """The serials of each community and day, from the counters that everybody's orders are counted by."""
    wanted = Counter((copy.community, day) for copy in copies for day in copy.days.values())
    keys = sorted(wanted)
    on = [FIRST_DAY + timedelta(days=day) for _community, day in keys]
    cursor.execute(COUNT_ON, [[key for key, _day in keys], on, [wanted[key] for key in keys]])
    lasts = {(key, (day - FIRST_DAY).days): last for key, day, last in cursor.fetchall()}
    return {key: iter(range(lasts[key] - wanted[key] + 1, lasts[key] + 1)) for key in keys}


def _fresh(cursor: Any, table: str, count: int) -> Iterator[int]:
    """That many new ids of a table."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return iter([pk for (pk,) in cursor.fetchall()])
