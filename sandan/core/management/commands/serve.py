"""`sandan serve`: the installation for real use, in the foreground until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sandan.core import serving


class Command(BaseCommand):
    help = "启动网页和后台进程；设置不安全时拒绝启动"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认只给本机）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse or run."""
        address = serving.Address(options["host"], options["port"])
        serving.refuse_unsafe(address)
        serving.serve(address, ready=lambda: self._say(address))

    def _say(self, address: serving.Address) -> None:
        self.stdout.write(_("三单已启动：%(address)s（按 Ctrl-C 停止）") % {"address": address})
        self.stdout.flush()
