"""A workbook as plain tables: hidden sheets left out, merged cells filled, formulas named, nothing trusted."""

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

MOST_UNPACKED = 400 * 2**20  # bytes of all parts of a workbook together
MOST_ROWS = 200_000
MOST_COLUMNS = 60
MARKS = re.compile(  # a merged area, or a cell that holds a formula, with the result the program left there
    rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
    rb'|<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(<(?:\w+:)?v>[^<])?"
)
LONGEST_MARK = 10_000  # bytes: a formula may have 8,192 characters
TAIL = 20  # bytes after which a mark that ends there cannot go on; every sheet ends in more than that
CHUNK = 2**20
Row = list[object]
Area = tuple[int, int, int, int]


class NoBook(Exception):
    """The bytes are no workbook that can be read; `what` says why: old, no_book, too_big, too_long."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Table:
    """A visible sheet: its name and its rows that hold anything, by number from 1.

    `formulas` are the cells (row from 1, column from 0) that hold one, and whether its last result stands there.
    """

    title: str
    rows: dict[int, Row]
    formulas: Mapping[tuple[int, int], bool] = field(default_factory=dict)


def tables(data: bytes) -> tuple[list[Table], list[str]]:
    """The visible sheets of an .xlsx file and the names of the hidden ones; NoBook with the reason otherwise."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoBook("old")
    _look_inside(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a style or an extension it does not know is none of ours
            return _read(data)
    except NoBook:
        raise
    except Exception as fault:  # whatever a damaged file makes the library say
        raise NoBook("no_book") from fault


def _look_inside(data: bytes) -> None:
    """Refuse what is no zip, no workbook, or would unpack to more than we are willing to read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise NoBook("no_book") from fault
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise NoBook("no_book")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise NoBook("too_big")


def _read(data: bytes) -> tuple[list[Table], list[str]]:
    book: Any = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        found, hidden = [], []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(str(sheet.title))
                continue
            sheet.reset_dimensions()  # what a sheet says of its size is often wrong
            rows = dict(_rows(sheet))
            areas, formulas = _marks(data, sheet._worksheet_path)
            _fill(rows, areas)
            found.append(Table(str(sheet.title), rows, formulas))
        return found, hidden
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            raise NoBook("too_long")
        if any(value is not None and value != "" for value in row):
            yield number, list(row)


def _marks(data: bytes, path: str) -> tuple[list[Area], dict[tuple[int, int], bool]]:
    """Merged areas (first row, first column, last row, last column; columns from 0) and formulas; read in pieces."""
    areas: list[Area] = []
    formulas: dict[tuple[int, int], bool] = {}
    seen = b""
    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(path.lstrip("/")) as part:
        while piece := part.read(CHUNK):
            text = seen + piece
            end = 0
            for match in MARKS.finditer(text):
                if match.end() > len(text) - TAIL:
                    break
                left, top, right, bottom, column, row, result = match.groups()
                end = match.end()
                if column:
                    formulas[int(row), _column(column)] = result is not None
                else:
                    areas.append((int(top), _column(left), int(bottom), _column(right)))
            seen = text[max(end, len(text) - LONGEST_MARK) :]
    return areas, formulas


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def _fill(rows: dict[int, Row], areas: list[Area]) -> None:
    """Every cell of a merged area holds what its first one does; only in rows that hold something of their own."""
    for top, left, bottom, right in areas:
        value = rows[top][left] if top in rows and left < len(rows[top]) else None
        if value is None:
            continue
        for number in range(top, min(bottom, MOST_ROWS) + 1):
            row = rows.get(number)
            if row is None:
                continue
            row.extend([None] * (min(right + 1, MOST_COLUMNS) - len(row)))
            for at in range(left, min(right + 1, MOST_COLUMNS)):
                row[at] = value
