"""`sandan demo`: the whole product with invented people and a simulated month, and a table of logins."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import serving
from sandan.demo import bulk, county, organisations, people
from sandan.demo.progress import Bar
from sandan.front.queries import DEMO_PASSWORD
from sandan.places.models import Place

PATTERN_SCALE = 0.3  # about a thousand orders by real actions: what very many are copied from


class Command(BaseCommand):
    help = "启动演示：一个真实的县区，虚构的人，模拟的三十天"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which county, how much happens, where to listen."""
        parser.add_argument("--county", default="140106", help="六位代码（默认 140106 迎泽区）")
        parser.add_argument("--scale", type=float, default=1.0, help="单量的倍数（默认 1，约 3300 单）")
        parser.add_argument("--orders", type=int, default=0, help="成批填到这么多单，填好再打开（例如 1000000）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare, open the pages, let the month run beside them."""
        address = serving.Address("127.0.0.1", options["port"])
        serving.refuse_taken(address)
        place = county.prepare(options["county"], timezone.now())
        logins = [*people.give_logins(place), *organisations.give_logins(place, timezone.now())]
        if options["orders"]:
            self._fill(place, options["orders"])
        first = () if county.is_lived_in(place.code) else self._month(options)
        serving.serve(address, ready=lambda: self._say(address, logins), first=first)

    def _month(self, options: dict[str, Any]) -> tuple[str, ...]:
        words = ("month", "--county", options["county"], "--scale", str(options["scale"]))
        return (sys.executable, "-m", "django", *words)

    def _fill(self, place: Place, orders: int) -> None:
        """Before the pages open: a month by real actions, then copies; what Ctrl-C stops goes on at the next start."""
        if not county.is_lived_in(place.code):
            county.live(place, PATTERN_SCALE, timezone.now())
        made = bulk.fill(place.code, orders, Bar(_("成批填单")))
        words = _("填了 %(orders)d 单、%(rows)d 行，用了 %(seconds).0f 秒，每秒 %(speed).0f 行。")
        speed = made.rows / max(made.seconds, 0.001)
        facts = {"orders": made.orders, "rows": made.rows, "seconds": made.seconds, "speed": speed}
        self.stdout.write(words % facts)

    def _say(self, address: serving.Address, logins: list[people.Login]) -> None:
        lines = [_("三单演示已打开：%(address)s（按 Ctrl-C 停止）") % {"address": address}, ""]
        lines.append(_("登录名（密码都是 %(password)s）") % {"password": DEMO_PASSWORD})
        lines += [f"  {login.login:<14} {login.role}　{login.name}　{login.where}" for login in logins]
        lines.append(_("居民不用登录，直接打开首页点单。"))
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
