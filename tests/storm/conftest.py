"""What the storms share: the full size by an environment variable, and a server of real processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storm.servers import Server, database_url


@pytest.fixture(scope="session")
def is_full() -> bool:
    """Whether this is `make soak`; otherwise the same storm in bounded form."""
    return os.environ.get("SANDAN_SOAK") == "1"


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A running server on the test's database; it is down before the tables are emptied."""
    running = Server(database_url(), tmp_path / "server.log").start()
    yield running
    running.stop()
