"""Filling a county up to a number of orders by several processes, the journal sealed beside them.

Every chunk is one transaction: what was broken off is gone on with by counting what is there.
"""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import chain
from sandan.core.errors import Refused
from sandan.core.models import KindFile
from sandan.core.serving import DEMO_MARK
from sandan.demo.bulk import patterns
from sandan.demo.bulk.studio import Studio, Task
from sandan.demo.bulk.tables import tables
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.people.models import Post

CHUNK = 1000  # orders of one transaction
OPEN_SHARE = 0.1
SEAL_EVERY = 20_000  # orders: a block of the chain holds some hundred thousand lines
SERVED_BEFORE = timedelta(days=900)  # the people have held their posts since before the first copy
MOST_TICKED = 1000
MOST_PROCESSES = 8

Told = Callable[[float], None]
Made = tuple[int, int]


@dataclass(frozen=True)
class Filled:
    """What was made: orders, rows of all tables, and in how many seconds."""

    orders: int
    rows: int
    seconds: float


class NotADemo(Refused):
    """The database holds real people: nothing is made up among them."""


class BrokenOff(RuntimeError):
    """A copying process ended by itself."""


def fill(county: str, total: int, told: Told, processes: int | None = None) -> Filled:
    """Copies until the county has `total` orders, one in twenty under way; `processes` 0 works in this one.

    Raises NotADemo, studio.NoPattern where the month has not been played, BrokenOff when a process fails.
    """
    refuse_real_people()
    started, newest = time.monotonic(), patterns.top(county)
    count = min(os.cpu_count() or 1, MOST_PROCESSES) if processes is None else processes
    before = Order.objects.filter(county=county).count()
    _settle_in(county, timezone.now())
    rows, unsealed = 0, 0
    for is_open in (False, True):  # what is under way comes last, so that its clocks have not run out
        missing = _missing(county, total, is_open)
        done = total - missing if is_open else before
        if is_open and missing > 0:
            actions.tick(at=timezone.now(), most=MOST_TICKED)
        for orders, made in _pass(Task(county, newest, is_open, timezone.now()), missing, count):
            rows, done, unsealed = rows + made, done + orders, unsealed + orders
            told(min(done / total, 0.999))
            if unsealed >= SEAL_EVERY:
                unsealed = 0
                chain.seal()
    chain.seal()
    _analyze()
    told(1.0)
    return Filled(Order.objects.filter(county=county).count() - before, rows, time.monotonic() - started)


def refuse_real_people() -> None:
    """Raise NotADemo unless the demo has made the people of this database."""
    if not KindFile.objects.filter(name=DEMO_MARK).exists():
        raise NotADemo(_("这个数据库不是演示的，不能成批填单。请先在空的数据库里执行 sandan demo。"))


def _missing(county: str, total: int, is_open: bool) -> int:
    """How many more are wanted of what is over; then how many in all, which are under way."""
    there = Order.objects.filter(county=county)
    wanted = total if is_open else round(total * (1 - OPEN_SHARE))
    return max(wanted - (there.count() if is_open else there.filter(is_open=False).count()), 0)


def _settle_in(county: str, at: datetime) -> None:
    """Everybody has held his post since before the first copy was placed."""
    since = at - SERVED_BEFORE
    Post.objects.filter(scope__startswith=county, from_at__gt=since).update(from_at=since)


def _analyze() -> None:
    names = ", ".join(f'"{name}"' for name in tables())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def _pass(task: Task, missing: int, processes: int) -> Iterator[Made]:
    if missing <= 0:
        return
    yield from _beside(task, missing, processes) if processes else here(task, missing)


def here(task: Task, missing: int) -> Iterator[Made]:
    """So many copies by this process, a chunk at a time: how many orders and rows each has."""
    studio, rng = Studio(task), Random()
    while missing > 0:
        made = studio.chunk(min(missing, CHUNK), rng)
        missing -= made[0]
        yield made


def _beside(task: Task, missing: int, processes: int) -> Iterator[Made]:
    """The same by so many processes, each for its own communities; all end with this generator at the latest."""
    shares = [missing // processes + (nth < missing % processes) for nth in range(processes)]
    workers = [_worker(replace(task, part=nth, parts=processes), share) for nth, share in enumerate(shares)]
    try:
        with selectors.DefaultSelector() as ready:
            for worker in workers:
                ready.register(worker.stdout, selectors.EVENT_READ, worker)  # type: ignore[arg-type]
            while ready.get_map():
                for key, _events in ready.select():
                    line = key.data.stdout.readline()
                    if line:
                        yield _made(line)
                    else:
                        ready.unregister(key.fileobj)
        if any(worker.wait() for worker in workers):
            raise BrokenOff([worker.returncode for worker in workers])
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.communicate()


def _made(line: bytes) -> Made:
    orders, rows = line.split()
    return int(orders), int(rows)


def _worker(task: Task, share: int) -> "subprocess.Popen[bytes]":
    """A process that Ctrl-C reaches through us only and that ends with us; what it had not finished is undone."""
    django = (sys.executable, "-m", "django", "copies", task.county, str(share), "--newest", str(task.newest))
    more = ("--now", task.now.isoformat(), "--part", str(task.part), "--parts", str(task.parts))
    words = [sys.executable, "-m", "sandan.core.follow", str(os.getpid()), *django, *more]
    return subprocess.Popen(  # noqa: S603 (our own words)
        [*words, "--open"] if task.is_open else words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0,
        start_new_session=True,
    )  # fmt: skip
