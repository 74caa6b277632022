"""The demonstration county, drawn once."""

import pytest

from sandan.calc import ground
from sandan.calc.ground import Division, Drawing, Json
from sandan.places import queries

YINGZE = "140106"


@pytest.fixture(scope="session")
def yingze() -> Division:
    return queries.division(YINGZE)


@pytest.fixture(scope="session")
def tiles(yingze: Division) -> dict[str, Json]:
    outline, _ = queries.boundary(yingze)
    return ground.tile_divisions(yingze, outline)


@pytest.fixture(scope="session")
def drawing(tiles: dict[str, Json]) -> Drawing:
    communities = {code: outline for code, outline in tiles.items() if len(code) == 12}
    return ground.draw_county(communities, 853, 345, 2558, seed=1)
