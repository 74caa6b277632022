"""The three tables of the catalogue as rows of values: one cell that does not fit and nothing is taken."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.intake.models import Category

LEVELS = {"网格": 1, "社区": 2, "街道": 3, "区": 4}
URGENCIES = {"普通": 1, "紧急": 2, "突发": 3}
PRIVACIES = {"公开": "public", "内部": "inside", "敏感": "contact", "高敏": "sealed"}
_SAME = {
    "grab": tuple(Category.Grab.values),
    "callback": ("full", "silent", "none"),
    "evidence": ("before_after_photo", "note", "none"),
    "clock": ("working", "natural"),
    "finish_unit": ("day", "hour"),
    "field": ("", *Category.Field.values),
    "work_kind": tuple(Category.WorkKind.values),
}
NO_REQUESTS = "99"


class BadRow(Refused):
    """A cell of the catalogue's files does not fit; the text names file, row and column."""


@dataclass(frozen=True)
class Row:
    """One row of a file and where it stands, for saying what is wrong with it."""

    file: str
    number: int
    cells: Mapping[str, str]

    def fail(self, column: str, why: str) -> BadRow:
        """The refusal to raise for a cell."""
        place = {"file": self.file, "row": self.number, "column": column, "why": why}
        return BadRow(_("%(file)s 第 %(row)s 行 %(column)s 列：%(why)s。整份都没有导入。") % place)

    def text(self, column: str, most: int, least: int = 1) -> str:
        value = self.cells[column].strip()
        if not least <= len(value) <= most:
            raise self.fail(column, _("要有 %(least)s 到 %(most)s 个字") % {"least": least, "most": most})
        return value

    def word(self, column: str, words: Mapping[str, Any]) -> Any:
        value = self.cells[column].strip()
        if value not in words:
            choices = _("、").join(word for word in words if word)
            raise self.fail(
                column, _("「%(value)s」不在可选的词里：%(choices)s") % {"value": value, "choices": choices}
            )
        return words[value]

    def same(self, column: str) -> str:
        return str(self.word(column, {word: word for word in _SAME[column]}))

    def number_of(self, column: str, times: int = 1) -> float:
        value = self.cells[column].strip()
        if not re.fullmatch(r"\d{1,4}(\.\d{1,2})?", value):
            raise self.fail(column, _("「%(value)s」不是数") % {"value": value})
        return float(value) * times

    def minutes(self, column: str, times: int = 60) -> int:
        return round(self.number_of(column, times))

    def perhaps(self, column: str, times: int) -> int | None:
        return self.minutes(column, times) if self.cells[column].strip() else None

    def parts(self, column: str, most: int) -> list[str]:
        values = [part.strip() for part in self.cells[column].split("|") if part.strip()]
        if any(len(value) > most for value in values):
            raise self.fail(column, _("每个词最多 %(most)s 个字") % {"most": most})
        return values


def rows(file: str, text: str, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV with these columns; raises BadRow for a missing column, a ragged or an empty file."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise Row(file, 1, {}).fail(missing[0], _("缺这一列"))
    found = [Row(file, reader.line_num, cells) for cells in reader]
    for row in found:
        if None in row.cells or None in row.cells.values():
            raise row.fail(columns[0], _("这一行的格数和表头对不上"))
    if not found:
        raise Row(file, 1, {}).fail(columns[0], _("表里一行也没有"))
    return found


def by_code(found: list[Row], pattern: str) -> dict[str, Row]:
    """Rows by their code; raises BadRow for one that is not a code or stands twice."""
    table: dict[str, Row] = {}
    for row in found:
        code = row.cells["code"].strip()
        if not re.fullmatch(pattern, code):
            raise row.fail("code", _("「%(value)s」不是编号") % {"value": code})
        if code in table:
            raise row.fail("code", _("编号 %(value)s 出现了两次") % {"value": code})
        table[code] = row
    return table
