"""A small invented county: 2 streets, 3 communities, 6 grids, 3 exclusive grids, 14 micro-grids, estates."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count

from sandan.calc.ground import Json
from sandan.places import actions, queries
from sandan.places.actions.ground import place_row, touch
from sandan.places.models import Building, Estate, Place, Spot

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
COUNTY = "990201"
WEST, SOUTH, SIDE = 112.5, 37.8, 0.012  # about a kilometre
OUTSIDE = (120.0, 30.0)  # far from the county


@dataclass(frozen=True)
class County:
    """What the tests of all rooms stand on; `estate` is 桐花苑 in the first community, `buildings` its own."""

    county: Place
    streets: list[Place]
    communities: list[Place]
    grids: list[Place]
    exclusive: list[Place]
    micro: list[Place]
    estate: Estate
    buildings: list[Building]


def box(west: float, south: float, east: float, north: float) -> Json:
    """A rectangle as GeoJSON."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _cell(first: int, last: int) -> Json:
    """One of three squares side by side, or several together."""
    return box(WEST + first * SIDE, SOUTH, WEST + last * SIDE, SOUTH + SIDE)


def _divisions(code: str) -> list[Place]:
    names = [
        (code, "county", "沐云区", _cell(0, 3)),
        (f"{code}001", "street", "霁山街道", _cell(0, 2)),
        (f"{code}002", "street", "北渠街道", _cell(2, 3)),
        (f"{code}001001", "community", "霁山社区", _cell(0, 1)),
        (f"{code}001002", "community", "桐花社区", _cell(1, 2)),
        (f"{code}002001", "community", "北渠社区", _cell(2, 3)),
    ]
    return [place_row(*row, origin="generated") for row in names]


def a_county(code: str = COUNTY) -> County:
    """The small county under a code of one's choice; the same ground every time."""
    Place.objects.bulk_create(_divisions(code))
    county = Place.objects.get(code=code)
    actions.make_grids(county=county, at=AT, ordinary=6, exclusive=3, micro=14, seed=7)
    community = f"{code}001001"
    estate, buildings = _known_estate(community)
    Spot.objects.create(
        name="桐花菜场", kind="point", aliases=["桐花菜市场"], community_id=community, lon=estate.lon, lat=estate.lat
    )
    touch(code)

    def of(kind: str) -> list[Place]:
        return list(Place.objects.within(code).filter(kind=kind).order_by("code"))

    kinds = ("street", "community", "grid", "exclusive", "micro")
    county.refresh_from_db()
    return County(county, *(of(kind) for kind in kinds), estate=estate, buildings=buildings)


def _known_estate(community: str) -> tuple[Estate, list[Building]]:
    """The largest estate of the community by its name for tests; its buildings are numbered from 1."""
    rows = Estate.objects.filter(community_id=community).annotate(size=Count("buildings"))
    estate = rows.order_by("-size", "id")[0]
    estate.name, estate.name_key = "桐花苑", "tong2 hua1 yuan4"
    estate.aliases, estate.building_word = ["铜花苑", "桐花小区"], "号楼"
    estate.save()
    estate.buildings.update(unit_count=3, floors=6)
    return estate, list(estate.buildings.order_by("id"))


def fresh() -> None:
    """Forget what this process knows of the ground; for tests that change rows without an action."""
    queries.forget(COUNTY)
