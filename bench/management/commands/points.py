"""`points`: how many positions a second find their grid, in the demo's county."""

import sys
from contextlib import redirect_stdout
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bench import bounds, points
from bench.ground import COUNTY
from sandan.demo import county


class Command(BaseCommand):
    help = "How many positions a second find their grid"
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Measure; ends with an error where the bound is missed or the loop says otherwise."""
        with redirect_stdout(sys.stderr):
            county.prepare(COUNTY, timezone.now())
        try:
            found = points.measure(COUNTY)
        except points.Disagree as error:
            raise CommandError(str(error)) from error
        judged = bounds.table(bounds.judged(bounds.FIGURES, [found.line()]))
        self.stdout.write("\n".join([str(found), *judged]))
