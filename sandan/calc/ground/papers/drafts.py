"""A whole file read: workbook or GeoJSON, line by line; nothing here knows a database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from sandan.calc.ground.datum import Datum, to_wgs84
from sandan.calc.ground.frame import DIGITS, Json, as_json, polygonal
from sandan.calc.ground.papers import headings
from sandan.calc.ground.papers.lines import NEAR, Reader
from sandan.calc.ground.papers.records import KINDS, Draft, Key, Known, Line
from sandan.calc.sheets.books import NoBook, Table, tables
from sandan.calc.sheets.headings import heading_row, is_aside
from sandan.calc.sheets.records import Fault, Where

MOST_BYTES = 40 * 2**20
MOST_FAULTS = 500


def read_ground(data: bytes, known: Known, datum: Datum | None = None) -> Draft:
    """The draft of a file; what keeps it from being read at all is a fault without a row."""
    if len(data) > MOST_BYTES:
        return _refused("too_big")
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    reader = Reader(known, datum)
    if start[:1] in {b"{", b"["}:
        return _features(data, reader)
    try:
        sheets, hidden = tables(data)
    except NoBook as fault:
        return _refused(fault.what)
    return _book(sheets, hidden, reader)


def _refused(what: str) -> Draft:
    return Draft(faults=(Fault(Where("", 0), "", what),))


def _done(lines: Iterable[Line], reader: Reader, skipped: Iterable[tuple[str, str]] = ()) -> Draft:
    rows = sorted(lines, key=lambda line: KINDS.index(line.kind))
    once, faults = _once(rows)
    faults = [*reader.faults, *faults]
    left = tuple(skipped)
    if not rows and not faults:
        faults = [Fault(Where("", 0), "", "nothing")]
    return Draft(tuple(once), tuple(faults[:MOST_FAULTS]), left, reader.needs_datum)


def _once(lines: Iterable[Line]) -> tuple[list[Line], list[Fault]]:
    """Each thing once; a second row about it is a fault that names the first."""
    first: dict[tuple[str, Key], Line] = {}
    faults = []
    for line in lines:
        seen = first.setdefault((line.kind, line.key), line)
        if seen is not line:
            at = f"{seen.where.sheet} {seen.where.row}".strip()
            faults.append(Fault(line.where, "", "twice", at))
    return list(first.values()), faults


def _book(sheets: Iterable[Table], hidden: Iterable[str], reader: Reader) -> Draft:
    skipped = [(title, "hidden") for title in hidden]
    plans = []
    for table in sheets:
        if not table.rows:
            skipped.append((table.title, "empty"))
            continue
        found = heading_row(table, headings.columns)
        if found is None:
            skipped.append((table.title, "no_header"))
            continue
        row, columns = found
        kind = headings.kind_of_sheet(table.title, (k for k, _ in columns.values()), (h for _, h in columns.values()))
        plans.append((KINDS.index(kind), table, row, columns, kind))
        reader.datum = reader.datum or _datum_of(h for k, h in columns.values() if k in {"lon", "lat"})
    lines: list[Line] = []
    for _, table, row, columns, kind in sorted(plans, key=lambda plan: plan[0]):
        lines += _lines(table, row, columns, kind, reader)
    return _done(lines, reader, skipped)


def _datum_of(texts: Iterable[str]) -> Datum | None:
    return next((datum for text in texts if (datum := headings.datum_in(text))), None)


def _lines(
    table: Table, heading: int, columns: Mapping[int, tuple[str, str]], kind: str, reader: Reader
) -> Iterator[Line]:
    names = dict(columns.values())
    for number, row in table.rows.items():
        if number <= heading or is_aside(row):
            continue
        cells = {key: row[at] for at, (key, _) in columns.items() if at < len(row)}
        if all(value is None or value == "" for value in cells.values()):
            continue
        line = reader.line(Where(table.title, number), kind, cells, names)
        if line is not None:
            yield line


def _features(data: bytes, reader: Reader) -> Draft:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
        features = whole["features"]
        if not isinstance(features, list):
            raise TypeError
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError):
        return _refused("no_geojson")
    told = f"{whole.get('datum', '')} {json.dumps(whole.get('crs') or '')}"
    reader.datum = reader.datum or headings.datum_in(told)
    lines: list[Line] = []
    for _, number, properties, names, geometry in sorted(_sorted(features), key=lambda row: row[:2]):
        line = _feature(number, properties, names, geometry, reader)
        if line is not None:
            lines.append(line)
    return _done(lines, reader)


def _sorted(features: list[Any]) -> Iterator[tuple[int, int, dict[str, object], dict[str, str], Any]]:
    """The features with what their properties mean, those first that others are in."""
    for number, feature in enumerate(features, start=1):
        whole = feature if isinstance(feature, dict) else {}
        found = whole.get("properties")
        told = found if isinstance(found, dict) else {}
        meant = {key: name for name in told if (key := headings.meaning(name))}
        properties = {key: _joined(told[name]) for key, name in meant.items()}
        geometry = whole.get("geometry")
        yield KINDS.index(_kind(properties, geometry)), number, properties, meant, geometry


def _joined(value: object) -> object:
    return "、".join(str(part) for part in value) if isinstance(value, list) else value


def _kind(properties: Mapping[str, object], geometry: Any) -> str:
    """What a feature is: a point is a building or an estate, an area what its code or its kind says."""
    word, code = str(properties.get("kind") or "").lower(), str(properties.get("code") or "").strip()
    if "label" in properties or word in {"building", "楼栋"}:
        return "building"
    if word in {"estate", "小区"} or (isinstance(geometry, dict) and geometry.get("type") == "Point"):
        return "estate"
    if word in {"community", "社区"} or len(code) == 12:
        return "community"
    if "微" in word or word == "micro" or len(code) == 17:
        return "micro"
    return "exclusive" if "专属" in word or word == "exclusive" or (len(code) == 15 and code[12:] > "900") else "grid"


def _feature(number: int, properties: dict[str, object], names: dict[str, str], geometry: Any, reader: Reader) -> Any:
    where = Where("", number)
    kind = _kind(properties, geometry)
    outline = None
    if kind in {"estate", "building"}:
        spot = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if isinstance(spot, list) and len(spot) >= 2:
            properties |= {"lon": spot[0], "lat": spot[1]}
    elif geometry is not None:
        what, outline = _outline(geometry, reader)
        if what:
            reader.faults.append(Fault(where, "geometry", what, str(properties.get("name") or "")[:40]))
            return None
    return reader.line(where, kind, properties, names, outline)


def _outline(geometry: Any, reader: Reader) -> tuple[str, Json | None]:
    """An area in WGS-84, or what is wrong with it."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return "no_area", None
    try:
        drawn = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        return "broken_area", None
    if not drawn.is_valid and shapely.make_valid(drawn).area > 0:
        return "crossing", None  # also where the two halves of a bow outweigh each other
    if not drawn.area > 0:
        return "no_area", None
    if reader.datum is None:
        reader.needs_datum = True
        return "", as_json(polygonal(drawn))
    west, south, east, north = drawn.bounds
    left, lower, right, upper = reader.known.box
    if left - NEAR < south and north < right + NEAR and lower - NEAR < west and east < upper + NEAR:
        return "swapped", None
    if west < left - NEAR or east > right + NEAR or south < lower - NEAR or north > upper + NEAR:
        return "far", None
    return "", _converted(drawn, reader.datum)


def _converted(drawn: Any, datum: Datum) -> Json:
    if datum is not Datum.WGS84:
        drawn = shapely.transform(drawn, lambda xy: np.array([to_wgs84(x, y, datum) for x, y in xy.tolist()]))
    return as_json(polygonal(drawn), DIGITS)
