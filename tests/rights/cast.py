"""The world of the battery: two counties, one actor a role, orders in own, sibling, parent and other hands.

Every order carries words, a name, a phone and a door that exist nowhere else: an answer can be searched for them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client

from sandan.orders.models import Order
from sandan.people.models import Person, Role, Unit

# The places by the name the battery gives them.
CODES = {
    "C": "990201", "S1": "990201001", "S2": "990201002", "A": "990201001001", "B": "990201001002",
    "D": "990201002001", "A1": "990201001001001", "A2": "990201001001002", "X": "990301", "XA": "990301001001",
}  # fmt: skip
AREAS = {  # who stands where: own place, the one beside, the one around, one of another county
    "grid": {"own": "A1", "sibling": "A2", "parent": "A", "other": "X"},
    "community": {"own": "A", "sibling": "B", "parent": "S1", "other": "X"},
    "street": {"own": "S1", "sibling": "S2", "parent": "C", "other": "X"},
    "county": {"own": "C", "sibling": "X", "other": "X"},
}
ACTORS: dict[str, tuple[str, str]] = {  # actor: role and level; the two without a role have no account
    "visitor": ("", "grid"),
    "resident": ("", "grid"),
    "member": (Role.MEMBER, "grid"),
    "worker": (Role.GRID_WORKER, "grid"),
    "leader": (Role.GRID_LEADER, "community"),
    "desk": (Role.DISPATCHER, "community"),
    "street": (Role.LIAISON, "street"),
    "district": (Role.DISTRICT, "county"),
    "clerk": (Role.UNIT_CLERK, "county"),
    "partner": (Role.PARTNER, "community"),
    "overseer": (Role.OVERSEER, "county"),
    "day": (Role.DAY_WORKER, "grid"),
    "auditor": (Role.AUDITOR, "county"),
    "security": (Role.SECURITY, "county"),
    "admin": (Role.ADMIN, "county"),
}
RELATIONS = ("own", "sibling", "parent", "other")
# Where each order lies: community, grid, and its level on the ladder.
GROUND = {
    "A1": ("A", "A1", 2), "A2": ("A", "A2", 2), "A": ("A", "", 2), "B": ("B", "", 2), "S1": ("B", "", 3),
    "S2": ("D", "", 2), "C": ("D", "", 4), "X": ("XA", "", 2), "U1": ("D", "", 2), "U2": ("D", "", 2),
    "H": ("A", "A2", 2), "Z": ("A", "A1", 2),
}  # fmt: skip
ORDERS_OF = {"clerk": {"own": "U1", "sibling": "X", "other": "U2"}}  # by unit, where others are told apart by place
# Whose words an actor may meet anywhere: the whole of what the grants below say; nothing else may turn up in an answer.
READS: dict[str, set[str]] = {
    "visitor": set(), "resident": {"A1"}, "partner": set(), "overseer": set(), "day": set(), "auditor": set(),
    "security": set(), "admin": set(), "member": {"A1", "H"}, "worker": {"A1", "H"},
    "leader": {"A1", "A2", "A", "H"}, "desk": {"A1", "A2", "A", "H"}, "street": {"A1", "A2", "A", "B", "S1", "H"},
    "district": {"A1", "A2", "A", "B", "S1", "S2", "C", "U1", "U2", "H"}, "clerk": {"U1", "S2"},
}  # fmt: skip
# Of a matter under seal its number stands in the lists of who answers for it, without a word.
COUNTS = {"Z": ("worker", "leader", "desk", "street", "district")}


@dataclass(frozen=True)
class Marks:
    """What was planted in one order: who may read it finds `words` and `number`; the rest opens with a logged look."""

    number: str
    short: str
    words: str
    name: str
    phone: str
    door: str

    @property
    def sealed(self) -> tuple[str, ...]:
        return self.name, self.phone, self.door


@dataclass(eq=False)
class World:
    """People, things and what was planted in them."""

    at: datetime
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)
    things: dict[tuple[str, str], Any] = field(default_factory=dict)  # kind and place (or actor): what an address names
    units: dict[str, Unit] = field(default_factory=dict)
    excerpt: str = "摘要记号寅卯"

    def place(self, actor: str, relation: str) -> str | None:
        return AREAS[ACTORS[actor][1]].get(relation)

    def named(self, kind: str, actor: str, relation: str) -> Any:
        """What an address of that kind names for this actor, or None where there is no such relation."""
        if kind == "order":
            key = ORDERS_OF.get(actor, {}).get(relation) or ("A1" if relation == "own" else self.place(actor, relation))
            return self.orders[key].full_number if key in self.orders else None
        for known in (f"{actor} {relation}", actor if relation == "own" else ""):
            if (kind, known) in self.things:
                return self.things[kind, known]
        if kind == "photo" and relation == "own":
            return self.things["photo", ORDERS_OF.get(actor, {}).get("own", "A1")]
        found = self.things.get((kind, self.place(actor, relation) or ""))
        return found if found is not None or relation == "own" else self.things.get((kind, "foreign"))


def nobody(kind: str) -> Any:
    """What an address of that kind names when there is no such thing."""
    numbers = ("order", "called", "share")
    if kind in numbers:
        return f"{CODES['A']}-2026-0810-999"
    return {
        "draft": UUID(int=7), "county": "999999", "code": 990201009009, "community": "990201009009",
        "grid": "990201009009001", "scope": "990301009009", "show": "nothing", "gaps": "nothing", "list": "nothing",
    }.get(kind, 10**9 + 7)  # fmt: skip
