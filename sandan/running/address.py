"""Where the database is, for the driver and for PostgreSQL's own programs: the same address Django uses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

OURS = {"pool", "server_side_binding", "prepare_threshold", "options", "isolation_level", "assume_role"}
Row = tuple[Any, ...]
Connection = psycopg.Connection[Row]


def name() -> str:
    """The installation's database."""
    return str(connection.settings_dict["NAME"])


def conninfo(database: str, *, secret: bool = True) -> str:
    """A libpq address of one database on the same server; without the password where others could read it."""
    facts = connection.settings_dict
    known = {"host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"]}
    known |= {key: value for key, value in facts["OPTIONS"].items() if key not in OURS}
    known |= {"password": facts["PASSWORD"]} if secret else {}
    return make_conninfo(dbname=database, **{key: value for key, value in known.items() if value})


def environment() -> dict[str, str]:
    """What pg_dump and psql run with: the password stands here and in no command line."""
    password = connection.settings_dict["PASSWORD"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PGOPTIONS")}
    return kept | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})


def connect(database: str, *, autocommit: bool = False) -> Connection:
    """A connection of its own, beside Django's."""
    return psycopg.connect(conninfo(database), autocommit=autocommit, connect_timeout=10)


def leave() -> None:
    """Close Django's connection and pool: nobody renames a database somebody is connected to."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@contextmanager
def standing_in(database: str) -> Iterator[None]:
    """Django's queries ask this database meanwhile."""
    before = name()
    leave()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        leave()
        connection.settings_dict["NAME"] = before
