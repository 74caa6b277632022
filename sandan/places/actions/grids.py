"""Splitting and merging ordinary grids: old codes end, new ones were never used before, all inside follows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc import ground
from sandan.calc.ground import GridPlan, Json
from sandan.calc.ground.papers import successors
from sandan.core import journal
from sandan.core.errors import Refused
from sandan.places.actions import followers
from sandan.places.actions.followers import Shift
from sandan.places.actions.ground import OUTLINE_FIELDS, hold, place_row, set_outline, touch
from sandan.places.models import Building, Place, PlaceChange
from sandan.places.queries.lists import next_number

Kind = Place.Kind
LAST_NUMBER = 899


class CannotSplit(Refused):
    """The line or the grid does not allow a split."""


class CannotMerge(Refused):
    """These grids cannot become one."""


class CannotUndo(Refused):
    """Something was built on the change since."""


@transaction.atomic
def split(*, grid: Place, line: Sequence[tuple[float, float]], by: Any, at: datetime) -> PlaceChange:
    """Cut an ordinary grid in two along a line of WGS-84 positions (lon, lat), with its micro-grids and buildings."""
    (grid,) = _taken([grid.code], CannotSplit)
    if len(line) < 2:
        raise CannotSplit(_("请在网格里画一条线：至少两个点。"))
    halves = ground.plan_split(grid.outline or {}, _micro_outlines([grid.code]), line)
    if len(halves) != 2:
        raise CannotSplit(_("这条线没有把网格分成两块。请让线的两头都画到网格外面。"))
    return _settle("split", [grid], halves, by, at)


@transaction.atomic
def divide(*, grid: Place, micro: Sequence[str], by: Any, at: datetime) -> PlaceChange:
    """Make a second grid of some micro-grids of an ordinary one; the others stay together in the first."""
    (grid,) = _taken([grid.code], CannotSplit)
    cells = Place.objects.current().filter(parent=grid, kind=Kind.MICRO).order_by("code")
    outlines = {code: outline for code, outline in cells.values_list("code", "outline") if outline is not None}
    chosen = set(micro) & set(outlines)
    if not chosen or len(chosen) == len(outlines):
        raise CannotSplit(_("请选出划给新网格的微网格：至少一个，也至少留一个。"))
    groups = ([o for c, o in outlines.items() if c not in chosen], [o for c, o in outlines.items() if c in chosen])
    plans = [ground.plan_merge(group, group) for group in groups]
    whole = [plan for plan in plans if plan is not None]
    if len(whole) != 2:
        raise CannotSplit(_("选的微网格要连成一片，留下的也要连成一片。"))
    return _settle("split", [grid], whole, by, at)


@transaction.atomic
def merge(*, grids: Sequence[Place], by: Any, at: datetime) -> PlaceChange:
    """Make one ordinary grid of neighbours in the same community; their micro-grids are kept under new codes."""
    codes = sorted({grid.code for grid in grids})
    if len(codes) < 2:
        raise CannotMerge(_("请选两个以上的网格。"))
    rows = _taken(codes, CannotMerge)
    if len({row.code[:12] for row in rows}) > 1:
        raise CannotMerge(_("只能合并同一个社区的网格。"))
    plan = ground.plan_merge([row.outline or {} for row in rows], _micro_outlines(codes))
    if plan is None:
        raise CannotMerge(_("这几个网格没有连成一片，不能合并。"))
    if len(plan.micro) > 99:
        raise CannotMerge(_("合并后有 %(count)d 个微网格，一个网格最多 99 个。") % {"count": len(plan.micro)})
    return _settle("merge", rows, [plan], by, at)


def _taken(codes: Sequence[str], refusal: type[Refused]) -> list[Place]:
    """The current ordinary grids of these codes, with their county held, so that no number is given twice."""
    hold(codes[0][:6])
    rows = list(Place.objects.filter(code__in=codes, kind=Kind.GRID).current().order_by("code"))
    if len(rows) != len(codes):
        raise refusal(_("只有正在用的普通网格可以拆分和合并。请刷新页面再选。"))
    return rows


def _micro_outlines(grids: Sequence[str]) -> list[Json]:
    rows = Place.objects.current().filter(parent_id__in=grids, kind=Kind.MICRO).order_by("code")
    return [outline for outline in rows.values_list("outline", flat=True) if outline is not None]


def _settle(verb: str, old: Sequence[Place], plans: Sequence[GridPlan], by: Any, at: datetime) -> PlaceChange:
    """End the old codes, make the new ones, move the buildings, write history and journal."""
    community = old[0].code[:12]
    first = next_number(community, Kind.GRID)
    if first + len(plans) - 1 > LAST_NUMBER:
        raise Refused(_("这个社区的网格号用完了（001 到 899），不能再拆分或合并。"))
    on = timezone.localtime(at).date()
    old_codes = [row.code for row in old]
    before = {**{row.code: row.outline for row in old}, **_end(old_codes, on)}
    rows = [row for n, plan in enumerate(plans) for row in _rows(f"{community}{first + n:03d}", plan, on)]
    Place.objects.bulk_create(sorted(rows, key=lambda row: len(row.code)), batch_size=1000)
    _rehouse(old_codes, {row.code: row.outline for row in rows if row.outline})
    change = PlaceChange.objects.create(
        at=at, kind=verb, by=None if isinstance(by, str) else by, old_codes=old_codes,
        new_codes=[row.code for row in rows if row.kind == Kind.GRID], outlines=before, communities=[community],
    )  # fmt: skip
    touch(community[:6])
    followers.follow(Shift(change, _mapping(before, {row.code: row.outline for row in rows}), by, at))
    journal.write(change, verb, by=by, at=at, scope=community, old=old_codes, new=change.new_codes)
    return change


def _mapping(old: Mapping[str, Json | None], new: Mapping[str, Json | None]) -> dict[str, tuple[str, ...]]:
    """What takes the place of each ended cell: for a grid all that lie on its ground, for a micro-grid the largest."""
    found = successors(old, new)
    grids = {code: tuple(new for new, _share in found[code]) for code in old if len(code) == 15}
    micro = {code: tuple(new for new, _share in found[code][:1]) for code in old if len(code) == 17}
    return grids | {code: new or grids.get(code[:15], ()) for code, new in micro.items()}


def _end(codes: Sequence[str], on: date) -> dict[str, Json | None]:
    """End grids and their micro-grids; the outlines of the micro-grids that ended."""
    ending = Place.objects.filter(Q(code__in=codes) | Q(parent_id__in=codes, kind=Kind.MICRO)).current()
    micro = dict(ending.filter(kind=Kind.MICRO).values_list("code", "outline"))
    ending.update(valid_to=on)
    return micro


def _rows(code: str, plan: GridPlan, on: date) -> list[Place]:
    name = _("第%(number)d网格") % {"number": int(code[12:])}
    rows = [place_row(code, Kind.GRID, name, plan.outline, origin="drawn", valid_from=on)]
    for number, outline in enumerate(plan.micro, start=1):
        title = _("%(grid)s%(number)d号微网格") % {"grid": name, "number": number}
        rows.append(place_row(f"{code}{number:02d}", Kind.MICRO, title, outline, origin="drawn", valid_from=on))
    return rows


def _rehouse(old: Sequence[str], cells: Mapping[str, Json]) -> None:
    """Give every building of the old grids its new grid and micro-grid, and count the households again."""
    index = ground.GroundIndex(
        [(code, Kind.GRID if len(code) == 15 else Kind.MICRO, outline) for code, outline in cells.items()]
        + [(code[:12], Kind.COMMUNITY, outline) for code, outline in cells.items() if len(code) == 15]
    )
    buildings = list(Building.objects.select_for_update(of=("self",)).filter(grid_id__in=old).order_by("id"))
    counts: dict[str, int] = {}
    for building, found in zip(buildings, index.locate_all((b.lon, b.lat) for b in buildings), strict=True):
        building.grid_id = found.grid if found else None
        building.micro_id = found.micro if found else None
        for code in (building.grid_id, building.micro_id):
            if code:
                counts[code] = counts.get(code, 0) + building.households
    Building.objects.bulk_update(buildings, ["grid", "micro"], batch_size=500)
    rows = list(Place.objects.filter(code__in=cells))
    for row in rows:
        row.households = counts.get(row.code, 0)
    Place.objects.bulk_update(rows, ["households"], batch_size=500)


def _revive(outlines: Mapping[str, Json]) -> None:
    """Put ended codes in force again with the outlines that history kept of them."""
    rows = list(Place.objects.filter(code__in=outlines))
    for row in rows:
        row.valid_to = None
        set_outline(row, outlines[row.code])
    Place.objects.bulk_update(rows, ["valid_to", *OUTLINE_FIELDS], batch_size=500)


@transaction.atomic
def undo(*, change: PlaceChange, by: Any, at: datetime) -> PlaceChange:
    """Take a split or merge back: the old codes are in force again, with the outlines they had. The new ones end."""
    change = PlaceChange.objects.select_for_update().get(pk=change.pk)
    if change.kind not in {"split", "merge"}:
        raise CannotUndo(_("只有拆分和合并可以撤回。"))
    hold(change.old_codes[0][:6])
    new = Place.objects.current().filter(code__in=change.new_codes)
    if new.count() != len(change.new_codes):
        raise CannotUndo(_("这之后网格又改过，不能直接撤回。请先撤回后来的改动。"))
    if reasons := followers.objections(change):
        raise CannotUndo(_("现在不能撤回：%(reasons)s") % {"reasons": "；".join(reasons)})
    followers.unfollow(change, by, at)
    on = timezone.localtime(at).date()
    grids = dict(new.values_list("code", "outline"))
    after = {**grids, **_end(change.new_codes, on)}
    old = {code: outline for code, outline in change.outlines.items() if outline}
    _revive(old)
    _rehouse(change.new_codes, old)
    back = PlaceChange.objects.create(
        at=at, kind="undo", by=None if isinstance(by, str) else by, old_codes=change.new_codes,
        new_codes=change.old_codes, outlines=after, communities=[change.old_codes[0][:12]],
    )  # fmt: skip
    community = change.old_codes[0][:12]
    touch(community[:6])
    journal.write(back, "undo", by=by, at=at, scope=community, change=change.pk)
    return back
