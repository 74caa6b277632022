"""What is here, as an import compares it, and what an import would look like before it is applied."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from sandan.calc.ground import Cell, Datum, papers
from sandan.calc.ground.papers import CELLS, Draft, Flaw, Held, House, Key, Known, Plan
from sandan.places.models import Building, Estate, GroundImport, Place

Kind = Place.Kind
CELL_VALUES = ("name", "households", "sort", "outline")
ESTATE_VALUES = ("aliases", "building_word", "lon", "lat")
BUILDING_VALUES = ("unit_count", "floors", "households", "lon", "lat")
DRAWN = frozenset({Place.Kind.GRID, Place.Kind.MICRO})
INVENTED = "generated"  # the origin of an outline that no office and no map stands for


@dataclass(frozen=True)
class Preview:
    """A file looked over: how it was read, what it would do, what is odd about the result, who follows which cell."""

    draft: Draft
    plan: Plan | None = None
    flaws: tuple[Flaw, ...] = ()
    successors: Mapping[str, tuple[tuple[str, float], ...]] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it could be applied as it is."""
        return self.plan is not None and not self.plan.faults and not self.plan.is_empty


def known_ground(county: Place) -> Known:
    """What a file may name: communities, cells, the highest numbers ever given, estates. Two queries."""
    rows = list(Place.objects.within(county.code).values_list("code", "kind", "name", "valid_to"))
    last: dict[tuple[str, str], int] = {}
    for code, kind, _, _ in rows:
        if kind in CELLS:
            width = 2 if kind == Kind.MICRO else 3
            at = (code[:-width], kind)
            last[at] = max(last.get(at, 0), int(code[-width:]))
    estates: dict[str, tuple[str, ...]] = {}
    for name, community in (
        Estate.objects.current().filter(community__code__startswith=county.code).values_list("name", "community_id")
    ):
        estates[name] = (*estates.get(name, ()), community)
    box = (county.west or 0.0, county.south or 0.0, county.east or 0.0, county.north or 0.0)
    return Known(
        county.code, box, {code: name for code, kind, name, end in rows if kind == Kind.COMMUNITY and end is None},
        {code: name for code, kind, name, end in rows if kind in CELLS and end is None}, last, estates,
    )  # fmt: skip


def held_ground(county: Place) -> list[Held]:
    """Communities, cells, estates and buildings in force, as a file would tell of them. Three queries."""
    kinds = (Kind.COMMUNITY, *CELLS)
    cells = Place.objects.current().within(county.code).filter(kind__in=kinds).order_by("code")
    found = [
        Held(kind, (code,), code, dict(zip(CELL_VALUES, values, strict=True)))
        for code, kind, *values in cells.values_list("code", "kind", *CELL_VALUES)
    ]
    return [*found, *_estates(county), *_buildings(county)]


def _estates(county: Place) -> Iterator[Held]:
    rows = Estate.objects.current().filter(community__code__startswith=county.code).order_by("id")
    for pk, community, name, *values in rows.values_list("id", "community_id", "name", *ESTATE_VALUES):
        yield Held("estate", (community, name), pk, dict(zip(ESTATE_VALUES, values, strict=True)))


def _buildings(county: Place) -> Iterator[Held]:
    rows = Building.objects.current().filter(estate__community__code__startswith=county.code).order_by("id")
    fields = ("id", "estate__community_id", "estate__name", "label", "grid_id", "micro_id", *BUILDING_VALUES)
    for pk, community, estate, label, grid, micro, *values in rows.values_list(*fields):
        told = dict(zip(BUILDING_VALUES, values, strict=True)) | {"grid": grid, "micro": micro}
        yield Held("building", (community, estate, label), pk, told)


def preview(draft_import: GroundImport) -> Preview:
    """A stored file looked over against the ground as it is now."""
    county = draft_import.county
    return look_over(
        bytes(draft_import.file), county, Datum(draft_import.datum) if draft_import.datum else None,
        draft_import.ends_rest,
    )  # fmt: skip


def look_over(data: bytes, county: Place, datum: Datum | None, ends_rest: bool) -> Preview:
    """A file looked over against the ground as it is now; six queries, whatever the size."""
    draft = papers.read_ground(data, known_ground(county), datum)
    if draft.faults or draft.needs_datum:
        return Preview(draft)
    held = held_ground(county)
    plan = papers.compare(draft.lines, held, ends_rest)
    if plan.faults:
        return Preview(Draft(draft.lines, plan.faults, draft.skipped), plan)
    cells, whole = future_cells(held, plan), _wholes(county, plan)
    touched = touched_communities(plan)
    old = {turn.key[0]: turn.held.values.get("outline") for turn in plan.gone if turn.kind in CELLS and turn.held}
    new = {cell.code: cell.outline for cell in cells}
    flaws = [*papers.tiling_flaws([c for c in cells if c.outline and c.kind in DRAWN], whole, touched)]
    flaws += [Flaw("no_outline", (c.code,)) for c in cells if not c.outline and c.code[:12] in touched]
    flaws += papers.size_flaws(c for c in cells if c.code[:12] in touched)
    flaws += homeless(held, plan, cells, touched)
    flaws += papers.alias_flaws(future_estates(held, plan, touched))
    return Preview(draft, plan, tuple(flaws), {k: tuple(v) for k, v in papers.successors(old, new).items()})


def touched_communities(plan: Plan) -> set[str]:
    """The communities in which anything would change."""
    return {turn.key[0][:12] for turn in plan.turns}


def future_cells(held: Iterable[Held], plan: Plan) -> list[Cell]:
    """All cells of the county as they would be, the outline empty where there is none."""
    gone = {turn.key[0] for turn in plan.gone if turn.kind in CELLS}
    cells = {
        one.key[0]: (one.kind, one.values["outline"], one.values["households"])
        for one in held
        if one.kind in CELLS and one.key[0] not in gone
    }
    for turn in (*plan.new, *plan.changed):
        if turn.kind in CELLS and turn.line:
            _, outline, homes = cells.get(turn.key[0], ("", None, 0))
            told = turn.line.told
            cells[turn.key[0]] = (turn.kind, told.get("outline", outline), told.get("households", homes))
    return [Cell(code, kind, outline or {}, homes) for code, (kind, outline, homes) in sorted(cells.items())]


def future_estates(held: Iterable[Held], plan: Plan, touched: set[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Community, name and aliases of the estates of some communities as they would be."""
    gone = {turn.key for turn in plan.gone if turn.kind == "estate"}
    names = {one.key: tuple(one.values["aliases"]) for one in held if one.kind == "estate" and one.key not in gone}
    for turn in (*plan.new, *plan.changed):
        if turn.kind == "estate" and turn.line:
            names[turn.key] = tuple(turn.line.told.get("aliases", names.get(turn.key, ())))
    for key, aliases in sorted(names.items()):
        if key[0] in touched:
            yield key[0], key[1], aliases


def homeless(held: Iterable[Held], plan: Plan, cells: Sequence[Cell], touched: set[str]) -> list[Flaw]:
    """The buildings of some communities that would stand in no ordinary grid."""
    houses: dict[Key, House] = {}
    gone = {turn.key for turn in plan.gone if turn.kind == "building"}
    for one in held:
        if one.kind == "building" and one.key not in gone:
            houses[one.key] = house_of(one.values, {})
    for turn in (*plan.new, *plan.changed):
        if turn.kind == "building" and turn.line:
            houses[turn.key] = house_of(turn.held.values if turn.held else {}, turn.line.told)
    keys = [key for key, house in houses.items() if key[0] in touched and house.lon]
    found = papers.house_all([houses[key] for key in keys], cells)
    return [
        Flaw("homeless", key, 0, houses[key].lon, houses[key].lat)
        for key, (grid, _) in zip(keys, found, strict=True)
        if grid is None
    ]


def house_of(held: Mapping[str, Any], told: Mapping[str, Any]) -> House:
    """A building as a file would have it; 0, 0 where nobody has said where it stands."""
    both = {**held, **told}
    return House(
        both.get("lon") or 0.0, both.get("lat") or 0.0, (told.get("grid"), told.get("micro")),
        (held.get("grid"), held.get("micro")),
    )  # fmt: skip


def _wholes(county: Place, plan: Plan) -> dict[str, Any]:
    """The outlines of communities that are not invented, the file's own included."""
    rows = Place.objects.current().within(county.code).filter(kind=Kind.COMMUNITY).exclude(origin=INVENTED)
    known = dict(rows.values_list("code", "outline"))
    told = {t.key[0]: t.told["outline"] for t in plan.changed if t.kind == "community" and "outline" in t.told}
    return {**known, **told}


def imports(county: str) -> QuerySet[GroundImport]:
    """The imports of a county, the newest first, without files."""
    rows = GroundImport.objects.filter(county_id=county).select_related("by", "undone_by", "county")
    return rows.exclude(state=GroundImport.State.DRAFT).defer("file", "before", "county__outline").order_by("-id")


def applied_import(number: int) -> GroundImport | None:
    """An import by its number, drafts left out."""
    return GroundImport.objects.exclude(state=GroundImport.State.DRAFT).defer("file").filter(pk=number).first()
