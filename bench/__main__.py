"""A home of the bench's own with keys and a database, and in it `measure` or `points`; all is gone afterwards."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import ManagementUtility
from django.db import connections

from sandan import cluster
from sandan.core.sealed import make_key


@contextmanager
def installation(folder: str) -> Iterator[None]:
    """What must stand in the environment, and PostgreSQL unless DATABASE_URL names an (empty) database."""
    home, ours = Path(folder), None
    (home / "static").mkdir()
    make_key(home / "seal.key")
    for name in ("SANDAN_DEBUG", "SANDAN_DEMO", "SANDAN_HTTPS"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.settings", "SANDAN_HOME": folder, "SANDAN_PLAIN_STATIC": "1",
        "SANDAN_SEAL_KEY_FILE": f"{folder}/seal.key", "SANDAN_SECRET_KEY": cluster.secret(home / "secret.key"),
    }  # fmt: skip
    try:
        if not os.environ.get("DATABASE_URL"):
            ours = cluster.start(home)
            os.environ["DATABASE_URL"] = ours.ensure_database("bench")
        yield
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()
        if ours:
            ours.destroy()


def main() -> None:
    """Measure, as the words ask for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="sandan-bench-") as folder, installation(folder):
        words = sys.argv[1:] if sys.argv[1:2] == ["points"] else ["measure", *sys.argv[1:]]
        ManagementUtility(["make bench", *words]).execute()


if __name__ == "__main__":
    main()
