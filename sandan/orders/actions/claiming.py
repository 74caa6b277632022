"""Claims: who took an order and how, and what giving it back costs."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from sandan.core.workflow import Move
from sandan.orders.actions import beats
from sandan.orders.models import Claim, Order
from sandan.orders.queries.member_rules import FREE_RELEASE
from sandan.people.models import Person


def take_over(
    order: Order, move: Move, by: Person, at: datetime, *, how: str, holder: Person | None = None, **facts: Any
) -> Order:
    """`holder` (else `by`) has it from now on, and the claim says how that came: grab, accept or round."""
    order.holder, order.taken_at = holder or by, at
    Claim.objects.create(order=order, person=order.holder, county=order.county, how=how, at=at)
    return beats.settle(order, move, by=by, at=at, **facts)


def give_back(order: Order, by: Person, at: datetime) -> bool:
    """End the holder's claim; whether it counts: not within an hour, nor where the desk takes the order away."""
    is_counted = by == order.holder and not is_free(order, at)
    _live(order).update(released_at=max(at, order.touched_at), is_counted=is_counted, verb="release")
    return is_counted


def let_go(order: Order, verb: str, at: datetime) -> None:
    """The order leaves its holder's hand by a move that is not his giving back: call before the holder is cleared."""
    if order.holder_id:
        _live(order).update(released_at=max(at, order.touched_at), verb=verb)


def _live(order: Order) -> QuerySet[Claim, Claim]:
    return Claim.objects.filter(order=order, person_id=order.holder_id or 0, released_at__isnull=True)


def is_free(order: Order, at: datetime) -> bool:
    """Whether giving it back now costs nothing."""
    return order.taken_at is not None and at <= order.taken_at + FREE_RELEASE
