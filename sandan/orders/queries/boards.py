"""The board: fifty orders at a time by time left, behind a cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from sandan.orders.models import OrderQuerySet
from sandan.orders.queries.boards_counts import CAP, count_words
from sandan.orders.queries.boards_filter import Filters, asked
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.queries.rows import Row, counted_rows

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind (or before) the order with this time and id. `skipped` is only for the eye."""

    at: datetime
    id: int
    skipped: int = 0
    is_backward: bool = False

    def __str__(self) -> str:
        micros = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{'b' if self.is_backward else 'a'}{micros}_{self.id}_{self.skipped}"


def cursor_from(text: str) -> Cursor | None:
    """The cursor of an address; None for anything else."""
    parts = text[1:].split("_")
    if text[:1] not in ("a", "b") or len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    micros, pk, skipped = (int(part) for part in parts)
    try:
        moment = EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None
    return Cursor(moment, min(pk, 2**63 - 1), min(skipped, 10**9), text[0] == "b")


@dataclass(frozen=True)
class Board:
    """One page of a list: rows, how many match in all (counted to one beyond CAP), and the way on and back."""

    rows: list[Row]
    total: int
    first: int
    before: Cursor | None
    after: Cursor | None

    @property
    def total_words(self) -> str:
        """「213」, or 「1000+」."""
        return count_words(self.total)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def board(
    filters: Filters, codes: Sequence[str], at: datetime, cursor: Cursor | None, total: int | None = None
) -> Board:
    """A page of the filtered list: open ones by time left, others newest first. One statement, two behind a cursor."""
    name = "due_at" if LISTS[filters.list].is_open else "-placed_at"
    return paged(asked(filters, codes, at), name, at, cursor, total)


def paged(found: OrderQuerySet, name: str, at: datetime, cursor: Cursor | None, total: int | None = None) -> Board:
    """A page of `found` by the time column `name` ("-" before it: latest first) and id, from the cursor on.

    `total` is how many there are, where that is known; else they are counted as far as CAP goes.
    """
    is_first, is_backward = cursor is None, cursor is not None and cursor.is_backward
    rows, count = _page(found, name, at, cursor, CAP + 1 if is_first and total is None else PAGE + 1)
    more, skipped = count > PAGE, cursor.skipped if cursor else 0
    if is_first and (total is None or not more):
        total = count
    elif total is None:
        total = found.order_by()[: CAP + 1].count()
    column = name.removeprefix("-")
    return Board(
        rows,
        total,
        skipped + 1 if rows else 0,
        _edge(rows[0], column, max(skipped - PAGE, 0), True) if rows and skipped else None,
        _edge(rows[-1], column, skipped + len(rows), False) if rows and (more or is_backward) else None,
    )


def _edge(row: Row, column: str, skipped: int, is_backward: bool) -> Cursor | None:
    at: datetime | None = getattr(row, column)
    return Cursor(at, row.id, skipped, is_backward) if at else None


def _page(
    found: OrderQuerySet, name: str, at: datetime, cursor: Cursor | None, most: int
) -> tuple[list[Row], int]:  # fmt: skip
    """The rows from the cursor on, and how many there are from there on, counted to `most`."""
    column, is_backward = name.removeprefix("-"), cursor is not None and cursor.is_backward
    ascending = name.startswith("-") == is_backward
    if cursor:
        found = found.filter(_behind(column, ascending, cursor))
    sign = "" if ascending else "-"
    kept, count = counted_rows(found.order_by(f"{sign}{column}", f"{sign}id")[:most], at, PAGE)
    return (kept[::-1] if is_backward else kept), count


def _behind(name: str, ascending: bool, cursor: Cursor) -> Q:
    step = "gt" if ascending else "lt"
    further = Q(**{f"{name}__{step}": cursor.at}) | Q(**{name: cursor.at, f"id__{step}": cursor.id})
    return Q(**{f"{name}__{step}e": cursor.at}) & further  # the first half is what the index answers
