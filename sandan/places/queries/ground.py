"""Which community, grid, exclusive grid and micro-grid a position lies in; answered in the process."""

from collections.abc import Iterable

from sandan.calc.ground import GroundIndex, Located
from sandan.places.models import Place
from sandan.places.queries import copies, gazetteer, layers

__all__ = ["Located", "forget", "locate", "locate_all"]


def _build(county: str) -> GroundIndex:
    cells = Place.objects.current().within(county).exclude(outline=None).order_by("code")
    rows = cells.values_list("code", "kind", "outline")
    return GroundIndex((code, kind, outline) for code, kind, outline in rows if outline is not None)


_COPIES = copies.Copies(_build)


def locate(lon: float, lat: float, county: str) -> Located | None:
    """The codes around a WGS-84 position; None outside the county."""
    index = _COPIES.of(county)
    return index.locate(lon, lat) if index else None


def locate_all(points: Iterable[tuple[float, float]], county: str) -> list[Located | None]:
    """The same for many positions (lon, lat), in their order."""
    index = _COPIES.of(county)
    return index.locate_all(points) if index else [None for _ in points]


def forget(county: str) -> None:
    """Drop this process's copies of a county after its ground or its names were changed."""
    _COPIES.forget(county)
    gazetteer.forget(county)
    layers.forget(county)
