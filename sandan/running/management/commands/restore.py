"""`sandan restore`: a backup into an empty installation, with proof."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sandan.running import archive, keys, proof, restore
from sandan.running.archive import Manifest
from sandan.running.restore import Restored


class Command(BaseCommand):
    help = "把备份恢复到空的安装里，逐表核对"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file; only look at it; the key is lost."""
        parser.add_argument("file", type=Path, help="sandan backup 做的文件")
        parser.add_argument("--check", action="store_true", help="只核对文件是否完整，不恢复")
        parser.add_argument("--without-key", action="store_true", help="密封密钥确实丢了，也要恢复")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look at the file or restore it."""
        path = options["file"].absolute()
        if options["check"]:
            lines = [_about(archive.read(path)), _("文件是完整的。")]
        else:
            lines = lines_of(restore.restore(path, without_key=options["without_key"]))
        for line in lines:
            self.stdout.write(line)


def _about(manifest: Manifest) -> str:
    facts = {"at": manifest.made_at, "program": manifest.program, "fingerprint": manifest.fingerprint}
    return _("备份时间 %(at)s，程序 %(program)s，指纹 %(fingerprint)s") % facts


def lines_of(restored: Restored) -> list[str]:
    """The proof, and what is left to do."""
    tables = restored.manifest.tables
    lines = [_about(restored.manifest)]
    lines += [f"  {name:<32} {tables[name].rows:>9}  {tables[name].sha256[:16]}" for name in sorted(tables)]
    facts = {"tables": len(tables), "rows": proof.total(tables)}
    lines.append(_("恢复好了：%(tables)d 张表、%(rows)d 行，行数和内容摘要都与备份时相同。") % facts)
    if restored.verdict:
        words = _("日志链完好：%(lines)d 行、%(blocks)d 块，末块与备份时相同。还没封存 %(unsealed)d 行。")
        lines.append(words % {"lines": restored.verdict.lines, "blocks": restored.verdict.blocks,
                              "unsealed": restored.verdict.unsealed})  # fmt: skip
    if restored.lost:
        lines.append(keys.words_for(restored.lost))
    if restored.pending:
        lines.append(_("这是旧版程序的数据，请接着执行 sandan upgrade。"))
    lines.append(_("登录都已退出，请重新登录。"))
    return lines
