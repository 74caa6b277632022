"""What does not move: orders that stand still and orders that are late, with the reason, the term and the next look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core import words
from sandan.orders.models import Extension, OrderQuerySet, Pause
from sandan.orders.queries import reasons, sql_board
from sandan.orders.queries.boards import Board, Cursor, paged
from sandan.orders.queries.boards_counts import CAP
from sandan.orders.queries.boards_lists import late
from sandan.orders.queries.boards_scope import over
from sandan.orders.queries.rows import Row
from sandan.orders.workflow import STANDING, S

KINDS: dict[str, str | Promise] = {
    "all": gettext_lazy("全部"),
    "paused": gettext_lazy("挂起"),
    "ledgered": gettext_lazy("挂账"),
    "asked": gettext_lazy("待补充"),
    "late": gettext_lazy("超时"),
}


NEXT_OF_LATE = {
    S.RECEIVED: "judge", S.REOPENED: "judge", S.ESCALATED: "judge",
    S.JUDGED: "extend", S.TAKEN: "extend", S.UNDERWAY: "extend",
}  # fmt: skip


@dataclass(frozen=True)
class Stalled:
    """A line of the list. `verb` names the move that is the next step; empty where the order itself says more."""

    row: Row
    why: str
    since: str
    until: str
    next_look: str
    verb: str


def _condition(kind: str, at: datetime) -> Q:
    if kind == "late":
        return late(at)
    standing = Q(is_open=True, state__in=sorted(STANDING)) if kind == "all" else Q(is_open=True, state=kind)
    return standing | late(at) if kind == "all" else standing


def kind_counts(codes: Sequence[str], at: datetime) -> dict[str, int]:
    """How many orders each kind has, CAP + 1 where there are more than CAP; one statement."""
    counts = sql_board.counts([_found(codes, kind, at)[: CAP + 1] for kind in KINDS])
    return dict(zip(KINDS, counts, strict=True))


def stalled(
    codes: Sequence[str], kind: str, at: datetime, cursor: Cursor | None
) -> tuple[Board, list[Stalled]]:  # fmt: skip
    """A page of what stands still or is late, the next look first. Four statements."""
    board = paged(_found(codes, kind, at), "next_at", at, cursor)
    ids = [row.id for row in board.rows]
    pauses = {pause.order_id: pause for pause in Pause.objects.filter(order__in=ids, to_at__isnull=True)}
    extended = _last_reasons(ids)
    return board, [_line(row, pauses.get(row.id), extended.get(row.id), at) for row in board.rows]


def _found(codes: Sequence[str], kind: str, at: datetime) -> OrderQuerySet:
    return over(codes).filter(_condition(kind, at))


def _last_reasons(ids: Iterable[int]) -> dict[int, str]:
    rows = Extension.objects.filter(order__in=ids).order_by("order", "at").values_list("order_id", "reason")
    return dict(rows)


def _line(row: Row, pause: Pause | None, extended: str | None, at: datetime) -> Stalled:
    look = words.when(row.next_at, at)
    if pause is None:
        why = _("延过一次：%(reason)s") % {"reason": reasons.label("extend", extended)} if extended else _("没写原因")
        return Stalled(row, why, words.when(row.due_at, at), "", look, NEXT_OF_LATE.get(row.state, ""))
    verb = {S.PAUSED: "resume", S.LEDGERED: "take_up"}.get(row.state, "answer")
    return Stalled(row, _why(row, pause), words.when(pause.from_at, at), words.day(pause.until_at, at), look, verb)


def _why(row: Row, pause: Pause) -> str:
    if row.state == S.ASKED:
        return str(reasons.PAUSE["asked"])
    return reasons.label("ledger" if row.state == S.LEDGERED else "pause", pause.reason)
