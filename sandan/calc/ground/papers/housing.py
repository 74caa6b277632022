"""In which grid and micro-grid each building stands: as the office says, else as it lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandan.calc.ground.index import GroundIndex
from sandan.calc.ground.tiling import Cell


@dataclass(frozen=True)
class House:
    """A building: position, the cells a file tells for it, the cells it has."""

    lon: float
    lat: float
    told: tuple[str | None, str | None] = (None, None)
    held: tuple[str | None, str | None] = (None, None)


def house_all(houses: Sequence[House], cells: Sequence[Cell]) -> list[tuple[str | None, str | None]]:
    """Grid and micro-grid of each building, in order. `cells` are those in force, the outline empty where undrawn.

    What is told counts first, then the position; a cell without an outline keeps the buildings it has.
    """
    index = GroundIndex([(cell.code, cell.kind, cell.outline) for cell in cells if cell.outline])
    undrawn = {cell.code for cell in cells if not cell.outline}
    found = index.locate_all((house.lon, house.lat) for house in houses)
    result = []
    for house, spot in zip(houses, found, strict=True):
        lies = (spot.grid, spot.micro) if spot else (None, None)
        grid = house.told[0] or (house.told[1] or "")[:15] or lies[0]
        if grid is None:
            grid = house.held[0] if house.held[0] in undrawn else None
        micro = house.told[1] or lies[1] or (house.held[1] if house.held[1] in undrawn else None)
        result.append((grid, micro if micro and grid and micro.startswith(grid) else None))
    return result
