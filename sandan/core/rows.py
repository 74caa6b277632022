"""Instances out of statements written by hand: the columns come from the model, so a new field is never forgotten."""

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """The columns of one table in a statement, under a name of their own, and the instance made of what came back.

    `without` names fields that stay out; they are read when somebody asks for them, as after `defer`.
    """

    def __init__(self, model: type[M], name: str, without: Collection[str] = ()) -> None:
        fields = [field for field in model._meta.concrete_fields if field.name not in without]
        self.model, self.name = model, name
        self.attnames = tuple(field.attname for field in fields)
        self.sql = ", ".join(f'{name}."{field.column}"' for field in fields)
        self.count = len(fields)
        self._key = self.attnames.index(model._meta.pk.attname)
        self._converters = [
            (place, converter)
            for place, field in enumerate(fields)
            for converter in field.get_db_converters(connection)
        ]

    @property
    def table(self) -> str:
        """The table under its name here, for FROM and JOIN."""
        return f'"{self.model._meta.db_table}" {self.name}'

    def instance(self, row: Sequence[Any], start: int = 0) -> M | None:
        """The instance whose columns begin at `start`; None where an outer join found nothing."""
        values = list(row[start : start + self.count])
        if values[self._key] is None:
            return None
        for place, converter in self._converters:
            values[place] = converter(values[place], None, connection)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.attnames, values)


class Tree(Generic[M]):
    """A row with the rows it points to, each read along in the same statement: `select_related` for written statements.

    `related` gives the columns of each by the name of the foreign key; their own names in the statement must differ.
    """

    def __init__(self, root: Columns[M], **related: Columns[Any]) -> None:
        self.root = root
        self._related: list[tuple[Any, Columns[Any], int]] = []
        self.sql, self.joins, self.count = root.sql, "", root.count
        for name, columns in related.items():
            field: Any = root.model._meta.get_field(name)
            key = columns.model._meta.pk.column
            self._related.append((field, columns, self.count))
            self.sql += f", {columns.sql}"
            self.joins += f' LEFT JOIN {columns.table} ON {columns.name}."{key}" = {root.name}."{field.column}"'
            self.count += columns.count

    def instance(self, row: Sequence[Any], start: int = 0) -> M | None:
        """The instance with those it points to."""
        root = self.root.instance(row, start)
        if root is not None:
            for field, columns, place in self._related:
                field.set_cached_value(root, columns.instance(row, start + place))
        return root


def fetch(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
