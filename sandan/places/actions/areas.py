"""Official codes change: a list of old and new codes is loaded, and on its day the ground is renumbered."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc import ground
from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.names import sort_key
from sandan.places.actions import area_order, followers
from sandan.places.actions.followers import Shift
from sandan.places.actions.ground import hold, parent_code, set_outline, touch
from sandan.places.actions.storing import BUILDING_FIELDS, upsert
from sandan.places.models import AreaChange, Building, Estate, Place, PlaceChange, Spot

COLUMNS = ("old_code", "new_code", "new_name", "from", "to", "source")
LENGTHS = (6, 9, 12, 15)
log = structlog.get_logger("sandan.places")
Kind = Place.Kind


class BadAreaFile(Refused):
    """A row of the list cannot be read."""


@transaction.atomic
def load_area_codes(*, text: str, by: Any, at: datetime) -> list[AreaChange]:
    """Keep the rows of a list that are new, and apply those whose day has come; all or nothing.

    Columns: old_code, new_code, new_name, from, to, source. Raises BadAreaFile with row and column, Circle with a code.
    """
    rows = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise BadAreaFile(_("第 1 行缺少 %(names)s 列。") % {"names": "、".join(missing)})
    made = []
    for number, row in enumerate(rows, start=2):
        change = _read(number, {name: (row.get(name) or "").strip() for name in COLUMNS}, by, at)
        keys = {"old": change.old, "new": change.new, "from_on": change.from_on}
        if not AreaChange.objects.filter(**keys).exists():
            change.save()
            made.append(change)
    area_order.steps(AreaChange.objects.filter(applied_at=None))  # refuses a circle while somebody looks
    apply_areas(by=by, at=at)
    return made


def _read(number: int, row: Mapping[str, str], by: Any, at: datetime) -> AreaChange:
    def fail(column: str, what: str) -> BadAreaFile:
        return BadAreaFile(
            _("第 %(row)d 行 %(column)s 列：%(what)s。") % {"row": number, "column": column, "what": what}
        )

    for column in ("old_code", "new_code"):
        if not re.fullmatch(r"\d+", row[column]) or len(row[column]) not in LENGTHS:
            raise fail(column, _("要写 6、9、12 或 15 位编码"))
    if len(row["old_code"]) != len(row["new_code"]):
        raise fail("new_code", _("位数要和旧编码一样"))
    days: dict[str, date | None] = {}
    for column in ("from", "to"):
        try:
            days[column] = date.fromisoformat(row[column]) if row[column] else None
        except ValueError:
            raise fail(column, _("日期像 2027-01-01 这样写")) from None
    first = days["from"]
    if first is None:
        raise fail("from", _("没写从哪天起"))
    if not row["source"]:
        raise fail("source", _("没写出处"))
    return AreaChange(
        old=row["old_code"], new=row["new_code"], name=row["new_name"][:80], from_on=first, to_on=days["to"],
        source=row["source"][:120], by=None if isinstance(by, str) else by, at=at,
    )  # fmt: skip


@transaction.atomic
def apply_areas(*, by: Any, at: datetime, strict: bool = True) -> list[PlaceChange]:
    """Renumber the ground by every change whose day has come: day by day, whoever frees a code first.

    What takes a code that others are still leaving waits, and everything after it in its county: call again later.
    A step that is refused raises Refused; without `strict` it is logged and waits in the same way.
    """
    today = timezone.localtime(at).date()
    done: list[PlaceChange] = []
    waiting: set[str] = set()
    for on, county, rules in area_order.steps(AreaChange.objects.filter(applied_at=None, from_on__lte=today)):
        counties = {code[:6] for rule in rules for code in (rule.old, rule.new)}
        if counties & waiting or area_order.must_wait(rules):
            waiting |= counties
            continue
        try:
            with transaction.atomic():
                done += [_apply(county, on, rules, by, at)] if _is_here(county) else []
                AreaChange.objects.filter(pk__in=[rule.pk for rule in rules]).update(applied_at=at)
        except Refused:
            if strict:
                raise
            log.warning("changed codes refused", county=county, on=str(on), rows=[rule.pk for rule in rules])
            waiting |= counties
    return done


def _is_here(county: str) -> bool:
    return Place.objects.current().filter(code=county).exists()


@dataclass
class _Renumbering:
    """The rules of one day in one county, and the new code of every place they reach."""

    rules: dict[str, list[AreaChange]]
    codes: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def new_code(self, code: str) -> str:
        """By a rule of its own, else below the new code of what is above; the same code where neither is."""
        if code in self.rules:
            return self.rules[code][0].new
        above = parent_code(code) or ""
        if self.codes.get(above, above) == above:
            return code
        return self._free(self.codes[above] + code[len(above) :])

    def _free(self, code: str) -> str:
        """This code, or for a grid the next number of its layer that was never used there."""
        width = 2 if len(code) == 17 else 3
        number, last = int(code[-width:]), 99 if width == 2 else 999 if code[-3:] > "900" else 899
        while code in self.taken and number < last:
            number += 1
            code = f"{code[:-width]}{number:0{width}d}"
        if code in self.taken or (len(code) < 15 and code in self.taken):
            raise Refused(_("新编码 %(code)s 已经有了。请在表里写明每个网格的新编码。") % {"code": code})
        return code


def _apply(county: str, on: date, rules: Sequence[AreaChange], by: Any, at: datetime) -> PlaceChange:
    hold(county)
    by_old: dict[str, list[AreaChange]] = {}
    for rule in rules:
        by_old.setdefault(rule.old, []).append(rule)
    rows = list(Place.objects.current().within(county).order_by("code"))
    plan = _Renumbering(
        by_old, taken=set(Place.objects.filter(code__startswith=county[:2]).values_list("code", flat=True))
    )
    for place in sorted(rows, key=lambda row: (len(row.code), row.code)):
        new = plan.new_code(place.code)
        plan.codes[place.code] = new
        plan.taken.add(new)
    moved = {old: new for old, new in plan.codes.items() if old != new}
    _renumber(rows, plan, moved, on)
    _move_contents(moved, by_old)
    communities = sorted({code for pair in moved.items() for code in pair if len(code) == 12} | _towns(moved))
    change = PlaceChange.objects.create(
        at=at, kind="area", by=None if isinstance(by, str) else by, old_codes=list(by_old),
        new_codes=sorted({rule.new for rule in rules}), communities=communities,
    )  # fmt: skip
    for code in sorted({county, *(rule.new[:6] for rule in rules)}):
        touch(code)
    mapping = {old: (new, *(r.new for r in by_old.get(old, ())[1:])) for old, new in moved.items()}
    followers.follow(Shift(change, mapping, by, at))
    journal.write(change, "area", by=by, at=at, scope=county, old=change.old_codes, new=change.new_codes)
    return change


def _towns(moved: Mapping[str, str]) -> set[str]:
    return {code[:12] for pair in moved.items() for code in pair if len(code) > 12}


def _renumber(rows: Iterable[Place], plan: _Renumbering, moved: Mapping[str, str], on: date) -> None:
    """End the old codes, make the new ones; several that become one are drawn and counted together."""
    names = {rule.new: rule.name for rules in plan.rules.values() for rule in rules if rule.name}
    here = {place.code: place for place in rows}
    made: dict[str, Place] = {}
    parts: dict[str, list[Place]] = {}
    for old, new in moved.items():
        parts.setdefault(new, []).append(here[old])
    for new, sources in parts.items():
        made[new] = _successor(new, sources, here.get(new) if new not in moved else None, on)
    for rule in (rule for rules in plan.rules.values() for rule in rules[1:] if rule.new not in made):
        made[rule.new] = _successor(rule.new, [here[rule.old]], here.get(rule.new), on)
    for code, name in names.items():
        place = made.get(code) or here.get(code)
        if place is not None:
            place.name, place.name_key = name, sort_key(name, 200)
            made[code] = place
    for old in moved:
        here[old].valid_to = on
    Place.objects.bulk_update([here[old] for old in moved], ["valid_to"], batch_size=500)
    fields = [f.name for f in Place._meta.fields if f.name != "code"]
    upsert(Place, sorted(made.values(), key=lambda place: (len(place.code), place.code)), fields)
    _redraw_parts(plan, made, here)


def _successor(code: str, sources: Sequence[Place], here: Place | None, on: date) -> Place:
    """The place of a new code, made of those it follows and of itself where it was there before."""
    all_parts = [*([here] if here else []), *sources]
    first = here or sources[0]
    values = {f.attname: getattr(first, f.attname) for f in Place._meta.fields}
    place = Place(**values | {"code": code, "parent_id": parent_code(code), "valid_to": None, "version": 0})
    place.valid_from = first.valid_from if here else on
    if len(all_parts) > 1:
        place.households = sum(part.households for part in all_parts)
        outlines = [part.outline for part in all_parts if part.outline]
        if len(outlines) == len(all_parts):
            set_outline(place, ground.outer(outlines))
    return place


def _redraw_parts(plan: _Renumbering, made: Mapping[str, Place], here: Mapping[str, Place]) -> None:
    """Communities that gave grids away or were split are drawn around the grids they have now."""
    split = {new[:12] for old, new in plan.codes.items() if len(old) == 15 and old in plan.rules}
    split |= {plan.codes[old[:12]] for old in plan.rules if len(old) == 15}
    for code in split:
        grids = Place.objects.current().filter(parent=code, kind=Kind.GRID)
        outlines = [outline for outline in grids.values_list("outline", flat=True) if outline]
        place = made.get(code) or here.get(code)
        if place is not None and outlines:
            set_outline(place, ground.outer(outlines))
            place.households = sum(grids.values_list("households", flat=True))
            place.save()


def _move_contents(moved: Mapping[str, str], rules: Mapping[str, Sequence[AreaChange]]) -> None:
    """Buildings, estates and named spots go along; an estate goes where most of its buildings went."""
    houses = list(Building.objects.filter(grid__in=moved))
    for house in houses:
        house.grid_id = moved.get(house.grid_id or "", house.grid_id)
        house.micro_id = moved.get(house.micro_id or "", house.micro_id)
    upsert(Building, houses, BUILDING_FIELDS)
    for old, new in moved.items():
        if len(old) == 12:
            Estate.objects.filter(community=old).update(community=new)
            Spot.objects.filter(community=old).update(community=new)
    if not any(len(old) == 15 for old in rules):
        return
    where: dict[int, dict[str, int]] = {}
    for house in houses:
        town = (house.grid_id or "")[:12]
        where.setdefault(house.estate_id, {})[town] = where.get(house.estate_id, {}).get(town, 0) + 1
    for estate in Estate.objects.filter(pk__in=where):
        best = max(where[estate.pk].items(), key=lambda item: (item[1], item[0]))[0]
        if best and best != estate.community_id:
            Estate.objects.filter(pk=estate.pk).update(community=best)
