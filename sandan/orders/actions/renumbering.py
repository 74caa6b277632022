"""Orders follow official codes that change: they belong to the community of today and keep their printed number."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from sandan.core import journal
from sandan.core.serials import next_serial
from sandan.orders.models import OldNumber, Order
from sandan.places.models import PlaceChange

log = structlog.get_logger("sandan.orders")
BATCH = 100  # orders in one transaction
Mapped = Mapping[str, Sequence[str]]


def settle_area(change: PlaceChange, mapping: Mapped, at: datetime) -> tuple[int, int]:
    """Move every order of the communities that ended, open or closed, in small transactions; how many moved, how many
    were in somebody's hands."""
    towns = [code for code in mapping if len(code) == 12]
    grids = [code for code in mapping if len(code) == 15 and code[:12] not in towns]
    wanted = Q(community__in=towns) | Q(grid__in=grids)
    keys = list(Order.objects.filter(wanted).order_by("id").values_list("id", flat=True))
    steps = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    moved = sum(safely(_move, step, change, mapping, at) for step in steps)
    return moved, len(keys) - moved


def safely(move: Callable[..., int], keys: Collection[int], *rest: Any) -> int:
    """How many orders one small transaction moved: none where it failed; the log says of which it was."""
    try:
        return move(keys, *rest)
    except Exception:
        log.exception("orders cannot follow the ground", first=min(keys), last=max(keys), count=len(keys))
        return 0


@transaction.atomic
def _move(keys: Sequence[int], change: PlaceChange, mapping: Mapped, at: datetime) -> int:
    orders = list(
        Order.objects.filter(pk__in=keys).select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("id")
    )
    taken = _taken(orders, mapping)
    for order in orders:
        OldNumber.objects.get_or_create(
            community=order.community_id, on=order.on, serial=order.serial, defaults={"order": order, "at": at}
        )
        _renumber(order, mapping, taken)
    fields = ("community", "street", "county", "grid", "exclusive", "micro", "serial")
    Order.objects.bulk_update(orders, fields)
    if orders:
        ids = [order.pk for order in orders]
        journal.write(change, "orders_renumbered", by="clock", at=at, scope=orders[0].county, orders=ids)
    return len(orders)


def _taken(orders: Sequence[Order], mapping: Mapped) -> set[tuple[str, object, int]]:
    """The numbers in use in the new communities on the days of these orders."""
    towns = {_town(order, mapping) for order in orders}
    rows = Order.objects.filter(community__in=towns, on__in={order.on for order in orders})
    return set(rows.values_list("community_id", "on", "serial"))


def _town(order: Order, mapping: Mapped) -> str:
    """The community an order belongs to now: that of its grid, else the first that took the place of its own."""
    for code in (order.micro, order.grid):
        if code in mapping:
            return mapping[code][0][:12]
    return mapping.get(order.community_id, (order.community_id,))[0]


def _renumber(order: Order, mapping: Mapped, taken: set[tuple[str, object, int]]) -> None:
    town = _town(order, mapping)
    for field in ("grid", "exclusive", "micro"):
        code = getattr(order, field)
        setattr(order, field, mapping.get(code, (code,))[0])
    order.community_id, order.street, order.county = town, town[:9], town[:6]
    if (town, order.on, order.serial) in taken:  # two communities became one: the number said aloud changes for one
        used = Order.objects.filter(community=town, on=order.on).order_by("-serial").values("serial")
        order.serial = next_serial(town, order.on, used)
        while (town, order.on, order.serial) in taken:
            order.serial += 1
    taken.add((town, order.on, order.serial))
