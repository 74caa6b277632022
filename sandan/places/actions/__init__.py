"""Every change of the ground."""

from sandan.places.actions.county import AlreadyHere, NoGrids, init_county, make_grids
from sandan.places.actions.grids import CannotMerge, CannotSplit, CannotUndo, merge, split, undo
from sandan.places.actions.tenancy import switch_off, switch_on

__all__ = [
    "AlreadyHere",
    "CannotMerge",
    "CannotSplit",
    "CannotUndo",
    "NoGrids",
    "init_county",
    "make_grids",
    "merge",
    "split",
    "switch_off",
    "switch_on",
    "undo",
]
