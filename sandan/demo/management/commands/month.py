"""`month`: play the simulated month of the demo, beside the running web server."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.demo import county
from sandan.places.models import Place


class Command(BaseCommand):
    help = "演示：用真实的动作走完模拟的三十天"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which county, and how much happens there."""
        parser.add_argument("--county", default="140106")
        parser.add_argument("--scale", type=float, default=1.0)

    def handle(self, *_words: Any, **options: Any) -> None:
        """Play once."""
        if county.is_lived_in(options["county"]):
            return
        place = Place.objects.get(code=options["county"])
        played = county.live(place, options["scale"], timezone.now(), clock=timezone.now)
        self.stdout.write(_("模拟的三十天走完了：%(count)d 单。") % {"count": played.placed})
        if played.refused:
            self.stdout.write(_("其中没走成的步骤：%(steps)s") % {"steps": played.refused})
