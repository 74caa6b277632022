"""The statements of the order room written by hand, where building them by the ORM costs more than running them.

Which orders are meant stays a queryset: its conditions are taken over as they are. Each statement has its plain twin
in tests/orders/test_sql_board.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet

from sandan.core.rows import fetch
from sandan.orders.models import OrderQuerySet


class Listed(NamedTuple):
    """What a list needs of an order and of those around it."""

    id: int
    community_id: str
    on: Any
    serial: int
    masked: str
    privacy: str
    state: str
    was: str
    reason: str
    urgency: int
    level: int
    channel: str
    asker_count: int
    placed_at: datetime
    grid: str
    building: str
    spot: str
    clock: str
    limit_value: float
    limit_unit: str
    due_at: datetime | None
    stopped_at: datetime | None
    next_at: datetime | None
    community__name: str
    estate__name: str | None
    estate__building_word: str | None
    category__name: str | None
    category__department: str | None
    category__grab: str | None
    guess__name: str | None
    guess__department: str | None
    holder__name: str | None
    team__name: str | None
    unit__name: str | None
    owner__name: str


ALL = 2**31 - 1
_OWN = ", ".join(f'o."{name}"' for name in Listed._fields if "__" not in name)
LISTED = f"""
WITH picked AS MATERIALIZED (SELECT id, row_number() OVER () AS nth FROM (%s) picked (id))
SELECT (SELECT count(*) FROM picked), {_OWN},
  community.name, estate.name, estate.building_word, category.name, category.department, category.grab,
  guess.name, guess.department, holder.name, team.name, unit.name, owner.name
FROM picked
JOIN orders_order o ON o.id = picked.id
JOIN places_place community ON community.code = o.community_id
JOIN people_person owner ON owner.id = o.owner_id
LEFT JOIN places_estate estate ON estate.id = o.estate_id
LEFT JOIN intake_category category ON category.code = o.category_id
LEFT JOIN intake_category guess ON guess.code = o.guess_id
LEFT JOIN people_person holder ON holder.id = o.holder_id
LEFT JOIN people_team team ON team.id = o.team_id
LEFT JOIN people_unit unit ON unit.id = o.unit_id
WHERE picked.nth <= %s
ORDER BY picked.nth
"""  # noqa: S608 (names of our own columns; what is asked for goes in as values)


def listed(orders: OrderQuerySet, most: int | None = None) -> tuple[list[Listed], int]:
    """The orders of a queryset, in its order, as a list needs them, `most` at the most, and how many it finds.

    One statement, none where nothing can be found.
    """
    try:
        sql, values = orders.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    rows = fetch(LISTED.replace("%s", sql, 1), [*values, ALL if most is None else most])
    return [Listed._make(row[1:]) for row in rows], rows[0][0] if rows else 0


# Each count ends at its cap: it reads so many entries of an index at the most, however many orders there are.
COUNTED = "(SELECT count(*) FROM (SELECT FROM orders_order WHERE is_open AND ({area}) AND {condition} LIMIT {cap}) t)"


def capped(area: str, within: Sequence[Any], conditions: Sequence[tuple[str, Sequence[Any]]], cap: int) -> list[int]:
    """How many open orders of an area meet each condition, counted up to the cap; one statement."""
    parts = [COUNTED.format(area=area, condition=sql, cap=int(cap)) for sql, _values in conditions]
    values = [value for _sql, own in conditions for value in (*within, *own)]
    return list(fetch(f"SELECT {', '.join(parts)}", values)[0])


def counts(found: Sequence[OrderQuerySet]) -> list[int]:
    """How many orders each of these querysets finds; one statement."""
    parts, values = list[str](), list[Any]()
    for orders in found:
        try:
            text, own = orders.values("pk").query.sql_with_params()
        except EmptyResultSet:
            text, own = "SELECT WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({text}) t)")  # noqa: S608 (a statement of the ORM)
        values += own
    return list(fetch(f"SELECT {', '.join(parts)}", values)[0])


# From one limit to the next in the index: as many steps as there are limits, however many orders have them.
LIMITS = """
WITH RECURSIVE known (urgency, clock, value, unit) AS (
  (SELECT urgency, clock, limit_value, limit_unit FROM orders_order WHERE is_open
   ORDER BY urgency, clock, limit_value, limit_unit LIMIT 1)
  UNION ALL
  SELECT o.* FROM known, LATERAL (
    SELECT urgency, clock, limit_value, limit_unit FROM orders_order
    WHERE is_open AND (urgency, clock, limit_value, limit_unit)
      > (known.urgency, known.clock, known.value, known.unit)
    ORDER BY urgency, clock, limit_value, limit_unit LIMIT 1) o
)
SELECT urgency, clock, value, unit FROM known
"""


def limits() -> list[tuple[int, str, float, str]]:
    """The limits that open orders have: urgency, clock, value, unit; one statement."""
    return [(urgency, clock, value, unit) for urgency, clock, value, unit in fetch(LIMITS)]
