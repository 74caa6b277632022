"""Orders without any answer: a person has not yet said a word to the asker."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from sandan.orders.models import OrderQuerySet
from sandan.orders.queries import sql_board
from sandan.orders.queries.boards import Board, Cursor, paged
from sandan.orders.queries.boards_counts import RUNNING
from sandan.orders.queries.boards_lists import running
from sandan.orders.queries.boards_scope import area, over

MOST = 100
SILENT = "answered_at IS NULL AND state = ANY(%s) AND due_at < %s"  # overdue_silent, for a count on every page


def silent() -> Q:
    """Open, and nobody has answered the asker yet."""
    return running() & Q(answered_at__isnull=True)


def overdue_silent(codes: Sequence[str], at: datetime) -> OrderQuerySet:
    """Those of them beyond their limit."""
    return over(codes).filter(silent(), due_at__lt=at)


def unanswered(codes: Sequence[str], at: datetime, cursor: Cursor | None) -> Board:
    """A page of orders without an answer, those longest beyond the limit first. Two statements."""
    return paged(over(codes).filter(silent()), "due_at", at, cursor)


def rail_counts(codes: Sequence[str], at: datetime) -> dict[str, str]:
    """What the rail of every desk page shows: orders unanswered beyond the limit, up to 99+. One statement."""
    if not codes:
        return {}
    within, values = area(codes)
    (count,) = sql_board.capped(within, values, [(SILENT, [RUNNING, at])], MOST)
    return {"orders:unanswered": "99+" if count >= MOST else str(count)} if count else {}
