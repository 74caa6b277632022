"""The papers an office brings: its lists and maps of grids, estates and buildings, read and compared; pure."""

from sandan.calc.ground.papers.comparing import Held, Plan, Turn, compare, same_outline, successors
from sandan.calc.ground.papers.drafts import MOST_BYTES, read_ground
from sandan.calc.ground.papers.flaws import Flaw, alias_flaws, size_flaws, tiling_flaws
from sandan.calc.ground.papers.housing import House, house_all
from sandan.calc.ground.papers.lines import kind_of, short_name
from sandan.calc.ground.papers.records import CELLS, KINDS, Draft, Key, Known, Line
from sandan.calc.sheets.records import Fault, Where

__all__ = [
    "CELLS",
    "KINDS",
    "MOST_BYTES",
    "Draft",
    "Fault",
    "Flaw",
    "Held",
    "House",
    "Key",
    "Known",
    "Line",
    "Plan",
    "Turn",
    "Where",
    "alias_flaws",
    "compare",
    "house_all",
    "kind_of",
    "read_ground",
    "same_outline",
    "short_name",
    "size_flaws",
    "successors",
    "tiling_flaws",
]
