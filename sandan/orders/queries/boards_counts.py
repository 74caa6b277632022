"""The counts of the board's tabs: counted up to a cap, so that a large county costs no more than a small one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandan.orders.queries import sql_board
from sandan.orders.queries.boards_lists import HANDED_IN, LISTS, TABS, midnight_after
from sandan.orders.queries.boards_scope import area
from sandan.orders.workflow import ENDED, STANDING, STATES, S

CAP = 1000
RUNNING = [state for state in STATES if state not in ENDED | STANDING and state not in HANDED_IN]
IN_STATES = "state = ANY(%s)"
STATES_OF: dict[str, tuple[str, ...]] = {
    "new": (S.RECEIVED,), "nobody": (S.JUDGED, S.REOPENED), "grab": (S.OPEN, S.OFFERED), "hands": (S.TAKEN, S.UNDERWAY),
    "word": HANDED_IN, "standing": tuple(sorted(STANDING)), "upper": (S.ESCALATED,),
}  # fmt: skip
OPEN_TABS = tuple(name for name in TABS if LISTS[name].is_open)


def tab_counts(codes: Sequence[str], at: datetime) -> dict[str, int]:
    """How many open orders each tab of the board holds, CAP + 1 where there are more than CAP; one statement."""
    if not codes:
        return dict.fromkeys(OPEN_TABS, 0)
    within, values = area(codes)
    counts = sql_board.capped(within, values, [_condition(name, at) for name in OPEN_TABS], CAP + 1)
    return dict(zip(OPEN_TABS, counts, strict=True))


def _condition(name: str, at: datetime) -> tuple[str, list[Any]]:
    """The condition of a tab; boards_lists says the same to the ORM."""
    if name == "open":
        return "TRUE", []
    if name == "late":
        return f"{IN_STATES} AND due_at < %s", [RUNNING, at]
    if name == "today":
        return f"{IN_STATES} AND due_at >= %s AND due_at < %s", [RUNNING, at, midnight_after(at)]
    return IN_STATES, [list(STATES_OF[name])]


def count_words(count: int) -> str:
    """「213」, or 「1000+」 where counting stopped."""
    return f"{CAP}+" if count > CAP else str(count)
