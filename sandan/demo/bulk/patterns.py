"""Patterns: families of orders that the simulated month made by real actions, read as raw rows."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from sandan.core.models import Entry, KindFile
from sandan.core.sealed import unseal
from sandan.demo import messages
from sandan.demo.bulk import wire
from sandan.demo.bulk.tables import Column, Table, Way, tables
from sandan.orders.models import Order

MARK = "demo patterns %s"  # by county: the newest order that may serve as a pattern
UNTOLD = ("look", "draw", "check", "forget")  # lines about rows that a copy does not have

Cell = tuple[Way, Any]
LONG_WAYS = (Way.ID, Way.ROW, Way.PERSON)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its table, its id, its cells; a cell holds what its way needs."""

    table: Table
    id: int
    order: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a copy must know of one order of a family; times in microseconds since 2000."""

    id: int
    message: messages.Message
    state: str
    is_open: bool
    placed: int
    touched: int
    next: int
    skills: tuple[str, ...]


@dataclass(slots=True)
class Family:
    """Orders that were merged, split or born of each other, with all their rows; mostly one alone."""

    community: str
    orders: list[Sheet] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(order.is_open for order in self.orders)

    def room(self, now: int, most: int) -> tuple[int, int] | None:
        """How far all its times may be moved so that no clock has run out and nothing lies ahead of `now`."""
        least = min(order.next for order in self.orders if order.is_open) - now
        since = now - max(order.touched for order in self.orders)
        return (-min(least * 9 // 10, most), min(since * 9 // 10, most)) if least > 0 and since >= 0 else None


def top(county: str) -> int:
    """The newest pattern of the county; set once, when the first copy is made."""
    newest = Order.objects.filter(county=county).order_by("-pk").values_list("pk", flat=True).first()
    mark, _new = KindFile.objects.get_or_create(name=MARK % county, defaults={"digest": str(newest or 0)})
    return int(mark.digest)


def load(county: str, newest: int, is_open: bool) -> list[Family]:
    """The families of simulated orders up to `newest` that are under way (or over), with their rows."""
    sheets, kin = _sheets(county, newest)
    families: dict[int, Family] = {}
    for pk, sheet in sheets.items():
        family = families.setdefault(kin[pk], Family(""))
        family.orders.append(sheet)
    kept = {root: family for root, family in families.items() if family.is_open == is_open}
    _load_lines(kept, {pk: root for pk, root in kin.items() if root in kept and pk in sheets})
    return [family for family in kept.values() if family.lines]


def _sheets(county: str, newest: int) -> tuple[dict[int, Sheet], dict[int, int]]:
    fields = (
        "pk", "key", "parent_id", "parent__key", "state", "is_open", "placed_at", "touched_at", "next_at",
        "category__skills", "guess__skills", "team_id",
    )  # fmt: skip
    rows = list(Order.objects.filter(county=county, pk__lte=newest).order_by("pk").values_list(*fields, named=True))
    kin = _kin([row.pk for row in rows], [*((row.pk, row.parent_id) for row in rows), *_met()])
    sheets = {row.pk: sheet for row in rows if (sheet := _sheet(row))}
    whole = {kin[row.pk] for row in rows} - {kin[row.pk] for row in rows if row.pk not in sheets or row.team_id}
    return {pk: sheet for pk, sheet in sheets.items() if kin[pk] in whole}, kin


def _met() -> list[tuple[int, int]]:
    """Orders that were merged, also those parted again: their journals name each other."""
    lines = Entry.objects.filter(subject=Order._meta.label_lower, verb__in=("merge", "merge_in", "unmerge"))
    return [(pk, int(facts.get("into") or facts["source"])) for pk, facts in lines.values_list("subject_id", "facts")]


def _kin(pks: list[int], ties: list[tuple[int, int | None]]) -> dict[int, int]:
    """The lowest id of each order's family."""
    root = {pk: pk for pk in pks}

    def of(pk: int) -> int:
        while root[pk] != pk:
            pk = root[pk]
        return pk

    for one, other in ties:
        if one in root and other in root:
            low, high = sorted((of(one), of(other)))
            root[high] = low
    return {pk: of(pk) for pk in pks}


def _sheet(row: Any) -> Sheet | None:
    """None for an order that nobody simulated: a visitor's own is never copied."""
    message = messages.of_key(row.key) or (messages.of_key(row.parent__key) if row.parent__key else None)
    if message is None:
        return None
    return Sheet(
        row.pk, message, row.state, row.is_open, wire.moment(row.placed_at), wire.moment(row.touched_at),
        wire.moment(row.next_at) if row.next_at else 0, tuple(row.category__skills or row.guess__skills or ()),
    )  # fmt: skip


def _load_lines(families: dict[int, Family], kin: dict[int, int]) -> None:
    persons: dict[int, set[int]] = defaultdict(set)
    ids = ",".join(map(str, kin)) or "0"
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, community_id FROM orders_order WHERE id = ANY(%s)", [list(kin)])
        for pk, community in cursor.fetchall():
            families[kin[pk]].community = community
        for table in tables().values():
            for row in wire.read(cursor, _query(table, ids)):
                line = _line(table, row)
                families[kin[line.order]].lines.append(line)
                persons[kin[line.order]] |= {cell[1] for cell in line.cells if cell[0] is Way.PERSON and cell[1]}
    for root, family in families.items():
        family.persons = sorted(persons[root])


def _query(table: Table, ids: str) -> str:
    names = ", ".join(f'"{name}"' for name in table.names())
    only = f" AND subject = '{table.subject}'" if table.subject else ""
    if table.name == "core_entry":
        only += f" AND verb NOT IN ({', '.join(repr(verb) for verb in UNTOLD)})"
    if table.name == "notices_notice":
        only += (
            " AND person_id IS NOT NULL AND EXISTS (SELECT FROM orders_order o WHERE o.id = subject_id AND o.is_open)"
        )
    return f'SELECT {names} FROM "{table.name}" WHERE "{table.tie}" IN ({ids}){only} ORDER BY id'  # noqa: S608 (names and ids of our own)


def _line(table: Table, row: wire.Fields) -> Line:
    by_name = dict(zip(table.names(), row, strict=True))
    is_report = by_name.get("kind") == b"report" and "original" in by_name
    cells = [_cell(column, value, is_report) for column, value in zip(table.columns, row, strict=True)]
    own, order = by_name["id"], by_name[table.tie]
    assert own is not None
    assert order is not None
    return Line(table, wire.number(own), wire.number(order), _joined(cells))


def _cell(column: Column, value: bytes | None, is_report: bool) -> Cell:
    """What the copy needs of a raw value: numbers as int, sealed and JSON values opened, all else ready to be sent."""
    way = column.way
    if is_report and column.name in ("masked", "original"):
        return (Way.TEXT, "") if column.name == "masked" else (Way.REPORT, column.label)
    if way is Way.GIVEN:
        return Way.GIVEN, (column.name, value is not None)
    if value is None or way is Way.KEEP:
        return Way.KEEP, wire.raw(value)
    if way in LONG_WAYS or way in (Way.TIME, Way.DAY):
        return way, (column.to, wire.number(value)) if way is Way.ROW else wire.number(value)
    if way is Way.SEALED:
        return way, (unseal(value, column.label), column.label)
    return way, _facts(value) if way is Way.FACTS else value.decode()


def _facts(value: bytes) -> dict[str, Any]:
    """The facts of a line, a time in them as microseconds since 2000."""
    facts: dict[str, Any] = json.loads(value[1:])
    return facts | ({"due": wire.moment(datetime.fromisoformat(facts["due"]))} if facts.get("due") else {})


def _joined(cells: list[Cell]) -> tuple[Cell, ...]:
    """What stays the same is sent in one piece."""
    joined: list[Cell] = [(Way.KEEP, wire.head(len(cells)))]
    for cell in cells:
        if cell[0] is Way.KEEP and joined[-1][0] is Way.KEEP:
            joined[-1] = (Way.KEEP, joined[-1][1] + cell[1])
        else:
            joined.append(cell)
    return tuple(joined)
