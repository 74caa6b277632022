"""`month`: play the simulated month of the demo, beside the running web server."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sandan.demo import county
from sandan.places.models import Place


class Command(BaseCommand):
    help = "演示：用真实的动作走完模拟的三十天"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which county, and how much happens there."""
        parser.add_argument("--county", default="140106")
        parser.add_argument("--scale", type=float, default=1.0)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play once."""
        if not county.is_lived_in():
            played = county.live(Place.objects.get(code=options["county"]), options["scale"], timezone.now())
            self.stdout.write(f"{played.placed} orders; refused on the way: {played.refused or 'nothing'}")
