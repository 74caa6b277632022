"""Which orders a desk answers for: the areas of somebody's desk posts, and a narrower place inside them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from sandan.orders.models import Order, OrderQuerySet
from sandan.people.access import posts_of, scopes
from sandan.people.models import Person, Role

DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
COLUMNS = {6: "county", 9: "street", 12: "community_id", 15: "grid", 17: "micro"}
FIRST_EXCLUSIVE = "901"


def desk_codes(person: Person, at: datetime) -> tuple[str, ...]:
    """The place codes somebody holds a desk over now, widest first, none inside another."""
    posts = [post for post in posts_of(person, at) if post.role in DESKS]
    codes = {code for role in DESKS for code in scopes(posts, role)}
    return tuple(
        c for c in sorted(codes, key=lambda c: (len(c), c)) if not any(o != c and c.startswith(o) for o in codes)
    )


def covers(codes: Sequence[str], place: str) -> bool:
    """Whether a place lies in one of these areas."""
    return any(place.startswith(code) for code in codes)


def over(codes: Sequence[str]) -> OrderQuerySet:
    """The orders of these areas; each level has its own column, so any scope costs the same. None for no area.

    A street's county is named as well: the index of marked orders begins with it.
    """
    if not codes:
        return Order.objects.none()
    condition = Q()
    for code in codes:
        condition |= Q(**({"county": code[:6]} if len(code) == 9 else {}), **{_column(code): code})
    return Order.objects.filter(condition)


def area(codes: Sequence[str]) -> tuple[str, list[str]]:
    """The same as a condition for a statement by hand."""
    parts, values = list[str](), list[str]()
    for code in codes:
        own = {_column(code): code} if "__" not in _column(code) else {}
        named = _above(code) | own
        parts.append(" AND ".join(f"{column} = %s" for column in named) or "county LIKE %s")
        values += list(named.values()) or [f"{code}%"]
    return f"({') OR ('.join(parts)})", values


def _above(code: str) -> dict[str, str]:
    """The areas around it, by which the indexes begin."""
    return {column: code[:length] for length, column in COLUMNS.items() if length < min(len(code), 15)}


def _column(code: str) -> str:
    if len(code) == 15 and code[12:] >= FIRST_EXCLUSIVE:
        return "exclusive"
    return COLUMNS.get(len(code), "county__startswith")
