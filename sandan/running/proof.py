"""What a database holds, as proof: for each table its columns, how many rows, and a SHA-256 over all of them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from psycopg import sql

from sandan.running.address import Connection

# Filled by the migrations themselves: a database with rows in these alone is an empty one.
MADE_BY_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}

TABLES = """
SELECT c.relname,
       (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
          CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
         WHERE i.indrelid = c.oid AND i.indisprimary AND a.attcollation = 0),
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
          CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
         WHERE i.indrelid = c.oid AND i.indisprimary AND a.attcollation <> 0)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""


@dataclass(frozen=True)
class Table:
    """A table, its columns, and how its rows are put in order: the same on any server, whatever its language."""

    name: str
    columns: tuple[str, ...]
    plain_keys: tuple[str, ...] = ()
    text_keys: tuple[str, ...] = ()

    @property
    def rows_in_order(self) -> sql.Composed:
        """The question for all rows, in the order of the primary key."""
        plain = [sql.Identifier(key) for key in self.plain_keys]
        text = [sql.SQL('{} COLLATE "C"').format(sql.Identifier(key)) for key in self.text_keys]
        keys = [*plain, *text] or [sql.SQL('t::text COLLATE "C"')]
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in self.columns)
        words = "SELECT {columns} FROM {table} t ORDER BY {keys}"
        return sql.SQL(words).format(columns=columns, table=sql.Identifier(self.name), keys=sql.SQL(", ").join(keys))


@dataclass(frozen=True)
class Content:
    """How many rows a table has and the SHA-256 (hex) over their binary form."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


def tables(connection: Connection) -> tuple[Table, ...]:
    """All tables of the installation, by name."""
    rows = connection.execute(TABLES).fetchall()
    return tuple(
        Table(name, tuple(columns or ()), tuple(plain or ()), tuple(text or ())) for name, columns, plain, text in rows
    )


def content(connection: Connection, table: Table) -> Content:
    """Read one table to its end."""
    sha = hashlib.sha256()
    question = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(table.rows_in_order)
    with connection.cursor() as cursor:
        with cursor.copy(question) as copy:
            for chunk in copy:
                sha.update(chunk)
        return Content(table.columns, cursor.rowcount, sha.hexdigest())


def contents(connection: Connection, without: Iterable[str] = ()) -> dict[str, Content]:
    """The content of every table but those whose rows are left out."""
    return {table.name: content(connection, table) for table in tables(connection) if table.name not in set(without)}


def differences(connection: Connection, wanted: Mapping[str, Content]) -> list[str]:
    """Which tables are not what they should be, as sentences for an operator; empty when all are equal."""
    known = {table.name: table for table in tables(connection)}
    found = []
    for name, right in wanted.items():
        if name not in known:
            found.append(f"{name}：没有这张表")
            continue
        there = content(connection, replace(known[name], columns=tuple(right.columns)))
        if there != right:
            found.append(f"{name}：{there.rows} 行，应为 {right.rows} 行，内容摘要不同")
    return found


def occupied(connection: Connection) -> list[str]:
    """The tables that hold rows of somebody; empty for a database into which a backup may be restored."""
    found = []
    for table in tables(connection):
        question = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table.name))
        row = connection.execute(question).fetchone()
        if row and row[0] and table.name not in MADE_BY_MIGRATIONS:
            found.append(table.name)
    return found


def total(contents: Mapping[str, Content]) -> int:
    """All rows together."""
    return sum(content.rows for content in contents.values())
