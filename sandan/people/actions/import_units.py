"""R004: a list of units: each enters the register with contact and resources and reports in to its communities."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from sandan.calc.sheets.lists import Reader
from sandan.calc.sheets.records import Where
from sandan.calc.sheets.values import Unreadable, names, text_of, whole, words
from sandan.people.actions.import_plans import Before, Desk, Plan, Tick, Turn
from sandan.people.actions.import_reading import day
from sandan.people.actions.units_checkin import check_in_unit
from sandan.people.actions.units_register import BadUnitPhone, UnitFacts, dialled, may_register, register_unit
from sandan.people.models import (
    Roster,
    RosterRow,
    Unit,
    UnitCheckin,
    UnitFile,
    UnitLink,
    UnitRating,
    UnitStage,
)
from sandan.people.queries import import_known, units_scope
from sandan.people.queries.import_columns import UNIT_KINDS, resources
from sandan.people.queries.import_ground import near
from sandan.places.models import Place

FIELDS = ("contact", "phone", "address", "offers", "agreed_on", "member_count")
MOST_MEMBERS = 100_000


@dataclass(frozen=True)
class Row:
    """One readable row of the list; `known` is the unit where it is here already."""

    where: Where
    name: str
    kind: str
    facts: UnitFacts
    communities: tuple[str, ...]  # those it has not reported in to yet
    known: Unit | None


def phone_of(value: object) -> str:
    """The digits of a work number, empty for an empty cell."""
    try:
        return dialled(text_of(value))
    except BadUnitPhone as fault:
        raise Unreadable("phone", hint=str(fault)) from fault


def offers_of(value: object) -> tuple[str, ...] | None:
    """Codes of the closed list of resources; Unreadable for one that is not on it."""
    labels = resources()
    found = names(value, 80)
    for text in found or ():
        if text not in labels:
            raise Unreadable("no_resource", text, near(text, labels) or "、".join(labels))
    return tuple(labels[text] for text in found) if found else None


def kind_of(value: object) -> str:
    """The kind of unit that a cell names."""
    text = text_of(value)
    if text not in UNIT_KINDS:
        raise Unreadable("no_kind", text, "、".join(filter(None, UNIT_KINDS)))
    return UNIT_KINDS[text]


def plan(desk: Desk) -> None:
    """Compare the list with what is here; a fixed number of statements."""
    units = import_known.units_by_name(desk.county)
    files = UnitFile.objects.in_bulk([unit.pk for unit in units.values()])
    rows = UnitCheckin.objects.filter(unit__in=units.values()).live(desk.at).values_list("unit_id", "community_id")
    there = set(rows)
    seen: dict[str, Where] = {}
    for line in desk.plan.listing.lines:
        row = _row(desk, desk.reader(line), units, there, seen)
        if row:
            _turn(desk.plan, row, files.get(row.known.pk) if row.known else None)
    schemes = units_scope.schemes_in_force(timezone.localdate(desk.at))
    if any(row.communities for row in desk.plan.body) and not units_scope.scheme_over(desk.county, schemes):
        desk.reader(desk.plan.listing.lines[0]).fault("community", "no_scheme")


def _row(
    desk: Desk, reader: Reader, units: dict[str, Unit], there: set[tuple[int, str]], seen: dict[str, Where]
) -> Row | None:
    name = reader.get("name", lambda value: words(value, 80))
    towns = reader.get("community", lambda value: desk.ground.communities_of(value)) or ()
    facts = _facts(reader)
    kind = reader.get("kind", kind_of)
    where = reader.line.where
    if not name and not reader.is_bad:
        reader.fault("name", "unit_missing")
    if name and seen.setdefault(name, where) is not where:
        reader.fault("name", "unit_twice", str(seen[name].row))
    known = units.get(name or "")
    scope = known.scope if known else desk.county
    if not reader.is_bad and not may_register(desk.by, scope, desk.at):
        reader.fault("name", "not_yours", name or "")
    if reader.is_bad or name is None or kind is None:
        return None
    fresh = tuple(code for code in towns if not known or (known.pk, code) not in there)
    return Row(where, name, kind, facts, fresh, known)


def _facts(reader: Reader) -> UnitFacts:
    """What the row tells; an empty cell leaves what is there."""
    return UnitFacts(
        contact=reader.get("contact", lambda value: words(value, 40)), phone=reader.get("phone", phone_of) or None,
        address=reader.get("address", lambda value: words(value, 120)), offers=reader.get("offers", offers_of),
        agreed_on=day(reader, "agreed_on"),
        member_count=reader.get("member_count", lambda value: whole(str(value or "").strip("人名 "), MOST_MEMBERS)),
    )  # fmt: skip


def _turn(plan: Plan, row: Row, file: UnitFile | None) -> None:
    gains = _gains(row.facts, file)
    if row.known is None:
        plan.turns.append(Turn("unit", "new", row.where, row.name))
    elif gains:
        labels = {
            "contact": _("联系人"), "phone": _("联系电话"), "address": _("办公地址"), "offers": _("可提供资源"),
            "agreed_on": _("协议日期"), "member_count": _("党员人数"),
        }  # fmt: skip
        plan.turns.append(Turn("unit", "changed", row.where, row.name, "、".join(labels[field] for field in gains)))
    else:
        plan.is_same("unit")
    for code in row.communities:
        plan.turns.append(Turn("unit_checkin", "new", row.where, row.name, code))
    if row.known is None or gains or row.communities:
        plan.body.append(row)


def _gains(facts: UnitFacts, file: UnitFile | None) -> list[str]:
    """The fields in which the row tells other than the register has."""
    held = _held(file)
    told = {field: getattr(facts, field) for field in FIELDS}
    told["offers"] = sorted(told["offers"]) if told["offers"] is not None else None
    told["agreed_on"] = f"{told['agreed_on']}" if told["agreed_on"] else None
    return [field for field in FIELDS if told[field] is not None and told[field] != held[field]]


def _held(file: UnitFile | None) -> dict[str, Any]:
    """What the register has, as JSON; the phone is opened for comparing and for the way back, which lies under seal."""
    if file is None:
        return dict.fromkeys(FIELDS)
    return {
        "contact": file.contact, "phone": file.phone.open_unlogged() if file.phone else "", "address": file.address,
        "offers": sorted(file.offers), "agreed_on": f"{file.agreed_on}" if file.agreed_on else None,
        "member_count": file.member_count,
    }  # fmt: skip


def write(plan: Plan, desk: Desk, tick: Tick) -> Before:
    """Register each unit and let it report in; what the way back needs."""
    before: Before = {"units": [], "files": {}, "set": {}, "checkins": []}
    towns = Place.objects.defer("outline").in_bulk({code for row in plan.body for code in row.communities})
    files = UnitFile.objects.in_bulk([row.known.pk for row in plan.body if row.known])
    for number, row in enumerate(plan.body):
        tick(number, len(plan.body))
        old = files.get(row.known.pk) if row.known else None
        scope = row.known.scope if row.known else desk.county
        before_row = _held(old) if old else None
        file = register_unit(name=row.name, scope=scope, facts=row.facts, kind=row.kind, by=desk.by, at=desk.at)
        if row.known is None:
            before["units"].append(file.unit_id)
        before["files"][str(file.unit_id)] = before_row
        before["set"][str(file.unit_id)] = _held(file)
        for code in row.communities:
            made = check_in_unit(unit=file.unit, community=towns[code], by=desk.by, at=desk.at)
            before["checkins"].append(made.pk)
    before["at"] = desk.at.isoformat()
    return before


def objections(before: Before) -> list[str]:
    """What stands on the import by now, in words."""
    found = []
    files = UnitFile.objects.in_bulk([int(pk) for pk in before["set"]])
    if any(_held(files.get(int(pk))) != told for pk, told in before["set"].items()):
        found.append(_("有的单位后来又改过登记"))
    rows = UnitCheckin.objects.filter(pk__in=before["checkins"])
    if rows.filter(to_at=None).count() != len(before["checkins"]):
        found.append(_("有的单位已经退出了报到"))
    if any(model.objects.filter(checkin__in=before["checkins"]).exists() for model in (UnitLink, UnitRating)):
        found.append(_("有的单位已经认领了服务或有了评价"))
    if any(model.objects.filter(unit__in=before["units"]).exists() for model in (Roster, RosterRow)):
        found.append(_("有的单位已经交了名册"))
    return found


def take_back(before: Before) -> None:
    """Everything as it was before the import; ProtectedError where something refers to it."""
    for row in UnitCheckin.objects.filter(pk__in=before["checkins"]):
        RosterRow.objects.live().filter(unit=row.unit_id, community=row.community_id).update(community="")
        row.delete()
    UnitStage.objects.filter(unit__in=before["units"]).delete()
    for file in UnitFile.objects.filter(pk__in=[int(pk) for pk in before["files"]]):
        held = before["files"][str(file.pk)]
        if held is None:
            file.delete()
            continue
        file.contact, file.address, file.offers = held["contact"], held["address"], held["offers"]
        file.phone, file.phone_tail = held["phone"] or None, held["phone"][-4:]
        file.agreed_on = parse_date(held["agreed_on"]) if held["agreed_on"] else None
        file.member_count = held["member_count"]
        file.save()
    Unit.objects.filter(pk__in=before["units"]).delete()
