"""A plan written to the tables: cells, estates and buildings in a few statements each, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sandan.calc import ground
from sandan.calc.ground import Cell, Json, papers
from sandan.calc.ground.papers import CELLS, Key, Plan, Turn
from sandan.core.names import sort_key
from sandan.places import queries
from sandan.places.actions.ground import place_row, set_outline
from sandan.places.actions.storing import (
    BUILDING_FIELDS,
    CELL_FIELDS,
    ESTATE_FIELDS,
    UPPER_FIELDS,
    places_of,
    upsert,
)
from sandan.places.models import Building, Estate, Place

Kind = Place.Kind
OWN = "own"  # the origin of what an office brought


def write_plan(plan: Plan, county: Place, communities: Sequence[str], on: date) -> list[str]:
    """Write a plan of these communities; the codes of the cells that came into force."""
    places = {place.code: place for place in places_of(communities, county.code)}
    cells = _cells(plan, places, on)
    estates = _estates(plan, places, on)
    houses = _buildings(plan, communities, estates, list(places.values()), on)
    _count(plan, places, houses, cells)
    _draw_upper(plan, places, communities)
    changed = [place for place in places.values() if place.kind in CELLS and place.code in cells]
    upsert(Place, changed, CELL_FIELDS)
    upsert(Place, [place for place in places.values() if place.kind not in CELLS], UPPER_FIELDS)
    known = [house for house in houses if house.pk]
    upsert(Building, known, BUILDING_FIELDS)
    Building.objects.bulk_create([house for house in houses if not house.pk], batch_size=2000)
    return sorted(turn.key[0] for turn in plan.new if turn.kind in CELLS)


def _cells(plan: Plan, places: dict[str, Place], on: date) -> set[str]:
    """Make, change and end cells among the rows in hand; the codes that differ."""
    touched = set()
    for turn in (*plan.new, *plan.changed):
        if turn.kind in CELLS:
            _cell(turn, places, on)
            touched.add(turn.key[0])
        elif turn.kind == Kind.COMMUNITY and turn.line:
            _community(places[turn.key[0]], turn.told)
    for turn in plan.gone:
        if turn.kind in CELLS:
            places[turn.key[0]].valid_to = on
            touched.add(turn.key[0])
    return touched


def _community(place: Place, told: Mapping[str, Any]) -> None:
    if "outline" in told:
        set_outline(place, told["outline"])
        place.origin = OWN
    if told.get("name", place.name) != place.name:
        place.name, place.name_key = told["name"], sort_key(told["name"], 200)


def _cell(turn: Turn, places: dict[str, Place], on: date) -> None:
    """One cell as told; a code that had ended is in force again from today."""
    code, told = turn.key[0], turn.told
    place = places.get(code)
    if place is None:
        place = places[code] = place_row(code, turn.kind, told.get("name") or default_name(code), None, valid_from=on)
    elif place.valid_to is not None:
        place.valid_to, place.valid_from = None, on
    place.origin = OWN
    if told.get("name", place.name) != place.name:
        place.name, place.name_key = told["name"], sort_key(told["name"], 200)
    if "outline" in told:
        set_outline(place, told["outline"])
    place.households = told.get("households", place.households)
    place.sort = told.get("sort", place.sort)


def default_name(code: str) -> str:
    """What a cell is called where nobody gave it a name."""
    if len(code) == 17:
        return _("第%(grid)d网格%(number)d号微网格") % {"grid": int(code[12:15]), "number": int(code[15:])}
    number = int(code[12:])
    return (
        _("专属%(number)d") % {"number": number - 900} if number > 900 else _("第%(number)d网格") % {"number": number}
    )


def _estates(plan: Plan, places: Mapping[str, Place], on: date) -> dict[Key, Estate]:
    """Estates by community and name after the plan, saved."""
    communities = {turn.key[0] for turn in plan.turns if turn.kind in {"estate", "building"}}
    # also those that ended: one that comes back is the same estate to its orders
    rows = Estate.objects.filter(community__in=communities).order_by("-valid_to", "id")
    here: dict[Key, Estate] = {(estate.community_id, estate.name): estate for estate in rows}
    made, changed = [], []
    for turn in (*plan.new, *plan.changed):
        if turn.kind != "estate":
            continue
        estate = here.get((turn.key[0], turn.key[1]))
        if estate is None:
            estate = here[turn.key[0], turn.key[1]] = _new_estate(turn, places[turn.key[0]])
            made.append(estate)
        else:
            estate.valid_to = None
            changed.append(estate)
        for name, value in turn.told.items():
            setattr(estate, name, list(value) if name == "aliases" else value)
    for turn in plan.gone:
        if turn.kind == "estate":
            estate = here[turn.key[0], turn.key[1]]
            estate.valid_to = on
            changed.append(estate)
    upsert(Estate, changed, ESTATE_FIELDS)
    Estate.objects.bulk_create(made, batch_size=2000)
    return here


def _new_estate(turn: Turn, community: Place) -> Estate:
    """An estate; in the middle of its community where nobody said where."""
    name = turn.key[1]
    return Estate(
        name=name, name_key=sort_key(name, 200), community_id=turn.key[0], origin=OWN,
        lon=community.lon or 0.0, lat=community.lat or 0.0,
    )  # fmt: skip


def _buildings(
    plan: Plan, communities: Sequence[str], estates: Mapping[Key, Estate], places: Iterable[Place], on: date
) -> list[Building]:
    """The buildings of the communities after the plan, each with its grid; those that ended too. Not saved."""
    rows = list(Building.objects.filter(estate__community__in=communities).select_related("estate").order_by("id"))
    here: dict[Key, Building] = {(row.estate.community_id, row.estate.name, row.label): row for row in rows}
    told: dict[Key, Mapping[str, Any]] = {}
    for turn in (*plan.new, *plan.changed):
        if turn.kind == "building":
            house = here.get(turn.key)
            if house is None:
                house = here[turn.key] = _new_building(turn, estates[turn.key[:2]])
            house.valid_to = None
            told[turn.key] = turn.line.told if turn.line else {}
            for name in queries.BUILDING_VALUES:
                setattr(house, name, turn.told.get(name, getattr(house, name)))
    for turn in plan.gone:
        if turn.kind == "building":
            here[turn.key].valid_to = on
    _house(here, told, places)
    return list(here.values())


def _new_building(turn: Turn, estate: Estate) -> Building:
    return Building(estate=estate, label=turn.key[2], lon=estate.lon, lat=estate.lat)


def _house(here: Mapping[Key, Building], told: Mapping[Key, Mapping[str, Any]], places: Iterable[Place]) -> None:
    """Give the buildings their grid and micro-grid."""
    current = (place for place in places if place.kind in CELLS and not place.valid_to)
    cells = [Cell(place.code, place.kind, place.outline or {}) for place in current]
    keys = [key for key, house in here.items() if house.valid_to is None]
    houses = [
        queries.house_of(
            {"lon": here[key].lon, "lat": here[key].lat, "grid": here[key].grid_id, "micro": here[key].micro_id},
            {name: value for name, value in told.get(key, {}).items() if name in {"grid", "micro"}},
        )
        for key in keys
    ]
    for key, (grid, micro) in zip(keys, papers.house_all(houses, cells), strict=True):
        here[key].grid_id, here[key].micro_id = grid, micro


def _count(plan: Plan, places: Mapping[str, Place], houses: Sequence[Building], cells: set[str]) -> None:
    """Households of cells that the file does not count itself, from their buildings; then of all above."""
    told = {turn.key[0] for turn in (*plan.new, *plan.changed) if turn.line and "households" in turn.line.told}
    built = {turn.key[0] for turn in plan.turns if turn.kind == "building"}
    homes: dict[str, int] = {}
    for house in houses:
        for code in (house.grid_id, house.micro_id):
            if code and house.valid_to is None:
                homes[code] = homes.get(code, 0) + house.households
    for code, place in places.items():
        is_counted = place.kind in {Kind.GRID, Kind.MICRO} and place.valid_to is None and code not in told
        if is_counted and (code in cells or code[:12] in built):
            cells.add(code)
            place.households = homes.get(code, 0 if code[:12] in built else place.households)
    for community in {code[:12] for code in cells}:
        grids = [p for p in places.values() if p.kind == Kind.GRID and p.code[:12] == community and not p.valid_to]
        more = sum(grid.households for grid in grids) - places[community].households
        for code in (community, community[:9], community[:6]):
            places[code].households += more


def _draw_upper(plan: Plan, places: Mapping[str, Place], communities: Sequence[str]) -> None:
    """Invented outlines of communities and streets give way to what lies in them."""
    told = {turn.key[0] for turn in plan.changed if turn.kind == Kind.COMMUNITY and "outline" in turn.told}
    redrawn = {turn.key[0][:12] for turn in plan.turns if turn.kind == Kind.GRID and _moves_border(turn)} - told
    for code in sorted(redrawn):
        grids = [p for p in places.values() if p.kind == Kind.GRID and p.code[:12] == code and not p.valid_to]
        _redraw(places[code], [grid.outline for grid in grids])
    drawn = {code[:9] for code in (*redrawn, *told)}
    rows = Place.objects.current().filter(kind=Kind.COMMUNITY, parent__in=drawn).exclude(code__in=communities)
    others = dict(rows.values_list("code", "outline"))
    for street in sorted(drawn):
        own = [p.outline for p in places.values() if p.kind == Kind.COMMUNITY and p.code[:9] == street]
        _redraw(places[street], [*own, *(outline for code, outline in others.items() if code[:9] == street)])


def _redraw(place: Place, parts: Sequence[Json | None]) -> None:
    """Draw an invented outline around its parts, where all of them are drawn."""
    drawn = [part for part in parts if part]
    if place.origin == queries.INVENTED and drawn and len(drawn) == len(parts):
        set_outline(place, ground.outer(drawn))


def _moves_border(turn: Turn) -> bool:
    return turn.line is None or "outline" in turn.told
