"""Whether this installation can answer pages, and what else a probe wants to know."""

from dataclasses import asdict, dataclass

from django.db import DatabaseError, connection

from sandan.core import health, serving

_seen: set[str] = set()  # a process's program never changes: tables once complete stay so


@dataclass(frozen=True)
class State:
    """One answer a thing. `database` and `migrations` decide whether pages can be answered."""

    database: bool
    migrations: bool
    worker: bool
    disk: bool

    @property
    def ok(self) -> bool:
        return self.database and self.migrations

    @property
    def facts(self) -> dict[str, bool]:
        """As told to a probe."""
        return {"ok": self.ok, **asdict(self)}


def now() -> State:
    """Ask everything."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrations = _is_complete()
        worker = migrations and not health.worker_is_silent()
    except DatabaseError:
        return State(database=False, migrations=False, worker=False, disk=health.has_room())
    return State(database=True, migrations=migrations, worker=worker, disk=health.has_room())


def _is_complete() -> bool:
    if "migrations" not in _seen and serving.unapplied() == 0:
        _seen.add("migrations")
    return "migrations" in _seen
