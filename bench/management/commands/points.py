"""`points`: how many positions a second find their grid, in the demo's county."""

import sys
from contextlib import redirect_stdout
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench import points
from bench.ground import COUNTY
from sandan.demo import county

LEAST = 500_000  # a second


class Command(BaseCommand):
    help = "How many positions a second find their grid"
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Measure; ends with an error where the bound is missed or the loop says otherwise."""
        with redirect_stdout(sys.stderr):
            county.prepare(COUNTY, timezone.now())
        found = points.measure(COUNTY)
        self.stdout.write(f"{found}: {'pass' if found.indexed >= LEAST and found.agree else 'MISS'}")
        if not found.agree:
            raise CommandError("The index and the loop disagree.")
