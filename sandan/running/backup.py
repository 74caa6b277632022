"""`sandan backup`: one file with everything the database held at one moment, while everybody goes on working."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

from sandan.core import health
from sandan.core.errors import Refused
from sandan.running import address, archive, keys, programs, proof, releases
from sandan.running.address import Connection
from sandan.running.archive import Manifest

LEFT_OUT = ("django_session",)  # a session's key is a login: a stolen backup must not be one
NAME = "sandan-{:%Y%m%dT%H%M%SZ}.zip"
PATTERN = "sandan-????????T??????Z.zip"


class CannotBackUp(Refused):
    """There is nothing to back up, or no place for it."""


@dataclass(frozen=True)
class Made:
    """A backup that is whole and on the disk."""

    path: Path
    manifest: Manifest
    with_key: bool
    removed: tuple[Path, ...] = ()


def backup(target: Path, *, at: datetime, with_key: bool = False, keep: int = 0) -> Made:
    """Back up into a new file, or into a folder under a name made of the time (UTC); `keep` leaves the newest there.

    Nobody waits for it: reading takes ACCESS SHARE locks alone. Refuses a target that is taken or cannot be written,
    and, with the key, one that others can read. What is not whole gets no name.
    """
    path = target / NAME.format(at.astimezone(UTC)) if target.is_dir() else target
    _refuse_place(path, with_key)
    try:
        with archive.appearing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
            manifest = _write(pack, at)
            if with_key:
                pack.writestr(archive.KEY, keys.path().read_text())
    except (OSError, psycopg.Error) as error:
        raise CannotBackUp(_("没有备份成：%(why)s") % {"why": str(error).strip().split("\n")[0]}) from error
    _note(manifest)
    return Made(path, manifest, with_key, _rotate(path.parent, keep) if target.is_dir() else ())


def _note(manifest: Manifest) -> None:
    """For `sandan check`: when the last one was whole. A backup is no worse where that cannot be written."""
    with suppress(OSError):
        (Path(settings.HOME) / health.BACKUP_MARK).write_text(manifest.made_at)


def _refuse_place(path: Path, with_key: bool) -> None:
    if not path.parent.is_dir():
        raise CannotBackUp(_("没有 %(folder)s 这个文件夹，请先建好。") % {"folder": path.parent})
    if path.exists():
        raise CannotBackUp(_("%(file)s 已经有了，请换一个名字。") % {"file": path})
    if with_key:
        keys.refuse_open_folder(path.parent)
        if not keys.path().exists():
            raise keys.KeyMissing(_("密封密钥不在 %(path)s，没法一起备份。") % {"path": keys.path()})


@contextmanager
def _moment() -> Iterator[tuple[Connection, str]]:
    """A connection that sees one moment of the database for as long as it is open, and that moment's name."""
    with address.connect(address.name()) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        yield connection, row[0]


def _write(pack: zipfile.ZipFile, at: datetime) -> Manifest:
    """The dump and the facts about it, both of the same moment."""
    with _moment() as (connection, snapshot):
        manifest = _facts(connection, at)
        with programs.dumping(connection.info.server_version // 10000, snapshot, LEFT_OUT) as dump:
            manifest = replace(manifest, dump=archive.write_dump(pack, dump))
    pack.writestr(archive.MANIFEST, manifest.text())
    return manifest


def _facts(connection: Connection, at: datetime) -> Manifest:
    names = [table.name for table in proof.tables(connection)]
    if "django_migrations" not in names:
        raise CannotBackUp(_("这个数据库是空的，没有可备份的。"))
    migrations = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Manifest(
        program=releases.program(),
        made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        server=connection.info.parameter_status("server_version") or "",
        migrations=tuple(sorted(name for (name,) in migrations)),
        tables=proof.contents(connection, without=LEFT_OUT),
        chain=chain_of(connection),
        key_ids=tuple(sorted(keys.needed(connection))),
        left_out=LEFT_OUT,
        digest_id=keys.known_digest(),
    )


def chain_of(connection: Connection) -> dict[str, str | int]:
    """The journal's anchor: its newest block's number and digest (hex)."""
    row = connection.execute("SELECT id, encode(digest, 'hex') FROM core_block ORDER BY id DESC LIMIT 1").fetchone()
    return {"blocks": row[0], "head": row[1]} if row else {"blocks": 0, "head": ""}


def _rotate(folder: Path, keep: int) -> tuple[Path, ...]:
    """Remove all but the newest files that bear our name; 0 keeps all."""
    old = tuple(sorted(folder.glob(PATTERN))[:-keep] if keep else ())
    for path in old:
        path.unlink()
    return old
