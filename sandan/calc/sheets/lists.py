"""The rows of all lists in a workbook, each cell under what its column means; and a reader that gathers faults."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from openpyxl.utils import get_column_letter

from sandan.calc.sheets.books import Table, tables
from sandan.calc.sheets.headings import Columns, columns, heading_row, is_aside, meaning
from sandan.calc.sheets.records import Fault, Where
from sandan.calc.sheets.values import Unreadable, heading_of

T = TypeVar("T")
MOBILE = r"(?<!\d)1[3-9]\d{9}(?!\d)"
PRIVATE = re.compile(rf"\d{{15,}}[\dXx]?|{MOBILE}")  # what a report never repeats, wherever it was typed
PRIVATE_OF_PLACE = re.compile(rf"\d{{17}}[\dXx]|{MOBILE}")  # their codes have 15 and 17 digits
PLACES = frozenset({"code", "grid", "micro", "community", "street"})
OWN = "_"  # begins the name of a sheet that a template of ours brings along


@dataclass(frozen=True)
class Line:
    """One row: what its cells hold by meaning, where each column stands as (letter, heading), which hold formulas.

    `unsolved` formulas have no result in the file.
    """

    where: Where
    cells: Mapping[str, object]
    columns: Mapping[str, tuple[str, str]]
    unsolved: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listing:
    """All rows of a workbook that belong to a list, and what was left out of it.

    `skipped` are sheets (title, hidden | empty | no_header); `unused` headings (sheet, heading) that mean nothing here;
    `solved` columns (sheet, letter, heading) whose formulas were read as the results that stand in the file.
    """

    lines: tuple[Line, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    unused: tuple[tuple[str, str], ...] = ()
    solved: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass
class _Gathering:
    lines: list[Line] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)
    solved: dict[tuple[str, str, str], None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def listing(data: bytes, known: Mapping[str, str], required: Sequence[frozenset[str]]) -> Listing:
    """The lists of a workbook; `known` says what each heading means, of each set in `required` a column must be there.

    Raises NoBook.
    """
    sheets, hidden = tables(data)
    found = _Gathering(skipped=[(title, "hidden") for title in hidden if not title.startswith(OWN)])
    for table in sheets:
        heading = heading_row(table, lambda row: columns(row, known, known.values()))
        if heading is None:
            found.skipped.append((table.title, "no_header" if table.rows else "empty"))
            continue
        _gather(table, *heading, known, required, found)
    return Listing(
        tuple(found.lines), tuple(found.skipped), tuple(found.unused), tuple(found.solved), tuple(found.faults)
    )


def _gather(
    table: Table, top: int, heads: Columns, known: Mapping[str, str], required: Sequence[frozenset[str]],
    found: _Gathering,
) -> None:  # fmt: skip
    have = {key for key, _ in heads.values()}
    missing = [wanted for wanted in required if not wanted & have]
    if missing:
        found.faults += [Fault(Where(table.title, top), "", "column_missing", sorted(one)[0]) for one in missing]
        return
    named = {at: str(text).strip() for at, text in enumerate(table.rows[top]) if heading_of(text)}
    found.unused += [(table.title, text) for at, text in named.items() if at not in heads]
    letters = {key: (get_column_letter(at + 1), text) for at, (key, text) in heads.items()}
    for number, cells in _rows(table, top, heads, known):
        formulas = {key: table.formulas.get((number, at)) for at, (key, _) in heads.items()}
        for key in (key for key, is_solved in formulas.items() if is_solved):
            found.solved[table.title, *letters[key]] = None
        unsolved = frozenset(key for key, is_solved in formulas.items() if is_solved is False)
        if unsolved or any(value is not None and str(value).strip() for value in cells.values()):
            found.lines.append(Line(Where(table.title, number), cells, letters, unsolved))


def _rows(table: Table, top: int, heads: Columns, known: Mapping[str, str]) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows below the heading: neither sums and remarks nor the heading once more, as a printed list has it."""
    for number, row in table.rows.items():
        if number <= top or is_aside(row):
            continue
        if sum(meaning(value, known) == heads[at][0] for at, value in enumerate(row) if at in heads) > len(heads) / 2:
            continue
        yield number, {key: row[at] for at, (key, _) in heads.items() if at < len(row)}


@dataclass
class Reader:
    """Reads the cells of one row; what cannot be read becomes a fault with row, column and what is wrong."""

    line: Line
    faults: list[Fault]
    is_bad: bool = False

    def get(self, key: str, read: Callable[[object], T]) -> T | None:
        """What `read` makes of the cell; None where it cannot, with a fault."""
        if key in self.line.unsolved:
            self.fault(key, "formula")
            return None
        try:
            return read(self.line.cells.get(key))
        except Unreadable as fault:
            self.fault(key, fault.what, fault.value, fault.hint)
            return None

    def fault(self, key: str, what: str, value: str = "", hint: str = "") -> None:
        """Something is wrong in that column, or in the row as a whole where `key` is empty or not in the sheet."""
        letter, heading = self.line.columns.get(key, ("", ""))
        self.faults.append(Fault(self.line.where, heading, what, discreet(value, key), letter, hint))
        self.is_bad = True


def discreet(value: str, key: str = "") -> str:
    """A value as a report may show it: no identity number, no phone number; the codes of places stay."""
    if key in {"identity", "phone"} and any(char.isdigit() for char in value) and len(value) > 2:
        return "…"
    return (PRIVATE_OF_PLACE if key in PLACES else PRIVATE).sub("…", value)
