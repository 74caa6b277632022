"""`sandan backup`: everything the database holds at this moment, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.running import backup, keys, proof
from sandan.running.backup import Made


class Command(BaseCommand):
    help = "备份：数据库、照片都在一个文件里；不影响正在办的事"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, how many to keep, with the key or without."""
        parser.add_argument("target", type=Path, help="新文件的名字，或一个文件夹（按时间起名）")
        parser.add_argument("--keep", type=int, default=0, help="文件夹里只留最新的几份（默认全留）")
        parser.add_argument("--with-key", action="store_true", help="把密封密钥也放进去（谁拿到文件，谁就能打开）")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Back up, then say what is in it and what is not."""
        made = backup.backup(
            options["target"].absolute(), at=timezone.now(), with_key=options["with_key"], keep=max(0, options["keep"])
        )
        for line in lines_of(made):
            self.stdout.write(line)


def lines_of(made: Made) -> list[str]:
    """What an operator wants to know."""
    facts = made.manifest
    said = {"path": made.path, "size": made.path.stat().st_size / 1e6, "tables": len(facts.tables)}
    said |= {"rows": proof.total(facts.tables), "fingerprint": facts.fingerprint}
    lines = [_("备份好了：%(path)s（%(size).1f MB，%(tables)d 张表，%(rows)d 行，照片在内）") % said]
    lines.append(_("备份指纹 %(fingerprint)s，请抄在别处") % said)
    lines += [_("删去旧备份 %(name)s") % {"name": path.name} for path in made.removed]
    if made.with_key:
        lines.append(_("密封密钥在这个备份里：谁拿到文件谁就能看到姓名和电话，请锁起来，不要放在网盘上。"))
    else:
        words = _("密封密钥不在备份里：请把 %(key)s 另存一处，和备份分开放。没有它，姓名、电话、门牌和照片谁也打不开。")
        lines.append(words % {"key": keys.path()})
    return lines
