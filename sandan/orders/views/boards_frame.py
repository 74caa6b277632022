"""What the boards' views share: whose areas, the frame, and a page that may lie behind a cursor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sandan.orders.queries.boards import Board, Cursor, cursor_from
from sandan.orders.queries.boards_scope import DESKS, desk_codes
from sandan.orders.queries.boards_unanswered import rail_counts
from sandan.orders.queries.rows import addresses
from sandan.orders.views.desk import post_label
from sandan.people.access import Request, role_required

desk_required = role_required(*DESKS)


def frame(request: Request, at: datetime) -> dict[str, Any]:
    """The staff's frame with the count of unanswered orders, and the addresses of order pages."""
    codes = desk_codes(request.user, at)
    return {
        "rail_counts": rail_counts(codes, at),
        "post_label": post_label(request.user, at),
        "address_of": addresses("orders:detail"),
        "is_wide": is_wide(codes),
    }


def is_wide(codes: Sequence[str]) -> bool:
    """Whether these areas hold more than one community, so that rows name theirs."""
    return not codes or len(codes) > 1 or len(codes[0]) < 12


def cursor_of(request: Request) -> Cursor | None:
    """Where the page begins; the first page where the address says nothing sensible."""
    return cursor_from(request.GET.get("at", ""))


def where(board: Board) -> str:
    """Which part of the list this is: 「第 1 至 50 件，共 213」."""
    if not board.rows:
        return ""
    return _("第 %(first)s 至 %(last)s 件，共 %(total)s") % {
        "first": board.first, "last": board.last, "total": board.total_words,
    }  # fmt: skip


def turned(request: Request, cursor: Cursor | None) -> str:
    """The address of this page at another place of the list; nothing where there is none."""
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["at"] = str(cursor)
    return f"?{query.urlencode()}"
