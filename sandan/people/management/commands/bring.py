"""`sandan import units|members|posts FILE`: a list from an operator's keyboard, looked over, told in words, applied."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.people.actions import importing
from sandan.people.actions.import_plans import Plan
from sandan.people.models import PeopleImport
from sandan.people.queries import import_showing, import_words
from sandan.people.queries.import_template import template_of
from sandan.places.models import Place

MOST_LINES = 50  # of each kind of remark
BAR = 40  # characters


class Command(BaseCommand):
    help = "导入名单：units 单位，members 在职党员，posts 岗位。先看预览用 --dry-run"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which list, which file, and what to do with it."""
        parser.add_argument("kind", choices=PeopleImport.Kind.values, help="哪种名单")
        parser.add_argument("file", nargs="?", type=Path, help=".xlsx 文件")
        parser.add_argument("--dry-run", action="store_true", help="只看预览，什么都不改")
        parser.add_argument("--county", default="", help="六位代码；只开了一个区时不用写")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="表!行=答",
            help="只有姓名对得上的行：照预览的提示写",
        )
        parser.add_argument("--template", action="store_true", help="把空表写到这个文件")
        parser.add_argument("--undo", type=int, metavar="编号", help="撤回一次导入")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["undo"]:
                return self._undo(options["undo"])
            if options["file"] is None:
                raise CommandError("请写明文件，例如：sandan import members 名单.xlsx")
            county = _county(options["county"])
            if options["template"]:
                options["file"].write_bytes(template_of(options["kind"], county.code))
                return self.stdout.write(_("空表已写到 %(file)s") % {"file": options["file"]})
            return self._bring(options, county)
        except (OSError, Refused) as fault:
            raise CommandError(str(fault)) from fault

    def _bring(self, options: dict[str, Any], county: Place) -> None:
        at, file = timezone.now(), options["file"]
        answers = dict(text.split("=", 1) for text in options["answer"] if "=" in text)
        draft = importing.receive_list(
            kind=options["kind"], county=county, name=file.name, data=file.read_bytes(), by="system", at=at
        )
        try:
            plan = importing.look_over(draft=draft, by="system", at=at, answers=answers)
            for line in lines_of(plan):
                self.stdout.write(line)
            if options["dry_run"]:
                return self.stdout.write(_("这只是预览，什么都没改。"))
            self._apply(draft, answers)
        finally:
            PeopleImport.objects.filter(pk=draft.pk, state=PeopleImport.State.DRAFT).delete()

    def _apply(self, draft: PeopleImport, answers: Mapping[str, str]) -> None:
        done = importing.apply_list(draft=draft, by="system", at=timezone.now(), answers=answers, tick=self._tick)
        if self.stderr.isatty():
            self.stderr.write("")
        kind, number = done.kind, done.pk
        words = _("已导入，编号 %(number)d。撤回：sandan import %(kind)s --undo %(number)d")
        self.stdout.write(words % {"number": number, "kind": kind})

    def _tick(self, done: int, total: int) -> None:
        """A bar on the terminal; nothing where the output goes to a file."""
        if self.stderr.isatty() and total:
            full = BAR * done // total
            self.stderr.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{total}", ending="")

    def _undo(self, number: int) -> None:
        row = import_showing.applied_import(number)
        if row is None:
            raise Refused(_("没有编号 %(number)d 的导入。") % {"number": number})
        importing.undo_list(work=row, by="system", at=timezone.now())
        self.stdout.write(_("已撤回导入 %(number)d：%(name)s") % {"number": number, "name": row.name})


def _county(code: str) -> Place:
    rows = list(Place.objects.filter(kind=Place.Kind.COUNTY, code__startswith=code).defer("outline")[:2])
    if len(rows) != 1:
        raise Refused(_("请用 --county 写明是哪个县（市、区），六位代码。"))
    return rows[0]


def lines_of(plan: Plan) -> list[str]:
    """What a preview says, line by line."""
    found = plan.listing
    lines = import_words.sheet_words(found.skipped, found.unused, found.solved)
    lines += _some([import_words.fault_words(fault, plan.kind) for fault in plan.faults])
    if plan.faults:
        return lines
    for one in plan.questions:
        options = "；".join(f"{value}：{words}" for value, words in one.options)
        where = import_words.where_words(one.where)
        lines.append(f"{where} {one.name}？--answer '{one.key}=…'（{options}）")
    lines += _some([import_words.remark_words(remark) for remark in plan.remarks])
    words = (_("新增"), _("有改动"), _("没变"))
    for thing, numbers in import_words.counts_of(plan.counts):
        told = "，".join(f"{word} {number}" for word, number in zip(words, numbers, strict=True) if number)
        lines.append(f"{thing}：{told}")
    return lines


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], _("……还有 %(count)d 条") % {"count": more}] if more > 0 else lines
