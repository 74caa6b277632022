"""One copy of a family: another place, other people, another time, and every row of it under new ids."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sandan.core.sealed import digest, seal
from sandan.demo import course
from sandan.demo.bulk import saying, wire
from sandan.demo.bulk.patterns import Family, Line, Sheet
from sandan.demo.bulk.tables import FACT_ROWS, Way
from sandan.demo.bulk.town import NobodyThere, Town
from sandan.demo.messages import where
from sandan.orders import access
from sandan.orders.actions.placing import secret_of
from sandan.orders.models import Order
from sandan.places.models import Building

WEEK = 7 * wire.DAY
MOST_WEEKS = 98  # a contact is forgotten after two years: no copy begins where that is due already
JITTER = 6 * wire.DAY // 24  # an open order's times are moved by six hours at most
ZONE = 8 * wire.DAY // 24  # the wall clock of the order's number
ORDERS = Order._meta.db_table
TRIES = 20

Rows = dict[str, list[bytes]]
Ids = dict[str, Iterator[int]]
Render = Callable[["Copy", Line, Any], bytes]


@dataclass(slots=True)
class Copy:
    """A family as it will be: who, where, moved by how much (microseconds), and what is given to each of its orders."""

    family: Family
    community: str
    building: Building
    persons: dict[int, bytes]
    shift: int
    keys: dict[int, UUID]
    days: dict[int, int]
    own: dict[int, dict[str, bytes]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    ids: dict[tuple[str, int], int] = field(default_factory=dict)

    def number(self, serials: Callable[[str, int], int], rng: Random) -> None:
        """Give each order its serial within the community and day, its place and its words."""
        for sheet in self.family.orders:
            day = self.days[sheet.id]
            serial = serials(self.community, day)
            on = date(2000, 1, 1) + timedelta(days=day)
            self.numbers[sheet.id] = f"{self.community}-{on:%Y-%m%d}-{serial:03d}"
            self.own[sheet.id] = self._given(sheet, serial, rng)

    def _given(self, sheet: Sheet, serial: int, rng: Random) -> dict[str, bytes]:
        building = self.building
        words, door = where(building, sheet.message.grain, rng)
        masked = saying.shown(sheet.message, building, words)
        return {
            "community_id": wire.text(self.community), "street": wire.text(self.community[:9]),
            "grid": wire.text(building.grid_id or ""), "micro": wire.text(building.micro_id or ""),
            "exclusive": wire.text(""), "on": wire.integer(self.days[sheet.id]), "serial": wire.integer(serial),
            "key": wire.raw(self.keys[sheet.id].bytes), "masked": wire.text(masked),
            "terms": wire.texts(saying.terms(masked)), "estate_id": wire.long(building.estate_id),
            "building": wire.text(building.label), "door": wire.raw(seal(door.encode(), "orders.Order.door")),
            "lon": wire.double(building.lon), "lat": wire.double(building.lat),
            "text": sheet.message.at(words).encode(),
        }  # fmt: skip

    def rows(self, ids: Ids, out: Rows, rng: Random) -> None:
        """Append all its rows, ready to be sent, to `out` by table."""
        for line in self.family.lines:
            self.ids[line.table.name, line.id] = next(ids[line.table.name])
        for line in self.family.lines:
            if line.table.name == "orders_asker":
                self.own[-line.id] = _asker(self, line, rng)
            out[line.table.name].append(b"".join([RENDER[way](self, line, value) for way, value in line.cells]))


def plan(family: Family, town: Town, now: int, rng: Random) -> Copy:
    """A copy of the family somewhere, at some time: over for weeks, or under way now. Raises NobodyThere."""
    shift = _shift(family, now, rng)
    for _ in range(TRIES):
        community = town.a_community(rng)
        try:
            persons = town.cast(family, community, family.orders[0].skills, rng)
        except NobodyThere:
            continue
        keys = {sheet.id: UUID(int=rng.getrandbits(128), version=4) for sheet in family.orders}
        days = {sheet.id: (sheet.placed + shift + ZONE) // wire.DAY for sheet in family.orders}
        return Copy(family, community, town.a_building(community, rng), persons, shift, keys, days)
    raise NobodyThere(family.community)


def _shift(family: Family, now: int, rng: Random) -> int:
    """Whole weeks back for what is over, so that working days stay working days; a little for what is under way."""
    if not family.is_open:
        return -WEEK * rng.randint(1, MOST_WEEKS)
    room = family.room(now, JITTER)
    return rng.randint(*room) if room else 0


def _asker(copy: Copy, line: Line, rng: Random) -> dict[str, bytes]:
    """Another person who asks: name and phone under seal where the pattern's were known, the order's own secret."""
    named = {value[0] for way, value in line.cells if way is Way.GIVEN and value[1]}
    phone = course.phone(rng) if "phone" in named else ""
    key = copy.keys[line.order] if _is_first(copy, line) else UUID(int=rng.getrandbits(128), version=4)
    return {
        "name": wire.raw(seal(course.caller(rng).encode(), "orders.Asker.name") if "name" in named else None),
        "phone": wire.raw(seal(phone.encode(), "orders.Asker.phone") if phone else None),
        "phone_digest": wire.raw(digest(phone, "phone") if phone else None), "phone_tail": wire.text(phone[-4:]),
        "secret_digest": wire.raw(access.secret_digest(secret_of(key))),
    }  # fmt: skip


def _is_first(copy: Copy, line: Line) -> bool:
    """The first asker of an order is the one whose secret belongs to the order's key."""
    lines = copy.family.lines
    return line.id == min(one.id for one in lines if one.table is line.table and one.order == line.order)


def _given(copy: Copy, line: Line, value: tuple[str, bool]) -> bytes:
    return copy.own[line.order if line.table.name == ORDERS else -line.id][value[0]]


def _row(copy: Copy, _line: Line, value: tuple[str, int]) -> bytes:
    return wire.long(copy.ids[value])


def _facts(copy: Copy, line: Line, facts: dict[str, Any]) -> bytes:
    return wire.raw(b"\1" + json.dumps({key: _fact(copy, line, key, value) for key, value in facts.items()}).encode())


def _fact(copy: Copy, line: Line, key: str, value: Any) -> Any:
    """A fact with the copy's own ids, people, times and number in it."""
    if key in FACT_ROWS and value is not None:
        table = FACT_ROWS[key]._meta.db_table
        return [copy.ids[table, one] for one in value] if isinstance(value, list) else copy.ids[table, value]
    if key == "former" and value is not None:
        return wire.number(copy.persons[value][4:])
    if key == "due" and value:
        return (wire.EPOCH + timedelta(microseconds=value + copy.shift)).isoformat()
    return copy.numbers[line.order] if key == "number" else value


RENDER: dict[Way, Render] = {
    Way.KEEP: lambda _copy, _line, value: value,
    Way.ID: lambda copy, line, value: wire.long(copy.ids[line.table.name, value]),
    Way.ROW: _row,
    Way.PERSON: lambda copy, _line, value: copy.persons[value],
    Way.TIME: lambda copy, _line, value: wire.long(value + copy.shift),
    Way.DAY: lambda copy, _line, value: wire.integer(value + copy.shift // wire.DAY),
    Way.SEALED: lambda _copy, _line, value: wire.raw(seal(*value)),
    Way.TEXT: lambda copy, line, _value: copy.own[line.order]["masked"],
    Way.REPORT: lambda copy, line, label: wire.raw(seal(copy.own[line.order]["text"], label)),
    Way.SCOPE: lambda copy, _line, value: wire.text(copy.community[: len(value)]),
    Way.FACTS: _facts,
    Way.GIVEN: _given,
}
