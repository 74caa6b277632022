"""`sandan audit`: verify the journal's hash chain and name the first break."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sandan.core import chain


class Command(BaseCommand):
    help = "Verify the journal's hash chain; exit 0 when it is whole, 1 when it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        verdict = chain.audit()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict)))
        else:
            state = f"broken: {verdict.broken}" if verdict.broken else "whole"
            counts = f"{verdict.lines} lines in {verdict.blocks} blocks checked, {verdict.unsealed} not sealed yet"
            self.stdout.write(f"{counts}; {state}")
        if verdict.broken:
            raise SystemExit(1)
