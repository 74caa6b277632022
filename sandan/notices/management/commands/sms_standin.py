"""`sandan manage sms_standin`: a provider of short messages that sends nothing, to try an installation out."""

from argparse import ArgumentParser
from random import SystemRandom
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from sandan.notices.channels.standin import Manners, Message, Provider


class Command(BaseCommand):
    help = "本机的短信平台替身：验签名，不真发"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it listens and how it misbehaves."""
        parser.add_argument("--port", type=int, default=8099)
        parser.add_argument("--fail", type=float, default=0.0, help="多大比例答 503（0 到 1）")
        parser.add_argument("--slow", type=float, default=0.0, help="每次慢几秒")
        parser.add_argument(
            "--receipts-to", default="", help="回执地址，例如 http://127.0.0.1:8000/notices/receipts/sms/"
        )
        parser.add_argument("--receipts", type=int, default=1, help="每条回执发几次")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Listen until interrupted."""
        dice = SystemRandom()

        def status(_message: Message, _nth: int) -> int:
            return 503 if dice.random() < options["fail"] else 200

        manners = Manners(
            status=status, slow_seconds=options["slow"], receipts_to=options["receipts_to"],
            receipts=options["receipts"] if options["receipts_to"] else 0,
        )  # fmt: skip
        provider = Provider(manners=manners, told=self.stdout.write)
        address = provider.start(options["port"])
        for name, value in (("URL", address), ("KEY", provider.key), ("SECRET", provider.secret)):
            self.stdout.write(f"export SANDAN_SMS_{name}='{value}'")
        try:
            Event().wait()
        except KeyboardInterrupt:
            provider.stop()
