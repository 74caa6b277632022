"""The ground on pages: the map and its lists, an office's own files, grids split and merged."""

from sandan.places.views.grids import divide, grids, merge, undo
from sandan.places.views.ground import community, estates, map_page, outlines, tree
from sandan.places.views.own import export, look, own, undo_import

__all__ = [
    "community",
    "divide",
    "estates",
    "export",
    "grids",
    "look",
    "map_page",
    "merge",
    "outlines",
    "own",
    "tree",
    "undo",
    "undo_import",
]
