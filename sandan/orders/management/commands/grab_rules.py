"""Set a county's own rules of grabbing from a file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.management.commands.holidays import lines_of
from sandan.orders.actions.ruling import set_rules
from sandan.places.models import Place


class Command(BaseCommand):
    """`grab_rules COUNTY FILE.csv`: category (empty: all) and the rules of decision 0010; all rows or none."""

    help = "Replace a county's rules of grabbing by those of a file; all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county")
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, county: str, file: Path, **_options: object) -> None:
        """Print one line with how many rows hold now; refuses with the faults by row."""
        place = Place.objects.filter(code=county, kind="county").first()
        if place is None:
            raise CommandError(_("没有 %(code)s 这个区县。") % {"code": county})
        try:
            count = set_rules(county=place, lines=tuple(lines_of(file)), at=timezone.now())
        except Refused as refusal:
            raise CommandError(_("%(file)s 没有载入。\n%(why)s") % {"file": file.name, "why": refusal}) from refusal
        self.stdout.write(_("%(name)s的抢单规则换好了，共 %(count)d 行。") % {"name": place.name, "count": count})
