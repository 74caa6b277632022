"""The statements written by hand around one order: placing it, moving it, its page. Those of lists stand in `sql`.

Each has a plain ORM twin in tests/orders/test_sql_order.py that it is held against, row by row.
"""

from datetime import datetime
from uuid import UUID

from sandan.core.rows import Columns, fetch
from sandan.orders.models import Draft
from sandan.places.models import Estate, Place

PLACE, ESTATE = Columns(Place, "place", without=("outline",)), Columns(Estate, "estate")
DRAFT = Columns(Draft, "draft")

_GROUND = (
    f"SELECT {PLACE.sql}, {ESTATE.sql} FROM places_place place "  # noqa: S608 (columns of ours)
    "LEFT JOIN places_estate estate ON estate.id = %s WHERE place.code = %s"
)
_DRAFT = f"SELECT {DRAFT.sql} FROM orders_draft draft WHERE key = %s AND at > %s"  # noqa: S608 (columns of ours)


def ground(code: str, estate: int | None) -> tuple[Place, Estate | None]:
    """A place by its code and an estate by its id; raises Place.DoesNotExist."""
    rows = fetch(_GROUND, [estate, code])
    place = PLACE.instance(rows[0]) if rows else None
    if place is None:
        raise Place.DoesNotExist(code)
    return place, ESTATE.instance(rows[0], PLACE.count)


def draft(key: UUID, since: datetime, *, is_locked: bool = False) -> Draft | None:
    """The draft of that key if it was written after `since`; locked until the transaction ends where that is asked."""
    rows = fetch(f"{_DRAFT} FOR UPDATE" if is_locked else _DRAFT, [key, since])
    return DRAFT.instance(rows[0]) if rows else None
