"""`sandan restore`: a backup into an empty installation, proved before it gets the installation's name."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from sandan.core import chain, sealed
from sandan.core.errors import Refused
from sandan.core.models import Block, Entry
from sandan.running import address, archive, backup, keeper, keys, programs, proof, releases
from sandan.running.archive import Manifest


class CannotRestore(Refused):
    """The place is not empty, or what came out is not what went in."""


@dataclass(frozen=True)
class Restored:
    """What stands in the database now. `verdict` is None where the journal is older than this program reads."""

    manifest: Manifest
    verdict: chain.Verdict | None
    lost: Counter[str]
    pending: int


def restore(path: Path, *, without_key: bool = False) -> Restored:
    """Restore a backup; the old, empty state stands until everything is proved, and again if we are killed before.

    Verifies the file, then every table's rows and hash, then the journal's chain up to the backup's anchor. Refuses a
    database that holds anything, a backup of a newer program, a key that does not fit (`without_key` says that it is
    lost).
    """
    manifest = archive.read(path)
    releases.refuse_newer(manifest.migrations)
    _refuse_occupied()
    key_text = _key_for(manifest, archive.key_of(path), without_key)
    _install(key_text)
    address.leave()
    with keeper.keeper() as keeping:
        if keeping is None:
            return _restore_in_place(path, manifest)
        fresh = keeping.make()
        try:
            restored = _fill(path, manifest, fresh)
            keeping.swap(fresh)
        except Exception:
            keeping.drop(fresh)
            raise
    return restored


def _refuse_occupied() -> None:
    with address.connect(address.name()) as connection:
        found = proof.occupied(connection)
    if found:
        raise CannotRestore(
            _("数据库 %(name)s 里已有数据（%(tables)s 等），不覆盖。请换一个空库，或把 SANDAN_HOME 设为新文件夹。")
            % {"name": address.name(), "tables": "、".join(found[:3])}
        )


def _key_for(manifest: Manifest, carried: str | None, without_key: bool) -> str | None:
    """The text of the key file to install, None where the right one is in its place already."""
    needed, there = set(manifest.key_ids), {*keys.known_ids(), *keys.retired_ids()}
    facts = {"path": keys.path()}
    if without_key:
        return None
    if needed <= there:
        _refuse_other_digest(manifest)
        return None
    if carried is None:
        words = _("备份里的密封内容要用当时的密钥才打得开。请把它放到 %(path)s 再来；确实丢了，加 --without-key。")
        raise keys.KeyMissing(words % facts)
    if there:
        words = _("%(path)s 是另一把密钥，打不开这个备份。请先把它挪到别处，备份里带着的那把会放到这里。")
        raise keys.KeyMissing(words % facts)
    return carried


def _refuse_other_digest(manifest: Manifest) -> None:
    """Everything would open, but nobody would be found: the key that digests must be the one of then."""
    if manifest.digest_id and manifest.digest_id != keys.known_digest():
        words = _("%(path)s 打得开密封内容，但查电话、查询码用的那一行（digest:）不是备份时的。请放当时的密钥文件。")
        raise keys.KeyMissing(words % {"path": keys.path()})


def _install(key_text: str | None) -> None:
    """Put the backup's key in its place; where none is known, a new one for what comes."""
    if key_text is None:
        sealed.make_key(keys.path())
        return
    handle = os.open(keys.path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key_text)
        file.flush()
        os.fsync(file.fileno())


def _fill(path: Path, manifest: Manifest, database: str) -> Restored:
    """Load the dump and prove it."""
    with archive.dump_of(path) as dump:
        programs.restore(dump, database)
    with address.connect(database) as connection:
        wrong = proof.differences(connection, manifest.tables)
        if wrong or backup.chain_of(connection) != manifest.chain:
            raise CannotRestore(_("恢复出来的和备份不一样，没有启用：%(wrong)s") % {"wrong": "；".join(wrong)})
        connection.execute("ANALYZE")
        connection.commit()
        lost = keys.unreadable(connection)
    with address.standing_in(database):
        pending = len(releases.pending())
        verdict = _audit(manifest)
    return Restored(manifest, verdict, lost, pending)


def _reads_journal() -> bool:
    """Whether the restored journal has all the columns that this program asks for."""
    with connection.cursor() as cursor:
        for model in (Entry, Block):
            columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
            if not {field.column for field in model._meta.local_concrete_fields} <= {one.name for one in columns}:
                return False
    return True


def _audit(manifest: Manifest) -> chain.Verdict | None:
    """The journal's chain, checked line by line; not where its tables are older than this program reads."""
    if not _reads_journal():
        return None
    verdict = chain.audit()
    if verdict.broken:
        raise CannotRestore(_("备份里的日志链是断的，没有启用：%(where)s") % {"where": verdict.broken})
    if verdict.head != manifest.chain["head"]:
        raise CannotRestore(_("日志链的末块和备份时抄下的不同，没有启用。"))
    return verdict


def _restore_in_place(path: Path, manifest: Manifest) -> Restored:
    """Where our role may not make databases: into the empty one itself, in one transaction."""
    with address.connect(address.name()) as connection:
        if proof.tables(connection):
            raise CannotRestore(
                _("数据库账号不能新建数据库，只能恢复到一张表都没有的空库。请换一个空库，或给账号 CREATEDB 权限。")
            )
    return _fill(path, manifest, address.name())
