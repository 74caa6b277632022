"""`sandan audit`: verify the journal's hash chain and name the first break."""

import json
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from sandan.core import chain


class Command(BaseCommand):
    help = "核对日志的哈希链；完好退出码为 0，断了为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        """Machine-readable output; the digest that an earlier audit printed."""
        parser.add_argument("--json", action="store_true", help="输出一行 JSON")
        parser.add_argument("--anchor", default="", help="上次核对时抄下的末块摘要：证明此后没有整块被拿走")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check all blocks, and the anchor when one is given."""
        verdict = chain.audit()
        if options["anchor"] and not verdict.broken and not chain.knows(options["anchor"]):
            verdict = replace(verdict, broken="the anchor is not in the chain: newest blocks were taken away")
        self.stdout.write(json.dumps(asdict(verdict)) if options["json"] else self._words(verdict))
        if verdict.broken:
            raise SystemExit(1)

    def _words(self, verdict: chain.Verdict) -> str:
        checked = _("核对了 %(lines)d 行，%(blocks)d 块；还没封存 %(unsealed)d 行。") % asdict(verdict)
        if verdict.broken:
            return checked + _("日志被动过，第一处：%(where)s") % {"where": verdict.broken}
        head = _("末块摘要 %(head)s，请抄在别处。") % {"head": verdict.head} if verdict.head else ""
        return checked + _("完好。") + head
