"""What a file of an office tells of its ground, line by line, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandan.calc.sheets.records import Fault, Where

Key = tuple[str, ...]
CELLS = ("grid", "exclusive", "micro")
KINDS = ("community", *CELLS, "estate", "building")  # in the order in which they are stored


@dataclass(frozen=True)
class Line:
    """One thing: its kind, its key (a code; community and name; community, estate and label) and the values told.

    `told` holds only what the file says: name, households, sort, outline, lon, lat, aliases, building_word,
    unit_count, floors, grid, micro. What it does not say stays as it is.
    """

    where: Where
    kind: str
    key: Key
    told: Mapping[str, Any]

    @property
    def community(self) -> str:
        """The twelve digits it lies in."""
        return self.key[0][:12]


@dataclass(frozen=True)
class Known:
    """What is here already and a file may name: communities, current cells by code, the highest number ever given."""

    county: str
    box: tuple[float, float, float, float]  # west, south, east, north in degrees
    communities: Mapping[str, str]  # code: name
    cells: Mapping[str, str]  # code of 15 or 17 digits: name
    last: Mapping[tuple[str, str], int]  # (community, grid or exclusive) or (grid, micro): number
    estates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name: communities that have one


@dataclass(frozen=True)
class Draft:
    """A file as read: its lines, its faults, the sheets left out with the reason, and whether a datum must be told."""

    lines: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()  # (sheet, hidden | no_header | empty)
    needs_datum: bool = False
