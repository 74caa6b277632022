"""Wishes to be forgotten, for the desk of their ground: which wait for an answer, which for the end of an order."""

from collections.abc import Sequence

from django.db.models import QuerySet

from sandan.orders.models import EraseWish
from sandan.orders.queries.boards_scope import over

MOST = 100
LIVE = (EraseWish.State.HELD, EraseWish.State.WAITING)


def wishes(codes: Sequence[str]) -> QuerySet[EraseWish, EraseWish]:
    """Those of the orders of these areas, the oldest first, the ones that wait for the desk before the others."""
    mine = EraseWish.objects.filter(asker__order__in=over(codes), state__in=LIVE)
    return mine.select_related("asker__order__community", "asker__order__category").order_by("state", "asked_at", "pk")
