"""Writes that go to the database as one statement: rows of several tables, their columns as the ORM writes them."""

from collections.abc import Collection, Iterable
from functools import cache
from itertools import groupby
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from sandan.core.rows import fetch


class Statement:
    """What is put in here is written by `run`, all at once and in no order: no part sees what another part wrote.

    Foreign keys are checked at the end of the transaction, so a row may point to one beside it whose key was drawn
    by `keys`. Constraints speak as always: IntegrityError, and nothing was written.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = []
        self._new: list[Model] = []

    def insert(self, *rows: Model) -> None:
        """New rows; those without a primary key get one, but do not learn it."""
        for (model, has_key), group in groupby(rows, key=lambda row: (type(row), row.pk is not None)):
            lines = [self._line(row, has_key) for row in group]
            self._parts.append(f"{_head(model, has_key)} {', '.join(lines)}")
        self._new += rows

    def _line(self, row: Model, has_key: bool) -> str:
        places = []
        for field in _fields(type(row), has_key):
            value = field.pre_save(row, True)
            if isinstance(value, DatabaseDefault):
                places.append("DEFAULT")
            else:
                places.append("%s")
                self._values.append(field.get_db_prep_save(value, connection))
        return f"({', '.join(places)})"

    def update(self, row: Model, names: Collection[str]) -> None:
        """These columns (attribute names) of a row that is there; none, and nothing is written."""
        fields = [field for field in row._meta.concrete_fields if field.attname in names]
        if not fields:
            return
        columns = ", ".join(f'"{field.column}" = %s' for field in fields)
        key = row._meta.pk
        self.add(
            f'UPDATE "{row._meta.db_table}" SET {columns} WHERE "{key.column}" = %s',  # noqa: S608 (columns of ours)
            [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk],
        )

    def add(self, sql: str, values: Iterable[Any] = ()) -> None:
        """A part in words of its own: INSERT, UPDATE or DELETE."""
        self._parts.append(sql)
        self._values += values

    def run(self) -> None:
        """Write it all; without any part, nothing."""
        if not self._parts:
            return
        *others, last = self._parts
        named = ", ".join(f"part{number} AS ({part})" for number, part in enumerate(others))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {named} {last}" if others else last, self._values)
        for row in self._new:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert(*rows: Model) -> None:
    """New rows of any tables in one statement; see `Statement.insert`."""
    statement = Statement()
    statement.insert(*rows)
    statement.run()


def keys(*models: type[Model]) -> tuple[int, ...]:
    """A fresh primary key of each model named, in one statement; one that is not used is lost, which harms nobody."""
    drawn: tuple[int, ...] = fetch(_draw(models))[0]
    return drawn


@cache
def _fields(model: type[Model], has_key: bool) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.local_concrete_fields if has_key or not field.primary_key)


@cache
def _head(model: type[Model], has_key: bool) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model, has_key))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES'


@cache
def _draw(models: tuple[type[Model], ...]) -> str:
    """The statement of `keys`."""
    sequences = (f"pg_get_serial_sequence('\"{one._meta.db_table}\"', '{one._meta.pk.column}')" for one in models)
    return f"SELECT {', '.join(f'nextval({sequence})' for sequence in sequences)}"
