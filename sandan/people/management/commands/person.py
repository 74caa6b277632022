"""`sandan person`: an account with its first post, from the operator's own keyboard."""

import secrets
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.people import actions
from sandan.people.models import Role, Unit
from sandan.places.models import Place


class NoSuchScope(Refused):
    """The code is no place of this installation."""


class NoUnit(Refused):
    """A clerk without a unit answers for nobody."""


class Command(BaseCommand):
    help = "新建一个账号并安排岗位，密码只显示这一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, as what, where."""
        parser.add_argument("login", help="登录名，例如 zhangmin")
        parser.add_argument("name", help="姓名")
        parser.add_argument("--role", choices=Role.values, required=True, help="岗位")
        parser.add_argument("--scope", required=True, help="管哪里：区县 6 位、街道 9 位、社区 12 位、网格 15 位代码")
        parser.add_argument("--unit", default="", help="单位经办人、外联单位要写单位名，没有就新建")
        parser.add_argument("--branch", choices=Unit.Branch.values, default="", help="外联单位是哪一种")
        parser.add_argument("--phone", default="", help="工作手机号，可不填")

    def _unit(self, options: dict[str, Any], at: datetime) -> Unit | None:
        """Whom they act for; clerks and partners act for a unit, nobody else does."""
        if options["role"] not in (Role.UNIT_CLERK, Role.PARTNER):
            return None
        if not options["unit"]:
            raise NoUnit(_("这个岗位要写单位：加上 --unit 单位名。"))
        kind = Unit.Kind.PARTNER if options["role"] == Role.PARTNER else Unit.Kind.DEPARTMENT
        return actions.make_unit(
            name=options["unit"], kind=kind, scope=options["scope"], branch=options["branch"], by="system", at=at
        )

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        """Make both or neither."""
        scope, at, password = options["scope"], timezone.now(), secrets.token_urlsafe(12)
        if not Place.objects.filter(code=scope).exists():
            raise NoSuchScope(_("没有代码为 %(code)s 的地方。请先执行 sandan init，或核对代码。") % {"code": scope})
        person = actions.make_person(
            login=options["login"], name=options["name"], phone=options["phone"], password=password,
            scope=scope, by="system", at=at,
        )  # fmt: skip
        unit = self._unit(options, at)
        actions.give_post(person=person, role=options["role"], scope=scope, from_at=at, by="system", at=at, unit=unit)
        self.stdout.write(
            _("账号 %(login)s 建好了，密码 %(password)s（只显示这一次，请当面交给本人）")
            % {"login": person.login, "password": password}
        )
