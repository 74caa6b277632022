"""One process that copies: the town and the patterns in memory, a chunk of orders in each transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import connection, transaction

from sandan.demo import world
from sandan.demo.bulk import patterns, wire
from sandan.demo.bulk.copying import Copy, Rows, plan
from sandan.demo.bulk.tables import tables
from sandan.demo.bulk.town import NobodyThere, Town
from sandan.places.models import Place

SPARE = 2  # how many times as many patterns are drawn as are wanted
FIRST_DAY = date(2000, 1, 1)
Serials = dict[tuple[str, int], Iterator[int]]
LAST = """
SELECT wanted.key, wanted."on", coalesce((
    SELECT serial FROM orders_order WHERE community_id = wanted.key AND "on" = wanted."on" ORDER BY serial DESC LIMIT 1
), 0) FROM unnest(%s::varchar[], %s::date[]) AS wanted (key, "on")
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
    def chunk(self, wanted: int, rng: Random) -> tuple[int, int]:
        """At least `wanted` orders in one transaction; returns how many orders and how many rows."""
        copies, made = list[Copy](), 0
        for family in rng.choices(self.families, self.weights, k=wanted * SPARE):
            if made >= wanted:
                break
            try:
                copies.append(plan(family, self.town, self.now, rng))
            except NobodyThere:  # its people have no like elsewhere: another one serves as well
                continue
            made += len(family.orders)
        if not copies:
            raise NoPattern(self.town.world.county.code)
        with connection.cursor() as cursor:
            return made, _write(cursor, copies, rng)


def _write(cursor: Any, copies: list[Copy], rng: Random) -> int:
    serials = _serials(cursor, copies)
    for copy in copies:
        copy.number(lambda community, day: next(serials[community, day]), rng)
    counts = Counter(line.table.name for copy in copies for line in copy.family.lines)
    ids = {name: _fresh(cursor, name, rows) for name, rows in counts.items()}
    out: Rows = defaultdict(list)
    for copy in copies:
        copy.rows(ids, out, rng)
    for name, rows in out.items():
        wire.write(cursor, name, tables()[name].names(), rows)
    return sum(counts.values())


def _serials(cursor: Any, copies: list[Copy]) -> Serials:
    """The numbers that come next in each community and day; nobody else places orders there meanwhile."""
    wanted = sorted({(copy.community, day) for copy in copies for day in copy.days.values()})
    on = [FIRST_DAY + timedelta(days=day) for _community, day in wanted]
    cursor.execute(LAST, [[key for key, _day in wanted], on])
    return {(key, (day - FIRST_DAY).days): count(last + 1) for key, day, last in cursor.fetchall()}


def _fresh(cursor: Any, table: str, rows: int) -> Iterator[int]:
    """That many new ids of a table."""
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, rows])
    return iter([pk for (pk,) in cursor.fetchall()])
