"""The board's second form: what is open side by side, by how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.orders.queries import sql_board
from sandan.orders.queries.boards_counts import CAP, count_words
from sandan.orders.queries.boards_filter import Filters, asked
from sandan.orders.queries.rows import Row, board_rows
from sandan.orders.workflow import S

IN_A_COLUMN = 14

COLUMNS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("new", _("待研判"), (S.RECEIVED,)),
    ("nobody", _("没人接"), (S.JUDGED, S.REOPENED)),
    ("grab", _("抢单、派单中"), (S.OPEN, S.OFFERED)),
    ("hands", _("有人在办"), (S.TAKEN, S.UNDERWAY)),
    ("word", _("待评价、待回访"), (S.SERVED, S.REVIEWED)),
)


@dataclass(frozen=True)
class Column:
    """One column of the second form: its list, its words, how many orders it has, the first of them."""

    key: str
    label: str | Promise
    count: int
    rows: list[Row]

    @property
    def count_words(self) -> str:
        return count_words(self.count)

    @property
    def rest_words(self) -> str:
        """How many it has beside those that are shown."""
        return count_words(self.count - (0 if self.count > CAP else len(self.rows)))


def columns(filters: Filters, codes: Sequence[str], at: datetime) -> list[Column]:
    """The open orders side by side by how far they are, the most pressing first. Two statements."""
    found = asked(filters, codes, at, with_list=False).filter(is_open=True)
    states = {state: key for key, _label, own in COLUMNS for state in own}
    inside = [found.filter(state__in=own) for _key, _label, own in COLUMNS]
    counts = sql_board.counts([orders[: CAP + 1] for orders in inside])
    heads = [orders.order_by("due_at", "id").values("pk")[:IN_A_COLUMN] for orders in inside]
    picked = heads[0].union(*heads[1:], all=True)
    rows = board_rows(found.filter(pk__in=picked).order_by("due_at", "id"), at)
    return [
        Column(key, label, count, [row for row in rows if states.get(row.state) == key])
        for (key, label, _own), count in zip(COLUMNS, counts, strict=True)
    ]
