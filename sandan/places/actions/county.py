"""A county comes into being: its divisions from the packaged lists, and invented grids for a demonstration."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc import ground
from sandan.calc.ground import Division, Drawing
from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.names import sort_key
from sandan.places import queries
from sandan.places.actions.ground import OUTLINE_FIELDS, place_row, set_outline, touch
from sandan.places.models import Building, Estate, Place, Spot

Kind = Place.Kind
KIND_OF = {6: Kind.COUNTY, 9: Kind.STREET, 12: Kind.COMMUNITY}
BATCH = 2000


class NoSuchPlace(Refused):
    """The code names no county of the packaged list."""


class AlreadyHere(Refused):
    """The county was initialised before."""


class NoGrids(Refused):
    """Grids cannot be generated here."""


@transaction.atomic
def init_county(*, code: str, at: datetime) -> Place:
    """Bring in a county with its streets and communities: official codes and names, outlines labelled by origin."""
    try:
        division = queries.division(code)
    except ground.NoSuchCounty as missing:
        raise NoSuchPlace(_no_such(missing)) from missing
    if Place.objects.filter(code=code).exists():
        raise AlreadyHere(_("%(name)s（%(code)s）已经建好，不用再建。") % {"name": division.name, "code": code})
    Place.objects.bulk_create(_division_rows(division, at), batch_size=BATCH)
    county = Place.objects.get(code=code)
    touch(code)
    journal.write(
        county, "init", by="system", at=at, scope=code, streets=len(division.streets),
        communities=len(division.communities), outline=county.origin,
    )  # fmt: skip
    return county


def _no_such(missing: ground.NoSuchCounty) -> str:
    if not missing.near:
        return _("没有代码为 %(code)s 的县（市、区）。请填国家统计局公布的六位代码，例如 140106。") % {
            "code": missing.code
        }
    near = "、".join(f"{code} {name}" for code, name in missing.near[:6])
    return _("没有代码为 %(code)s 的县（市、区）。相近的有：%(near)s。") % {"code": missing.code, "near": near}


def _division_rows(division: Division, at: datetime) -> list[Place]:
    outline, origin = queries.boundary(division)
    drawn = ground.tile_divisions(division, outline)
    named = [(division.code, division.name), *division.streets, *division.communities]
    on = timezone.localtime(at).date()
    rows = []
    for code, name in named:
        kind = KIND_OF[len(code)]
        source = origin if kind == Kind.COUNTY else "generated"
        rows.append(place_row(code, kind, name, drawn.get(code), origin=source, valid_from=on))
    return rows


@transaction.atomic
def make_grids(
    *, county: Place, at: datetime, ordinary: int = 853, exclusive: int = 345, micro: int = 2558, seed: int = 1
) -> Drawing:
    """Fill a county with invented estates, buildings, grids and micro-grids, all labelled generated.

    The same seed gives the same ground. Refused where there are grids or estates, or too few for the communities.
    """
    own = Place.objects.select_for_update().within(county.code)
    if own.filter(kind__in=(Kind.GRID, Kind.EXCLUSIVE, Kind.MICRO)).exists() or _has_estates(county):
        raise NoGrids(_("%(name)s已经有网格或小区，不能再生成示例数据。") % {"name": county.name})
    rows = own.filter(kind=Kind.COMMUNITY).values_list("code", "outline")
    communities = {code: outline for code, outline in rows if outline is not None}
    if not communities or not len(communities) <= ordinary <= micro:
        raise NoGrids(
            _("%(name)s有 %(count)d 个社区：普通网格不能少于社区数，微网格不能少于普通网格数。")
            % {"name": county.name, "count": len(communities)}
        )
    drawing = ground.draw_county(communities, ordinary, exclusive, micro, seed)
    _store(county, drawing, at)
    touch(county.code)
    journal.write(
        county, "make_grids", by="system", at=at, scope=county.code, ordinary=ordinary, exclusive=exclusive,
        micro=micro, seed=seed,
    )  # fmt: skip
    return drawing


def _has_estates(county: Place) -> bool:
    return Estate.objects.filter(community__code__startswith=county.code).exists()


def _store(county: Place, drawing: Drawing, at: datetime) -> None:
    _renew_outlines(county, drawing)
    on = timezone.localtime(at).date()
    cells = [
        place_row(
            c.code, c.kind, c.name, c.outline, origin="generated", households=c.households, sort=c.sort, valid_from=on
        )
        for c in sorted(drawing.cells, key=lambda c: (len(c.code), c.code))
    ]
    Place.objects.bulk_create(cells, batch_size=BATCH)
    estates = Estate.objects.bulk_create(_estate_rows(drawing), batch_size=BATCH)
    Building.objects.bulk_create(_building_rows(drawing, estates), batch_size=BATCH)
    Spot.objects.bulk_create(_spot_rows(drawing), batch_size=BATCH)


def _renew_outlines(county: Place, drawing: Drawing) -> None:
    """The outlines above the grids again, now with the corners that the grids put on their borders."""
    upper = list(Place.objects.within(county.code).filter(code__in=drawing.upper))
    homes: dict[str, int] = {}
    for building in drawing.buildings:
        for length in (6, 9, 12):
            homes[building.grid[:length]] = homes.get(building.grid[:length], 0) + building.households
    for place in upper:
        set_outline(place, drawing.upper[place.code])
        place.households = homes.get(place.code, 0)
    Place.objects.bulk_update(upper, [*OUTLINE_FIELDS, "households"], batch_size=BATCH)


def _estate_rows(drawing: Drawing) -> list[Estate]:
    return [
        Estate(
            name=e.name,
            name_key=sort_key(e.name, 200),
            aliases=list(e.aliases),
            community_id=e.community,
            building_word=e.word,
            lon=e.lon,
            lat=e.lat,
            origin="generated",
        )
        for e in drawing.estates
    ]


def _building_rows(drawing: Drawing, estates: Sequence[Estate]) -> list[Building]:
    return [
        Building(
            estate=estates[b.estate],
            label=b.label,
            unit_count=b.unit_count,
            floors=b.floors,
            households=b.households,
            lon=b.lon,
            lat=b.lat,
            grid_id=b.grid,
            micro_id=b.micro,
        )
        for b in drawing.buildings
    ]


def _spot_rows(drawing: Drawing) -> list[Spot]:
    return [
        Spot(
            name=s.name,
            kind=s.kind,
            aliases=list(s.aliases),
            community_id=s.community,
            lon=s.lon,
            lat=s.lat,
            origin="generated",
        )
        for s in drawing.spots
    ]
