"""What changes in the journal, told at once to pages that wait: one reader in each process, any number of listeners.

The reader looks every second at the lines whose transactions may have ended since its last look, so a late commit is
never missed; nobody who writes does anything for it. A listener's thread sleeps and holds no connection.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import Error, connection

log = structlog.get_logger("sandan.live")

EVERY = 1.0  # seconds between two looks
KEPT = 120  # looks that a slow listener may be behind; after that it is told to look at everything
BEAT = 15.0  # seconds after which a silent line carries a sign of life, so that a dead one is found
LIFE = 600.0  # seconds after which a page calls again, and proves anew who it is
MOST = 150  # listeners a process; the next ones ask every few seconds instead

SINCE = """
SELECT era, id, scope FROM core_entry
WHERE era = (SELECT system_identifier FROM pg_control_system()) AND tx >= %s
"""
NOW = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True)
class Batch:
    """The scopes in which something changed between two looks; None for everywhere, when the reader lost its place."""

    serial: int
    scopes: frozenset[str] | None

    def touches(self, codes: Sequence[str]) -> bool:
        """Whether one of the scopes lies in one of these areas."""
        return self.scopes is None or any(scope.startswith(tuple(codes)) for scope in self.scopes)


class Reader:
    """Looks at the journal while somebody listens. Its own thread; a look's connection goes back to the pool."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._batches: deque[Batch] = deque(maxlen=KEPT)
        self._listeners = 0
        self._thread: threading.Thread | None = None
        self._from = 0  # the first transaction that may not have ended at the last look
        self._seen: set[int] = set()
        self.serial = 0

    def look(self) -> Batch | None:
        """What has been committed since the last look; None where nothing has. The first look sets the place only."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(NOW)  # before the lines: a transaction that ends between the two is looked at again
                horizon: int = cursor.fetchone()[0]
                first = self._from or horizon
                cursor.execute(SINCE, [first])
                lines = {line: scope for _era, line, scope in cursor.fetchall()}
        except Error as fault:
            log.warning("looking at the journal failed", kind=type(fault).__name__)
            self._from, self._seen = 0, set()
            return self._tell(None)
        fresh = frozenset(scope for line, scope in lines.items() if line not in self._seen)
        was_placed = bool(self._from)
        self._from, self._seen = horizon, set(lines)
        return self._tell(fresh) if fresh and was_placed else None

    def _tell(self, scopes: frozenset[str] | None) -> Batch:
        with self._news:
            self.serial += 1
            batch = Batch(self.serial, scopes)
            self._batches.append(batch)
            self._news.notify_all()
        return batch

    def _run(self) -> None:
        while True:
            self.look()
            connection.close()
            with self._news:
                if not self._listeners or is_stopping():
                    self._thread, self._from, self._seen = None, 0, set()
                    self._news.notify_all()
                    return
            time.sleep(EVERY)

    def enter(self) -> bool:
        """Count a listener in, and wake the reader; false where the process has as many as it can hold."""
        with self._news:
            if self._listeners >= MOST or is_stopping():
                return False
            self._listeners += 1
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="journal reader", daemon=True)
                self._thread.start()
            return True

    def leave(self) -> None:
        """A listener has gone."""
        with self._news:
            self._listeners -= 1

    def wait(self, codes: Sequence[str], after: int, timeout: float) -> tuple[bool, int]:
        """Wait for news after that serial: whether they touch these areas, and the serial that has been read now."""
        with self._news:
            self._news.wait_for(lambda: self.serial > after, timeout)
            unread = [batch for batch in self._batches if batch.serial > after]
            missed = bool(unread) and unread[0].serial > after + 1
            return missed or any(batch.touches(codes) for batch in unread), self.serial


READER = Reader()


def is_stopping() -> bool:
    """Whether this server is about to end: `sandan serve` makes the file that the environment names."""
    name = os.environ.get("SANDAN_STOPPING", "")
    return bool(name) and Path(name).exists()


def events(codes: Sequence[str], reader: Reader = READER) -> Iterator[bytes]:
    """Server-sent events for one page: "changed" whenever something moved in its areas, comments to stay alive.

    The caller has counted it in with `enter`; it is counted out when the page goes away, also before it has read.
    """
    lines = _lines(codes, reader)
    next(lines)  # a generator that is closed before it began would never come to its end
    return lines


def _lines(codes: Sequence[str], reader: Reader) -> Iterator[bytes]:
    try:
        yield b""
        if not connection.in_atomic_block:
            connection.close()  # back to the pool, now that the session is written too: a line that waits needs none
        began = said = time.monotonic()
        serial = reader.serial
        yield b"retry: 3000\n\n"
        while time.monotonic() < began + LIFE and not is_stopping():
            has_news, serial = reader.wait(codes, serial, EVERY)
            if has_news:
                yield b"event: changed\ndata: %d\n\n" % serial
            elif time.monotonic() > said + BEAT:
                yield b": still here\n\n"
            else:
                continue
            said = time.monotonic()
    finally:
        reader.leave()
