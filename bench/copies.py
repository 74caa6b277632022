"""Orders by bulk means, for the bench alone: copies of orders that were really made, with what belongs to them."""

from typing import Any

from django.db import connection, models

from sandan.core.models import Entry
from sandan.orders.models import Asker, Custody, Offer, Order, Words

STEP = 100_000  # a copy's serial is its model's plus a multiple of this
PARTS: tuple[type[models.Model], ...] = (Custody, Offer, Words, Asker)
OWN = {"id", "key", "serial", "parent_id", "order_id", "subject_id"}  # what a copy does not take over


def copy(pks: list[int], times: int) -> None:
    """`times` copies of each of these orders with their custody, offers, words, askers and journal lines."""
    first = _runs() + 1
    with connection.cursor() as cursor:
        _copy_orders(cursor, pks, first, times)
        for part in PARTS:
            _copy_rows(cursor, part, "order_id", pks, first)
        _copy_rows(cursor, Entry, "subject_id", pks, first, f"AND t.subject = '{Order._meta.label_lower}'")


def grow(total: int) -> None:
    """Copies of the orders there are until there are `total`; those tied to others are not copied."""
    pks = list(Order.objects.filter(parent=None, into=None, children=None, merged=None).values_list("pk", flat=True))
    missing = total - Order.objects.count()
    if missing >= len(pks):
        copy(pks, missing // len(pks))
    if missing > 0 and missing % len(pks):
        copy(pks[: missing % len(pks)], 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _runs() -> int:
    return (Order.objects.aggregate(models.Max("serial"))["serial__max"] or 0) // STEP


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields if field.column not in OWN)


def _copy_orders(cursor: Any, pks: list[int], first: int, times: int) -> None:
    table, columns = Order._meta.db_table, _columns(Order)
    cursor.execute(
        f"INSERT INTO {table} (key, serial, {columns}) "
        f"SELECT gen_random_uuid(), serial %% {STEP} + {STEP} * (%s + n), {columns} "
        f"FROM {table}, generate_series(0, %s) n WHERE id = ANY(%s)",
        [first, times - 1, pks],
    )


def _copy_rows(cursor: Any, model: type[models.Model], tie: str, pks: list[int], first: int, only: str = "") -> None:
    """The rows of one table again for each copy; a copy is known by community, day and serial."""
    table, orders, columns = model._meta.db_table, Order._meta.db_table, _columns(model)
    taken = columns.replace('"', 't."', 1).replace(', "', ', t."')
    cursor.execute(
        f"INSERT INTO {table} ({tie}, {columns}) SELECT c.id, {taken} FROM {table} t "
        f"JOIN {orders} o ON o.id = t.{tie} "
        f'JOIN {orders} c ON c.community_id = o.community_id AND c."on" = o."on" '
        f"AND c.serial >= {STEP} * %s AND c.serial %% {STEP} = o.serial %% {STEP} "
        f"WHERE o.id = ANY(%s) {only} ORDER BY t.id",
        [first, pks],
    )
