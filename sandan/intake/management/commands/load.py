"""`sandan load`: reference data from files, again and again without harm."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sandan.core.errors import Refused
from sandan.intake.actions import Change, Files, load_catalogue


class Command(BaseCommand):
    help = "Loads the catalogue (categories.csv, duties.csv, departments.csv) and prints what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE / "data", help="where the three files are")

    def handle(self, *, folder: Path, **_options: Any) -> None:
        try:
            names = ("categories", "duties", "departments")
            files = Files(*((folder / f"{name}.csv").read_text(encoding="utf-8") for name in names))
            changes = load_catalogue(files, at=timezone.now())
        except (OSError, UnicodeDecodeError, Refused) as fault:
            raise CommandError(str(fault)) from fault
        for change in changes:
            self.stdout.write(_line(change))
        self.stderr.write(f"{len(changes)} rows changed")


def _line(change: Change) -> str:
    what = "new" if change.is_new else "changed: " + ", ".join(change.columns)
    return f"{change.code} {change.name} {what}"
