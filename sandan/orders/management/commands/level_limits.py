"""Set the office's own limits of the ladder from a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.management.commands.holidays import text_of
from sandan.orders.actions.ladder_limits import set_limits


class Command(BaseCommand):
    """`level_limits FILE.csv`: category,level,minutes,does (step or propose); all rows or none."""

    help = "Replace the limits per item and level of the ladder by those of a file; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        """Print one line with how many rows hold now; refuses with the fault by row."""
        try:
            count = set_limits(lines=text_of(file).splitlines(), at=timezone.now())
        except Refused as refusal:
            raise CommandError(_("%(file)s 没有载入。\n%(why)s") % {"file": file.name, "why": refusal}) from refusal
        self.stdout.write(_("各级时限换好了，共 %(count)d 行。") % {"count": count})
