"""Who may make, rename and drop databases: the embedded server's owner, or a role of an office's own server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg import sql

from sandan import cluster
from sandan.core.errors import Refused
from sandan.running import address
from sandan.running.address import Connection

MARK = "__restoring_"  # stands in the names of databases that are not yet, or no longer, the installation's
ONE_AT_A_TIME = 732  # advisory lock on the maintenance database, for as long as a keeper is at work


class InUse(Refused):
    """Somebody is connected to the database that must be changed."""


@dataclass(frozen=True)
class Keeper:
    """Makes databases beside the installation's own and exchanges them."""

    connection: Connection
    owner: str
    name: str

    def make(self) -> str:
        """An empty database beside the installation's, in the same language; what an earlier, killed run left goes."""
        self.tidy()
        row = self.connection.execute(
            "SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [self.name]
        ).fetchone()
        assert row
        fresh = f"{self.name[:40]}{MARK}{os.getpid()}"
        words = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}"
        self._run(words, sql.Identifier(fresh), sql.Identifier(self.owner), sql.Literal(row[0]), sql.Literal(row[1]))
        return fresh

    def swap(self, fresh: str) -> None:
        """Give the fresh database the installation's name, both renames in one transaction; the old one is dropped."""
        old = f"{fresh}_old"
        words = "ALTER DATABASE {} RENAME TO {}"
        try:
            with self.connection.transaction():
                self._run(words, sql.Identifier(self.name), sql.Identifier(old))
                self._run(words, sql.Identifier(fresh), sql.Identifier(self.name))
        except psycopg.errors.ObjectInUse as error:
            raise InUse(_("还有程序连着数据库 %(name)s。请先停下 sandan serve 再来。") % {"name": self.name}) from error
        self.drop(old)

    def drop(self, name: str) -> None:
        """Delete a database."""
        self._run("DROP DATABASE IF EXISTS {}", sql.Identifier(name))

    def tidy(self) -> None:
        """Delete what an earlier run left when it was killed."""
        rows = self.connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{self.name[:40]}{MARK}"]
        ).fetchall()
        for (name,) in rows:
            self.drop(name)

    def _run(self, words: str, *parts: sql.Composable) -> None:
        self.connection.execute(sql.SQL(words).format(*parts))


@contextmanager
def keeper() -> Iterator[Keeper | None]:
    """The one keeper at work; None where our role may not make databases. Refuses a second one at the same time."""
    with _connection() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME]).fetchone()
        if not row or not row[0]:
            raise InUse(_("另一个恢复正在进行，等它做完再来。"))
        owner = cluster.APP if _is_embedded() else connection.info.user
        yield Keeper(connection, owner, address.name()) if _may_make(connection) else None


def _is_embedded() -> bool:
    return os.environ.get("SANDAN_EMBEDDED") == "1"


@contextmanager
def _connection() -> Iterator[Connection]:
    """A connection beside the installation's database: nobody renames the one he stands in."""
    if not _is_embedded():
        with address.connect("postgres", autocommit=True) as connection:
            yield connection
        return
    running = cluster.start(Path(settings.HOME))
    try:
        with running.owner() as owner:
            yield owner
    finally:
        running.stop()


def _may_make(connection: Connection) -> bool:
    """Whether our role may create databases and owns the installation's one."""
    row = connection.execute(
        "SELECT r.rolsuper OR r.rolcreatedb AND d.datdba = r.oid FROM pg_roles r, pg_database d"
        " WHERE r.rolname = current_user AND d.datname = %s",
        [address.name()],
    ).fetchone()
    return bool(row and row[0])
