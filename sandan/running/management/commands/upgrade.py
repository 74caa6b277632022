"""`sandan upgrade`: the data of an older program made fit for this one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.running import releases, upgrade


class Command(BaseCommand):
    help = "升级数据：先备份，再整个升级；中途断了，旧数据原样不动"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the backup goes, or that there is none."""
        folder = Path(settings.HOME) / "backups"
        parser.add_argument("--backup-to", type=Path, default=folder, help="升级前的备份放哪里（默认 %(default)s）")
        parser.add_argument("--no-backup", action="store_true", help="不先备份（刚备份过）")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Upgrade and say what was done."""
        folder = None if options["no_backup"] else options["backup_to"].absolute()
        done = upgrade.upgrade(at=timezone.now(), folder=folder, say=self.stdout.write)
        if done is None:
            self.stdout.write(_("数据已是 %(version)s 版的，不用升级。") % {"version": releases.program()})
            return
        facts = {"was": done.was or _("更早的版本"), "now": releases.program(), "steps": len(done.steps)}
        self.stdout.write(_("升级好了：%(was)s → %(now)s，执行了 %(steps)d 步。") % facts)
        self.stdout.write(_("日志和查看记录 %(rows)d 行，升级前后逐字节相同。") % {"rows": done.rows_kept})
        self.stdout.write(_("请执行 sandan check，再启动 sandan serve。"))
