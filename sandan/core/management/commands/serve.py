"""`sandan serve`: the installation for real use, in the foreground until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sandan.core import certificates, serving


class Command(BaseCommand):
    help = "启动网页和后台进程；设置不安全时拒绝启动"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认只给本机）")
        parser.add_argument("--cert", default=settings.CERT, help="HTTPS 证书（PEM，含中间证书）；默认 SANDAN_CERT")
        parser.add_argument("--key", default=settings.KEY, help="证书的私钥（PEM）；默认 SANDAN_KEY")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse or run."""
        pair = certificates.given(options["cert"], options["key"])
        address = serving.Address(options["host"], options["port"], pair)
        serving.refuse_unsafe(address)
        serving.serve(address, ready=lambda: self._say(address))

    def _say(self, address: serving.Address) -> None:
        self.stdout.write(_("三单已启动：%(address)s（按 Ctrl-C 停止）") % {"address": address})
        self.stdout.flush()
