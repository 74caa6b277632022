"""`sandan manage service_rules`: how many service posts one may hold, and when again, in a county."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.people.actions.service_rules import set_rules
from sandan.people.queries.member_rules import post_rules
from sandan.places.models import Place


class Command(BaseCommand):
    help = "设一个区县的服务岗规则：一个人最多领几个，交回后多少天不能再领，几天内交回不算"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county and its numbers; what is left out is the house's."""
        parser.add_argument("county", help="区县 6 位代码，写 all 是所有区县")
        parser.add_argument("--most-held", type=int, help="一个人最多领几个岗")
        parser.add_argument("--again-days", type=int, help="交回后多少天不能再领同一个")
        parser.add_argument("--free-days", type=int, help="几天内交回不算领过")

    def handle(
        self, *_args: object, county: str, most_held: int | None, again_days: int | None, free_days: int | None,
        **_options: object,
    ) -> None:  # fmt: skip
        """Print one line with what holds now."""
        code = "" if county == "all" else county
        if code and not Place.objects.filter(code=code, kind=Place.Kind.COUNTY).exists():
            raise CommandError(_("没有 %(code)s 这个区县。") % {"code": county})
        try:
            set_rules(
                county=code, most_held=most_held, again_days=again_days, free_days=free_days, by="system",
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        rules = post_rules(code)
        self.stdout.write(
            _("最多领 %(most)d 个，交回后 %(again)d 天不能再领，%(free)d 天内交回不算。")
            % {"most": rules.most_held, "again": rules.again_days, "free": rules.free_days}
        )
