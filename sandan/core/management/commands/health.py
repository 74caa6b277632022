"""`sandan check`: one line per thing checked."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sandan.core import health


class Command(BaseCommand):
    help = "检查设置、密钥、数据库、迁移、时钟、放假安排、磁盘、后台进程"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people or for machines."""
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the findings; ends with 1 when one of them is a failure."""
        found = health.findings()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
        else:
            for finding in found:
                self.stdout.write(f"{finding.level:<4} {finding.name}：{finding.text}")
        failed = [finding.name for finding in found if finding.level == "fail"]
        if failed:
            raise CommandError("没有通过：" + "、".join(failed))
