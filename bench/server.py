"""The bench's server: granian as `sandan serve` starts it, its database's processes, and a slice of load."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

from bench.cost import parent_of, spent_ms
from bench.load import HOST, Done, Plan
from sandan.core.serving import Address, web

PATIENCE = 30.0
Backend = tuple[int, object]


class Wrong(RuntimeError):
    """An answer was not what it must be, or connections were not kept."""


@dataclass(frozen=True)
class Cost:
    """What one slice cost: milliseconds of CPU a request, of the server and of PostgreSQL, and how many there were."""

    web: float
    database: float
    requests: int
    per_second: float
    p50: float
    p95: float = 0.0

    @property
    def ms(self) -> float:
        return self.web + self.database


@dataclass(frozen=True)
class Server:
    """A running server and the database under it, by the processes at their roots."""

    port: int
    web: int
    database: int
    others: frozenset[Backend]  # connections that were there before: the bench's own

    def backends(self) -> frozenset[Backend]:
        """The server's connections to the database."""
        return backends() - self.others

    def refuse_fresh(self, before: frozenset[Backend]) -> None:
        """Raise Wrong when a connection was not kept: a base that connects anew would hide everything else."""
        gone = before - self.backends()
        if not before or gone:
            raise Wrong(f"{len(gone)} of {len(before)} connections to the database were not kept.")

    def measure(self, plan: Plan) -> Cost:
        """Run one plan from another process; raises Wrong with the first wrong answer."""
        load = subprocess.Popen([sys.executable, "-m", "bench.load"], stdin=-1, stdout=-1, text=True)
        assert load.stdin is not None
        assert load.stdout is not None
        try:
            load.stdin.write(json.dumps(asdict(plan)) + "\n")
            load.stdin.flush()
            if load.stdout.readline() != "ready\n":
                raise Wrong("The load could not connect.")
            web, database = spent_ms(self.web), spent_ms(self.database)
            load.stdin.write("\n")
            load.stdin.flush()
            line = load.stdout.readline()
            web, database = spent_ms(self.web) - web, spent_ms(self.database) - database
        finally:
            load.stdin.close()
            load.wait(PATIENCE)
        done = Done(**json.loads(line or '{"wrong": "the load ended by itself"}'))
        if done.wrong or not done.requests:
            raise Wrong(done.wrong or "no request was answered")
        if done.lost:
            raise Wrong(f"{done.lost} of the load's {plan.concurrency} connections were closed by the server")
        times, n = sorted(done.times), done.requests
        return Cost(web / n, database / n, n, n / done.seconds, times[n // 2] * 1000, times[n * 95 // 100] * 1000)


def backends() -> frozenset[Backend]:
    """All connections to the database but the one that asks: process and the time it was started."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, backend_start FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return frozenset(cursor.fetchall())


@contextmanager
def running(port: int, log: Path) -> Iterator[Server]:
    """The web server on that port for as long as it is needed; its log goes into a file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        database = parent_of(cursor.fetchone()[0])
    others = backends()
    words = [sys.executable, "-m", "sandan.core.follow", str(os.getpid()), *web(Address(HOST, port))]
    with log.open("wb") as file:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
    try:
        _wait_for(port, process, log)
        yield Server(port, process.pid, database, others)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None or time.monotonic() > until:
            raise Wrong(f"The server did not start:\n{log.read_text()[-2000:]}")
        try:
            return socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
