"""What happened to one order, read at once: the lines of its journal with what they name, and what stands beside them.

Two statements instead of some fifteen; tests/orders/test_sql_order.py holds them against the plain ORM.
"""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sandan.core.rows import fetch

_ROWS = "(SELECT json_agg(r) FROM ({}) r)"
_STORY = ", ".join(
    _ROWS.format(rows)
    for rows in (
        "SELECT e.id, e.at, e.verb, e.actor, e.actor_id, e.facts, p.name AS who, c.name AS category FROM core_entry e "
        "LEFT JOIN people_person p ON p.id = e.actor_id "
        "LEFT JOIN intake_category c ON c.code = e.facts ->> 'category' "
        "WHERE e.subject = 'orders.order' AND e.subject_id = o.id ORDER BY e.id",
        "SELECT w.id, w.masked, w.audience FROM orders_words w WHERE w.order_id = o.id",
        "SELECT f.batch, COALESCE(p.name, t.name, u.name, '') AS name FROM orders_offer f "
        "LEFT JOIN people_person p ON p.id = f.person_id LEFT JOIN people_team t ON t.id = f.team_id "
        "LEFT JOIN people_unit u ON u.id = f.unit_id WHERE f.order_id = o.id ORDER BY f.batch, f.rank",
        "SELECT h.id, h.stage, h.at FROM orders_photo h WHERE h.order_id = o.id ORDER BY h.id",
    )
)
_SHEET = ", ".join(
    _ROWS.format(rows)
    for rows in (
        "SELECT c.person_id, p.name, c.role, c.from_at, c.to_at FROM orders_custody c "
        "JOIN people_person p ON p.id = c.person_id WHERE c.order_id = o.id ORDER BY c.from_at, c.id",
        "SELECT s.kind, s.reason, p.name AS who, s.from_at, s.until_at, s.to_at FROM orders_pause s "
        "JOIN people_person p ON p.id = s.by_id WHERE s.order_id = o.id ORDER BY s.from_at, s.id",
        "SELECT x.reason, p.name AS who, x.at, x.new_due_at FROM orders_extension x "
        "JOIN people_person p ON p.id = x.by_id WHERE x.order_id = o.id ORDER BY x.id",
        "SELECT p.name, l.field, l.at FROM core_look l JOIN people_person p ON p.id = l.person_id "
        "WHERE (l.subject = 'orders.order' AND l.subject_id = o.id) "
        "OR (l.subject = 'orders.asker' AND l.subject_id IN (SELECT id FROM orders_asker WHERE order_id = o.id)) "
        "OR (l.subject = 'orders.words' AND l.subject_id IN (SELECT id FROM orders_words WHERE order_id = o.id)) "
        "ORDER BY l.at",
        "SELECT a.id AS pk, a.is_first, a.phone_tail, a.may_call FROM orders_asker a WHERE a.order_id = o.id "
        "ORDER BY a.is_first DESC, a.id",
        "SELECT k.at, p.name AS who, k.channel, k.is_reached, k.word, k.satisfaction FROM orders_callback k "
        "JOIN people_person p ON p.id = k.by_id WHERE k.order_id = o.id ORDER BY k.at",
        "SELECT f.state, f.answer_by, COALESCE(p.name, t.name, u.name) AS name FROM orders_offer f "
        "LEFT JOIN people_person p ON p.id = f.person_id LEFT JOIN people_team t ON t.id = f.team_id "
        "LEFT JOIN people_unit u ON u.id = f.unit_id WHERE f.order_id = o.id AND f.state IN ('sent', 'spare') "
        "ORDER BY f.id",
        "SELECT DISTINCT h.stage FROM orders_photo h WHERE h.order_id = o.id",
        "SELECT r.id FROM orders_order r WHERE r.parent_id = o.id OR r.into_id = o.id",
    )
)
STORY = f"SELECT {_STORY} FROM orders_order o WHERE o.id = %s"  # noqa: S608 (our own words)
SHEET = f"SELECT {_SHEET} FROM orders_order o WHERE o.id = %s"  # noqa: S608 (our own words)


class Rows(SimpleNamespace):
    """The lists of one statement by name; each row has its columns as attributes, times as datetimes."""


def story(order_id: int) -> Rows:
    """Lists `entries` (with who and category named), `words`, `offers` (batch, name), `photos`, in their order."""
    return _named(STORY, order_id, ("entries", "words", "offers", "photos"))


def sheet(order_id: int) -> Rows:
    """Lists `custody`, `pauses`, `extensions`, `looks`, `askers`, `calls`, `offers` (live), `stages`, `below` (ids)."""
    names = ("custody", "pauses", "extensions", "looks", "askers", "calls", "offers", "stages", "below")
    return _named(SHEET, order_id, names)


def _named(sql: str, order_id: int, names: tuple[str, ...]) -> Rows:
    (found,) = fetch(sql, [order_id])
    return Rows(**{name: [_row(one) for one in rows or ()] for name, rows in zip(names, found, strict=True)})


def _row(values: dict[str, Any]) -> Any:
    for name, value in values.items():
        if value is not None and (name == "at" or name.endswith(("_at", "_by"))):
            values[name] = datetime.fromisoformat(value)
    return SimpleNamespace(**values)
