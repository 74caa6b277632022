"""The releases and their newest migrations: which one a database is at, and whether this program is new enough."""

import json
from collections.abc import Collection
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from sandan.core.errors import Refused

FILE = Path(__file__).parent / "data" / "releases.json"


class TooNew(Refused):
    """The data were made by a newer program than this one."""


@cache
def releases() -> dict[str, dict[str, str]]:
    """For each release, oldest first, the newest migration of each app."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def of(applied: Collection[str]) -> str:
    """The newest release whose migrations ("app.name") all stand in the database; empty before the first one."""
    fitting = [
        release
        for release, newest in releases().items()
        if all(f"{app}.{name}" in applied for app, name in newest.items())
    ]
    return fitting[-1] if fitting else ""


def program() -> str:
    """This program's version."""
    return version("sandan")


def applied() -> tuple[str, ...]:
    """The migrations that stand in the database, as "app.name"."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()))


def pending() -> list[Migration]:
    """The migrations the database still lacks, in their order."""
    executor = MigrationExecutor(connection)
    return [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def refuse_newer(names: Collection[str]) -> None:
    """Raise TooNew when one of these migrations ("app.name") is unknown to this program."""
    loader = MigrationLoader(None)
    disk = {f"{app}.{name}" for app, name in loader.disk_migrations}
    unknown = sorted(name for name in names if name not in disk and name.split(".")[0] in loader.migrated_apps)
    if unknown:
        raise TooNew(
            _("数据比程序新：有 %(names)s，这个 %(version)s 版的程序不认识。请换上新版程序。")
            % {"names": "、".join(unknown[:3]), "version": program()}
        )
