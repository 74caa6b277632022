"""`sandan upgrade`: the database of an older program made fit for this one, whole or not at all."""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.running import address, backup, proof, releases
from sandan.running.address import Connection
from sandan.running.proof import Content, Table

KEPT_WORD_FOR_WORD = ("core_entry", "core_block", "core_look")  # what an upgrade never changes, only adds to
OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
PATIENCE = 3.0  # seconds
Say = Callable[[str], None]


class CannotUpgrade(Refused):
    """The database is in use, empty, or came out other than it should; nothing was changed."""


@dataclass(frozen=True)
class Upgraded:
    """What was done: from which release (empty when unknown), by which migrations, with which backup before."""

    was: str
    steps: tuple[str, ...]
    backup: backup.Made | None
    rows_kept: int


def upgrade(*, at: datetime, folder: Path | None, say: Say = lambda _words: None) -> Upgraded | None:
    """Back up into `folder` (None: no backup) and run what is missing; None when nothing is.

    All migrations run in one transaction, so that a program killed on the way leaves the old state. The journal and
    the looks must be the same afterwards, byte for byte, or nothing is kept.
    """
    applied = releases.applied()
    if not applied:
        raise CannotUpgrade(_("这个数据库是空的。请先执行 sandan init，或用 sandan restore 恢复备份。"))
    releases.refuse_newer(applied)
    steps = releases.pending()
    if not steps:
        return None
    _refuse_in_use()
    made = backup.backup(_folder(folder), at=at) if folder else None
    if made:
        say(_("已备份到 %(path)s") % {"path": made.path})
    before = _kept()
    is_whole = all(step.atomic for step in steps)  # one that builds an index beside the work has its own transactions
    if not is_whole:
        say(_("这次有一步不能整体退回，会一步一步执行；中途断了，再执行一次 sandan upgrade 接着做，或恢复备份。"))
    with transaction.atomic() if is_whole else nullcontext():
        _migrate(say)
        _refuse_different(before)
    names = tuple(f"{step.app_label}.{step.name}" for step in steps)
    return Upgraded(releases.of(applied), names, made, proof.total(before))


def _folder(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _refuse_in_use() -> None:
    """An old program must not go on writing into new tables."""
    address.leave()
    until = time.monotonic() + PATIENCE
    with address.connect(address.name(), autocommit=True) as beside:
        while (others := _others(beside)) and time.monotonic() < until:  # our own that just closed are still ending
            time.sleep(0.1)
    if others:
        raise CannotUpgrade(
            _("还有 %(count)d 个连接在用这个数据库。请先停下 sandan serve 和别的连接，再升级。") % {"count": others}
        )


def _others(beside: Connection) -> int:
    row = beside.execute(OTHERS).fetchone()
    return row[0] if row else 0


def _kept() -> dict[str, Content]:
    """What must be the same afterwards."""
    with address.connect(address.name()) as beside:
        return {table.name: proof.content(beside, table) for table in proof.tables(beside) if _is_kept(table)}


def _is_kept(table: Table) -> bool:
    return table.name in KEPT_WORD_FOR_WORD


def _migrate(say: Say) -> None:
    """Run everything missing on Django's connection, inside the transaction that is open."""

    def report(action: str, migration: Migration | None = None, _fake: bool = False, /) -> None:
        if action == "apply_success":
            _settle()
            say(_("　%(step)s 已执行") % {"step": migration})

    executor = MigrationExecutor(connection, report)  # type: ignore[arg-type]  # the stub wants three overloads
    executor.loader.check_consistent_history(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    words: dict[str, Any] = {"verbosity": 0, "interactive": False, "db": connection.alias, "apps": apps, "plan": plan}
    emit_pre_migrate_signal(**words)
    executor.migrate(targets, plan)
    emit_post_migrate_signal(**words)


def _settle() -> None:
    """Let constraints that wait for the end of the transaction be checked now: the next step may alter their tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _refuse_different(before: Mapping[str, Content]) -> None:
    """Compare what must be the same, still inside the transaction."""
    connection.ensure_connection()
    wrong = proof.differences(connection.connection, before)
    if wrong:
        raise CannotUpgrade(_("升级动了不该动的内容，已全部退回：%(wrong)s") % {"wrong": "；".join(wrong)})
