"""Where does a point lie: one STRtree over a county's current cells, about 20 microseconds a question."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from sandan.calc.ground.frame import Json, as_shape


@dataclass(frozen=True)
class Located:
    """The codes a position lies in; no grid where none is drawn, seldom an exclusive one."""

    community: str
    grid: str | None = None
    exclusive: str | None = None
    micro: str | None = None

    @property
    def code(self) -> str:
        """The finest code of the ordinary tiling."""
        return self.micro or self.grid or self.community


class GroundIndex:
    """The cells of one county, ready to be asked. Build it once, share it between threads: it never changes."""

    def __init__(self, cells: Iterable[tuple[str, str, Json]]) -> None:
        """`cells` are (code, kind, GeoJSON outline); kinds other than the four that are asked for are left out."""
        rows = sorted((c for c in cells if c[1] in {"community", "grid", "exclusive", "micro"}), key=lambda c: c[0])
        self._codes = [row[0] for row in rows]
        self._kinds = [row[1] for row in rows]
        shapes = [as_shape(row[2]) for row in rows]
        for geometry in shapes:
            shapely.prepare(geometry)
        self._tree = shapely.STRtree(shapes)
        grids = [at for at, kind in enumerate(self._kinds) if kind == "grid"]
        self.grid_codes = tuple(self._codes[at] for at in grids)
        self._grids = shapely.STRtree([shapes[at] for at in grids])

    def __len__(self) -> int:
        return len(self._codes)

    def locate(self, lon: float, lat: float) -> Located | None:
        """The cells around a WGS-84 position, None outside the county; on a border the lower code wins."""
        return self._pick(self._tree.query(shapely.Point(lon, lat), predicate="intersects").tolist())

    def locate_all(self, points: Iterable[tuple[float, float]]) -> list[Located | None]:
        """The same for many positions in one go, in their order."""
        spots = np.array(list(points), dtype=np.float64).reshape(-1, 2)
        asked, found = self._tree.query(shapely.points(spots), predicate="intersects")
        hits: list[list[int]] = [[] for _ in range(len(spots))]
        for i, at in zip(asked.tolist(), found.tolist(), strict=True):
            hits[i].append(at)
        return [self._pick(hit) for hit in hits]

    def grids(self, spots: NDArray[np.float64]) -> NDArray[np.intp]:
        """Where many positions lie, and nothing else: for each row (lon, lat) its place in `grid_codes`, -1 for none.

        Hundreds of thousands a second: no object is made for a position. On a border the lower code wins.
        """
        asked, found = self._grids.query(shapely.points(spots), predicate="intersects")
        places = np.full(len(spots), -1, dtype=np.intp)
        last_first = np.argsort(-found, kind="stable")
        places[asked[last_first]] = found[last_first]
        return places

    def _pick(self, hits: list[int]) -> Located | None:
        first: dict[str, str] = {}
        for at in sorted(hits):
            first.setdefault(self._kinds[at], self._codes[at])
        grid = first.get("grid")
        # an office draws its grids better than we drew its communities: the grid says whose ground it is
        community = grid[:12] if grid else first.get("community")
        if community is None:
            return None
        return Located(community, grid, first.get("exclusive"), first.get("micro"))
