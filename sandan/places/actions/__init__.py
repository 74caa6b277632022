"""Every change of the ground."""

from sandan.places.actions.areas import BadAreaFile, apply_areas, load_area_codes
from sandan.places.actions.county import AlreadyHere, NoGrids, init_county, make_grids
from sandan.places.actions.followers import concerned
from sandan.places.actions.grids import CannotMerge, CannotSplit, CannotUndo, divide, merge, split, undo
from sandan.places.actions.ground import Busy
from sandan.places.actions.importing import (
    KEPT_DRAFTS,
    BadFile,
    CannotUndoImport,
    apply,
    describe,
    forget_drafts,
    receive,
    undo_import,
)
from sandan.places.actions.settling import communities_of, settle
from sandan.places.actions.tenancy import switch_off, switch_on

__all__ = [
    "KEPT_DRAFTS",
    "AlreadyHere",
    "BadAreaFile",
    "BadFile",
    "Busy",
    "CannotMerge",
    "CannotSplit",
    "CannotUndo",
    "CannotUndoImport",
    "NoGrids",
    "apply",
    "apply_areas",
    "communities_of",
    "concerned",
    "describe",
    "divide",
    "forget_drafts",
    "init_county",
    "load_area_codes",
    "make_grids",
    "merge",
    "receive",
    "settle",
    "split",
    "switch_off",
    "switch_on",
    "undo",
    "undo_import",
]
