"""The statements written by hand around one order: placing it, moving it, its page. Those of lists: `sql_board`.

Each has a plain ORM twin in tests/orders/test_sql_order.py that it is held against, row by row.
"""

from datetime import date, datetime
from uuid import UUID

from sandan.core.rows import Columns, Tree, fetch
from sandan.intake.models import Category
from sandan.orders.models import Custody, Draft, Order
from sandan.people.models import Person, Team, Unit
from sandan.places.models import Estate, Place

PLACE, ESTATE = Columns(Place, "place", without=("outline",)), Columns(Estate, "estate")
DRAFT = Columns(Draft, "draft")

_PRIVATE = ("password", "last_login", "phone", "phone_digest", "name_key", "created_at")  # nothing that a page shows


def _person(name: str) -> Columns[Person]:
    return Columns(Person, name, without=_PRIVATE)


ORDER = Columns(Order, "o")
WHOLE = Tree(
    ORDER, community=PLACE, category=Columns(Category, "category"), guess=Columns(Category, "guess"), estate=ESTATE,
    owner=_person("owner"), holder=_person("holder"), team=Columns(Team, "team"), unit=Columns(Unit, "unit"),
    served_by=_person("served_by"), closed_by=_person("closed_by"),
)  # fmt: skip
MOVED = Tree(
    ORDER, community=PLACE, category=Columns(Category, "category"), owner=_person("owner"), holder=_person("holder"),
    served_by=_person("served_by"),
)  # fmt: skip
HAND = Tree(Columns(Custody, "custody"), person=_person("hand"))

_NUMBERED = (
    f"SELECT {WHOLE.sql} FROM {ORDER.table} {WHOLE.joins} "  # noqa: S608 (columns of ours)
    'WHERE o.id = COALESCE((SELECT id FROM orders_order WHERE community_id = %s AND "on" = %s AND serial = %s), '
    '(SELECT order_id FROM orders_oldnumber WHERE community = %s AND "on" = %s AND serial = %s))'
)
_LOCK = f"SELECT 1 FROM {ORDER.table} WHERE o.id = %s FOR UPDATE"  # noqa: S608 (columns of ours)
_LOCKED = (
    f"SELECT {MOVED.sql}, {HAND.sql} FROM {ORDER.table} {MOVED.joins} "  # noqa: S608 (columns of ours)
    f"LEFT JOIN {HAND.root.table} ON custody.order_id = o.id AND custody.to_at IS NULL {HAND.joins} WHERE o.id = %s"
)
_GROUND = (
    f"SELECT {PLACE.sql}, {ESTATE.sql} FROM places_place place "  # noqa: S608 (columns of ours)
    "LEFT JOIN places_estate estate ON estate.id = %s WHERE place.code = %s"
)
_DRAFT = f"SELECT {DRAFT.sql} FROM orders_draft draft WHERE key = %s AND at > %s"  # noqa: S608 (columns of ours)


def numbered(community: str, on: date, serial: int) -> Order | None:
    """The order of that number with those around it, of today or of before its area got another code; None for none."""
    rows = fetch(_NUMBERED, [community, on, serial] * 2)
    return WHOLE.instance(rows[0]) if rows else None


def locked(pk: int) -> tuple[Order, Custody | None]:
    """The order, locked until the transaction ends, with those around it and its open line of custody.

    Two statements on purpose: who waited for a lock in a joined statement gets the new order with the old neighbours,
    or no row at all where owner or holder have changed meanwhile. Raises Order.DoesNotExist.
    """
    if not fetch(_LOCK, [pk]):
        raise Order.DoesNotExist(pk)
    (row,) = fetch(_LOCKED, [pk])
    order = MOVED.instance(row)
    assert order
    return order, HAND.instance(row, MOVED.count)


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
