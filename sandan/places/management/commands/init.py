"""`sandan init CODE`: bring in a county by its six-digit code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sandan.core.errors import Refused
from sandan.places import actions
from sandan.places.models import Place

ORIGINS = {"imported": "边界来自公开的示意数据", "generated": "没有公开的边界，生成了一个示意轮廓"}


class Command(BaseCommand):
    help = "建立一个县（市、区）：街道、社区和示意边界"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="国家统计局公布的六位代码，例如 140106；东莞、中山、儋州、嘉峪关也用六位代码")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            county = actions.init_county(code=options["code"], at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        kinds = [Place.objects.within(county.code).filter(kind=kind).count() for kind in ("street", "community")]
        self.stdout.write(
            f"{county.name}：{kinds[0]} 个街道（乡镇），{kinds[1]} 个社区（村）；{ORIGINS[county.origin]}"
        )
