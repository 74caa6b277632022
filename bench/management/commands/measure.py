"""`measure`: a town, a server, slices of load in turn, a table."""

import json
import sys
from argparse import ArgumentParser
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bench import grabs, ground, logins, points, report, rounds, server
from bench.cost import NotHere
from bench.counting import statements
from bench.paths import all_paths
from sandan.orders.models import Order

NAMES = "place board narrow page map move inbox hall points grabs logins"


class Command(BaseCommand):
    help = "What a request costs, beside a view that inserts one row"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long, how often, how large."""
        parser.add_argument("--seconds", type=float, default=2.0, help="how long each slice of load lasts (2)")
        parser.add_argument(
            "--repeat", type=int, default=3, help="how often each path is measured (3); the median counts"
        )
        parser.add_argument("--orders", type=int, default=3000, help="how many orders there are (3000)")
        parser.add_argument("--grow", type=int, default=0, help="then the board again with so many orders (1000000)")
        parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8], help="connections of the load (1 8)")
        parser.add_argument("--only", nargs="+", default=[], help=f"only these: {NAMES}")
        parser.add_argument("--sql", action="store_true", help="print the statements of each path as well")
        parser.add_argument("--json", action="store_true", help="print JSON instead of the table")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it; a wrong answer ends it with what was answered."""
        try:
            with redirect_stdout(sys.stderr):  # what others print on the way
                found = self._measured(options)
        except (server.Wrong, NotHere, ground.NotEmpty, points.Disagree) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found.facts(), indent=1) if options["json"] else found.table())

    def _measured(self, options: dict[str, Any]) -> report.Report:
        town, only = ground.make(options["orders"]), options["only"]
        paths = [path for path in all_paths(town) if path.name in {"base", *only} or not only]
        counts = {path.name: statements(path) for path in paths}
        if options["sql"]:
            for path in paths:
                print(path.name, *counts[path.name].sql, sep="\n  ", file=sys.stderr)
        figures: list[points.Points | grabs.Grabs | logins.Logins] = []
        if not only or "points" in only:
            figures.append(points.measure(ground.COUNTY))
        with server.running(server.free_port(), Path(settings.HOME) / "server.log") as running:
            slices = rounds.run(running, paths, options["concurrency"], options["repeat"], options["seconds"])
            if not only or "grabs" in only:
                figures.append(grabs.measure(running, town, options["repeat"]))
            if not only or "logins" in only:
                figures.append(logins.measure(running, town, options["repeat"]))
            around, grown = report.machine() | ground.rows(), list[rounds.Slice]()
            if options["grow"]:
                large = [path for path in paths if path.name in ("base", *ground.GROWING)]
                ground.grow(options["grow"])
                grown = rounds.run(running, large, [1], options["repeat"], options["seconds"])
        return report.Report(
            paths, counts, slices, around, options["seconds"], tuple(grown), Order.objects.count(), tuple(figures)
        )
