"""`sandan keys`: which sealing keys are in use; `sandan keys rotate` changes the key while everybody works."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import sealed
from sandan.running import address, keys, rotating
from sandan.running.rotating import Rotated


class Command(BaseCommand):
    help = "密封密钥：看在用哪几把；keys rotate 换一把新的，不用停机，断了再执行一次就接着做"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Look, or rotate."""
        parser.add_argument("what", nargs="?", choices=("show", "rotate"), default="show", help="show 看；rotate 更换")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what is there, or what was done."""
        if options["what"] == "show":
            lines = shown()
        else:
            lines = lines_of(rotating.rotate(at=timezone.now(), say=self.stdout.write))
        for line in lines:
            self.stdout.write(line)


def shown() -> list[str]:
    """The keys of the file, and how many values need each; a key that is needed and not there is named as lost."""
    with address.connect(address.name()) as connection:
        needed = keys.needed(connection)
    known, retired = keys.known_ids(), keys.retired_ids()
    lines = []
    for key_id in (*known, *(one for one in needed if one not in known)):
        place = _("在用") if key_id in known[:1] else _("换下中") if key_id in known else _("已换下")
        place = place if key_id in known or key_id in retired else _("找不到")
        values = sum(needed.get(key_id, {}).values())
        lines.append(
            _("%(key)s %(place)s，%(count)d 处密封内容用它") % {"key": key_id, "place": place, "count": values}
        )
    return lines


def lines_of(done: Rotated) -> list[str]:
    """What an operator wants to know."""
    lines = [_("新密钥 %(key)s 在用了，重新密封 %(count)d 行。") % {"key": done.key_id, "count": done.row_count}]
    if done.waiting:
        lines.append(_("还有 %(count)d 处没换成（有人占着），旧密钥留着。请再执行一次。") % {"count": done.waiting})
    if done.unreadable:
        lines.append(_("有 %(count)d 行哪把密钥都打不开，没有动。") % {"count": done.unreadable})
    if done.retired:
        path = f"{keys.path()}{sealed.RETIRED}"
        lines.append(
            _("旧密钥 %(ids)s 换到了 %(path)s：以前的备份还要用它，请移到保险的地方，备份过期后销毁。")
            % {"ids": "、".join(done.retired), "path": path}
        )
        lines.append(_("请把新的密钥文件 %(path)s 也另存一处。") % {"path": keys.path()})
    return lines
