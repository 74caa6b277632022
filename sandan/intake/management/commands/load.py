"""`sandan load`: reference data from files, again and again without harm; with `grids FILE` the ground of an office."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sandan.calc.ground import Datum
from sandan.core.errors import Refused
from sandan.intake.actions import Change, Files, load_catalogue
from sandan.places.management import files

KINDS = ("catalogue", "grids", "area-codes")


class Command(BaseCommand):
    help = "载入参考数据：事项目录（默认）；grids 文件：网格、小区、楼栋；area-codes 文件：区划代码的变化"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", choices=KINDS, default="catalogue")
        parser.add_argument("file", nargs="?", type=Path, help=".xlsx 或 GeoJSON；区划代码用 .csv")
        parser.add_argument("--folder", type=Path, default=settings.BASE / "data", help="事项目录的三个文件在哪里")
        parser.add_argument("--county", default="", help="六位代码；只开了一个区时不用写")
        parser.add_argument("--datum", choices=files.DATUMS, help="文件里的坐标系")
        parser.add_argument("--keep", action="store_true", help="文件里没有的保留不动")
        parser.add_argument("--apply", action="store_true", help="看完预览就导入；不写只预览")
        parser.add_argument("--undo", type=int, metavar="编号", help="撤回一次导入")

    def handle(self, *, what: str, **options: Any) -> None:
        try:
            {"catalogue": self._catalogue, "grids": self._grids, "area-codes": self._area_codes}[what](options)
        except (OSError, UnicodeDecodeError, Refused) as fault:
            raise CommandError(str(fault)) from fault

    def _catalogue(self, options: dict[str, Any]) -> None:
        names = ("categories", "duties", "departments")
        read = (Path(options["folder"], f"{name}.csv").read_text(encoding="utf-8") for name in names)
        changes = load_catalogue(Files(*read), at=timezone.now())
        for change in changes:
            self.stdout.write(_line(change))
        self.stderr.write(f"{len(changes)} rows changed")

    def _grids(self, options: dict[str, Any]) -> None:
        if options["undo"]:
            return files.undo(options["undo"], timezone.now(), self.stdout.write)
        datum = Datum(options["datum"]) if options["datum"] else None
        return files.load_grids(
            _named(options), files.county_called(options["county"]), datum, keeps=options["keep"],
            applies=options["apply"], at=timezone.now(), say=self.stdout.write,
        )  # fmt: skip

    def _area_codes(self, options: dict[str, Any]) -> None:
        files.load_area_codes(_named(options), timezone.now(), self.stdout.write)


def _named(options: dict[str, Any]) -> Path:
    if options["file"] is None:
        raise CommandError("请写明文件，例如：sandan load grids 网格.xlsx")
    return Path(options["file"])


def _line(change: Change) -> str:
    what = "new" if change.is_new else "changed: " + ", ".join(change.columns)
    return f"{change.code} {change.name} {what}"
