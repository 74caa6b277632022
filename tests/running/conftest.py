"""What the tests of keeping an installation alive share: a second, empty database, and the program as a process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from sandan.core import sealed
from sandan.running import address
from tests.factories.people import Cast
from tests.factories.people import cast as the_cast

TOP = Path(__file__).resolve().parent.parent.parent
RELEASE = TOP / "tests" / "data" / "release-0.1.0.zip"
Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return the_cast()


def remake(name: str, *, make: bool, like: str = "template0") -> None:
    """Drop a database and what was made beside it; make it again, as a copy of another one."""
    with address.connect("postgres", autocommit=True) as beside:
        rows = beside.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name]).fetchall()
        for (found,) in rows:
            _drop(beside, found)
        if make:
            words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            beside.execute(words.format(sql.Identifier(name), sql.Identifier(like)))


def _drop(beside: psycopg.Connection[Any], name: str) -> None:
    """Drop a database with whoever is still in it; the server's own cleaning may be, and leaves by itself."""
    for _try in range(100):
        try:
            beside.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{name} is never left alone")


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[str]:
    """The name of an empty database on the same server: another installation."""
    name = f"{connection.settings_dict['NAME']}_elsewhere"
    remake(name, make=True)
    yield name
    remake(name, make=False)


@pytest.fixture
def key(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Where another installation would have its key; there is none yet."""
    path = tmp_path / "home" / "seal.key"
    path.parent.mkdir(mode=0o700)
    settings.SEAL_KEY_FILE = str(path)  # type: ignore[attr-defined]
    sealed._keys.cache_clear()
    yield path
    sealed._keys.cache_clear()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Start `sandan WORDS` over the database of that name; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(database: str, *words: object, **extra: str) -> subprocess.Popen[str]:
        surroundings = (
            os.environ
            | {"DATABASE_URL": address_of(database), "SANDAN_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
            | extra
        )
        command = [sys.executable, "-m", "sandan.cli", *(str(word) for word in words)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=surroundings, cwd=TOP, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def address_of(database: str) -> str:
    """A libpq address as DATABASE_URL wants it."""
    facts = connection.settings_dict
    where = f"host={facts['HOST']}" + (f"&port={facts['PORT']}" if facts["PORT"] else "")
    secret = f":{facts['PASSWORD']}" if facts["PASSWORD"] else ""
    return f"postgresql://{facts['USER']}{secret}@/{database}?{where}"


def ask(database: str, question: str) -> list[tuple[object, ...]]:
    """All rows of an answer from one database."""
    with address.connect(database) as beside:
        return beside.execute(question.encode()).fetchall()
