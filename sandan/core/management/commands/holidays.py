"""Load the holiday plan of a year from a file."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.calendar import Line, load_plan
from sandan.core.errors import Refused


class Command(BaseCommand):
    """`holidays FILE.csv`: date, working (0 or 1), name; all rows or none."""

    help = "Load one year's holiday plan: columns date, working (0 or 1), name; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        """Print one line with what was loaded; refuses with the faults by row."""
        try:
            days = load_plan(lines=lines_of(file), at=timezone.now())
        except Refused as refusal:
            raise CommandError(_("%(file)s 没有载入。\n%(why)s") % {"file": file.name, "why": refusal}) from refusal
        working = sum(day.is_working for day in days)
        counts = {"year": days[-1].on.year, "off": len(days) - working, "on": working}
        self.stdout.write(_("%(year)d 年放假安排载入了：放假 %(off)d 天，调休上班 %(on)d 天。") % counts)


def lines_of(file: Path) -> Iterator[Line]:
    """The rows under the column names, each with its number in the file."""
    rows = csv.DictReader(text_of(file).splitlines())
    return ((rows.line_num, row) for row in rows)


def text_of(file: Path) -> str:
    """The file's text; spreadsheets of Chinese offices save UTF-8 with a mark, or GB 18030."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(_("打不开 %(file)s：%(why)s") % {"file": file.name, "why": error.strerror}) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(_("%(file)s 不是文字文件。请在表格里另存为 CSV 再来。") % {"file": file.name})
