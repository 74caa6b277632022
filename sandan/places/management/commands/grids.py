"""`sandan grids CODE`: generate demonstration grids in a county, or check the grids it has."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sandan.calc.ground import Finding
from sandan.core.errors import Refused
from sandan.places import actions, queries
from sandan.places.management import files
from sandan.places.models import Place

WORDS = {
    "gap": "没有网格覆盖",
    "outside": "超出边界",
    "overlap": "网格重叠",
    "homeless": "楼不在任何网格里",
    "shared": "楼同时在几个网格里",
    "small": "户数偏少",
    "large": "户数偏多",
}


class Command(BaseCommand):
    help = "生成示例网格（标明是生成的），检查现有网格，或把现有的写到文件"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--check", action="store_true", help="只检查，不生成")
        parser.add_argument("--export", type=Path, metavar="文件", help="写到文件：.xlsx 或 .geojson，改好可以再导入")
        parser.add_argument("--ordinary", type=int, default=853)
        parser.add_argument("--exclusive", type=int, default=345)
        parser.add_argument("--micro", type=int, default=2558)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        county = Place.objects.filter(code=options["code"], kind=Place.Kind.COUNTY).first()
        if county is None:
            raise CommandError("这个县（市、区）还没有建立：先运行 sandan init")
        if options["export"]:
            return files.export(county, options["export"], self.stdout.write)
        if options["check"]:
            return self._report(queries.findings(county))
        counts = {kind: options[kind] for kind in ("ordinary", "exclusive", "micro", "seed")}
        try:
            drawing = actions.make_grids(county=county, at=timezone.now(), **counts)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{county.name}：生成 {len(drawing.cells)} 个网格，"
            f"{len(drawing.estates)} 个小区，{len(drawing.buildings)} 栋楼"
        )
        return None

    def _report(self, findings: list[Finding]) -> None:
        """One line for each kind of finding, with the first few codes; fails when the tiling itself is broken."""
        for what, words in WORDS.items():
            found = [f for f in findings if f.what == what]
            for level in sorted({f.level for f in found}):
                codes = [" ".join(f.codes) for f in found if f.level == level]
                self.stdout.write(f"{level} {words} {len(codes)}：{'；'.join(codes[:5])}")
        if any(f.level == "error" for f in findings):
            raise CommandError("网格有缺口、重叠或漏楼")
