"""The call-back list: whose word is missing, who may be tried now, and which matters are looked at without a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from sandan.calc import tries
from sandan.core import words
from sandan.orders.models import Asker, CallBack, Order, OrderQuerySet
from sandan.orders.queries import reasons
from sandan.orders.queries.boards import Board, Cursor, paged
from sandan.orders.queries.boards_scope import over
from sandan.orders.queries.rows import Row
from sandan.orders.workflow import S
from sandan.people.models import Person


@dataclass(frozen=True)
class Call:
    """A line of the list: the order, who served it, whether one may ring, the tries so far and when the next counts.

    `tail` is the end of the number, `ask` what is still wanted, `silent` why nobody rings (empty where one may).
    """

    row: Row
    server: str
    tail: str
    ask: str
    silent: str
    tries: int
    last: str
    may_try_now: bool
    next_try: str


def to_call(codes: Sequence[str], person: Person) -> OrderQuerySet:
    """Orders handed in whose asker has said nothing, and reviewed ones that need a call; none that `person` served."""
    awaited = Q(state=S.SERVED) | Q(state=S.REVIEWED, needs_call=True, called_at__isnull=True)
    found = over(codes).filter(awaited, is_open=True).exclude(served_by=person)
    return found.exclude(helped_by__contains=[person.pk])


def calls(
    codes: Sequence[str], person: Person, at: datetime, cursor: Cursor | None
) -> tuple[Board, list[Call]]:  # fmt: skip
    """A page of the call-back list, the oldest deadline first. Four statements."""
    board = paged(to_call(codes, person), "due_at", at, cursor)
    ids = [row.id for row in board.rows]
    facts = {f["pk"]: f for f in _facts(ids)}
    failed: dict[int, list[datetime]] = {pk: [] for pk in ids}
    since_serving = CallBack.objects.filter(order__in=ids, is_reached=False, at__gte=F("order__served_at"))
    for pk, tried_at in since_serving.order_by("at").values_list("order_id", "at"):
        failed[pk].append(tried_at)
    return board, [_call(row, facts[row.id], failed[row.id], at) for row in board.rows]


def _facts(ids: Sequence[int]) -> list[dict[str, Any]]:
    first = Asker.objects.filter(order=OuterRef("pk"), is_first=True)
    orders = Order.objects.filter(pk__in=ids).annotate(
        tail=first.values("phone_tail")[:1], may_ring=Exists(first.filter(may_call=True))
    )
    names = ("pk", "served_at", "served_by__name", "is_anonymous", "category__callback", "satisfaction", "word")
    return list(orders.values(*names, "tail", "may_ring"))


def _call(row: Row, facts: dict[str, Any], failed: list[datetime], at: datetime) -> Call:
    kept = tries.counted(failed)
    following = tries.next_new_hour(kept, at)
    enough = len(kept) >= tries.NEEDED
    return Call(
        row=row,
        server=str(facts["served_by__name"] or ""),
        tail=str(facts["tail"] or "") if facts["may_ring"] else "",
        ask=_ask(row, facts),
        silent=_silent(facts),
        tries=len(kept),
        last=words.when(failed[-1], at) if failed else "",
        may_try_now=not enough and tries.is_new_hour(kept, at),
        next_try="" if enough or following is None else words.when(following, at),
    )


def _ask(row: Row, facts: dict[str, Any]) -> str:
    if row.state == S.SERVED:
        return _("还没说解决没有")
    step = facts["satisfaction"]
    said = str(reasons.SATISFACTION[step]) if isinstance(step, int) else ""
    word = str(reasons.WORDS.get(str(facts["word"]), ""))
    return "，".join(part for part in (word, said) if part)


def _silent(facts: dict[str, Any]) -> str:
    if facts["category__callback"] != "full":
        return _("不打电话，由没经手的人看")
    if facts["is_anonymous"]:
        return _("没留电话，由没经手的人看")
    return "" if facts["may_ring"] else _("点单人不要电话，由没经手的人看")
