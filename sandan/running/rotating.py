"""A new sealing key: first it is added, then every row is sealed anew in short batches, then the old key retires."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from sandan.core import journal, sealed
from sandan.core.errors import Refused
from sandan.core.models import KeyChange
from sandan.core.sealed import RETIRED, KeyRing, SealedBytesField, SealedTextField
from sandan.running import address, keys

BATCH = 100  # rows sealed anew in one transaction: as long are they locked
ROUNDS, PAUSE_SECONDS = 20, 0.5  # how often rows that somebody held are tried again
ONE_AT_A_TIME = 734  # advisory lock: two rotations would each write the key file as they knew it

Say = Callable[[str], object]


class CannotRotate(Refused):
    """There is no key to rotate, or it may not be written."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: the new key's id, rows sealed anew in this run, old keys retired, rows nobody can open."""

    key_id: str
    row_count: int
    retired: tuple[str, ...]
    unreadable: int
    waiting: int


@dataclass(frozen=True)
class _Table:
    """A table with sealed columns, as (column, place) pairs."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]


def rotate(*, at: datetime, say: Say) -> Rotated:
    """Begin a rotation, or go on with one that was cut short; everybody goes on working meanwhile.

    Refuses where no key is, and a second one at the same time. The old keys retire only when nothing needs them.
    """
    with address.connect(address.name(), autocommit=True) as beside:
        row = beside.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME]).fetchone()
        if not row or not row[0]:
            raise CannotRotate(_("密封密钥正在更换，等它做完再来。"))
        return _rotate(at, say)


def _rotate(at: datetime, say: Say) -> Rotated:
    ring = _begin()
    change, _is_new = KeyChange.objects.get_or_create(key_id=ring.ids[0], defaults={"at": at})
    if _is_new:
        journal.write(change, "rotate", by="system", at=at, scope="", key=change.key_id)
    done, unreadable = _walk_all(ring, change, say)
    waiting = _needing(ring.ids[1:])
    old = ring.ids[1:] if not waiting else ()
    if old:
        _retire(ring)
    if not waiting:
        end = timezone.now()
        KeyChange.objects.filter(pk=change.pk).update(ended_at=end)
        journal.write(change, "rotated", by="system", at=end, scope="", key=change.key_id, retired=list(old))
    return Rotated(ring.ids[0], done, old, unreadable, waiting)


def _begin() -> KeyRing:
    """The ring with a new key in front; one that has several already is a rotation that was cut short."""
    if not keys.path().exists():
        raise CannotRotate(_("密封密钥不在 %(path)s，没法更换。") % {"path": keys.path()})
    ring = sealed.ring()
    if len(ring.sealing) == 1:
        ring = replace(ring, sealing=(os.urandom(sealed.KEY_LENGTH), *ring.sealing))
        write(keys.path(), ring.text)
    return ring


def write(path: Path, text: str) -> None:
    """Exchange a key file as a whole, for its owner alone, on the disk before it has its name."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise CannotRotate(_("写不了 %(path)s：%(why)s") % {"path": path, "why": error.strerror}) from error


def _tables() -> Iterator[_Table]:
    for model in apps.get_models():
        fields: Sequence[models.Field[object, object]] = model._meta.local_concrete_fields
        found = [(f.column or "", f.place) for f in fields if isinstance(f, SealedTextField | SealedBytesField)]
        if found:
            yield _Table(model._meta.db_table, model._meta.pk.column or "", tuple(found))


def _walk_all(ring: KeyRing, change: KeyChange, say: Say) -> tuple[int, int]:
    """All tables, and again what somebody held; how many rows were sealed anew, and how many nobody can open."""
    total = 0
    for _round in range(ROUNDS):
        found = [_walk(table, ring, change, say if not total else lambda _line: None) for table in _tables()]
        total += sum(done for done, _lost in found)
        lost = sum(lost for _done, lost in found)
        if not _needing(ring.ids[1:]):
            break
        time.sleep(PAUSE_SECONDS)
    return total, lost


def _walk(table: _Table, ring: KeyRing, change: KeyChange, say: Say) -> tuple[int, int]:
    last: Any = None
    done = lost = 0
    while True:
        with transaction.atomic():
            rows = _claim(table, ring, last)
            fresh = [new for row in rows if (new := _seal_anew(table, row))]
            _write_back(table, fresh)
            lost += len(rows) - len(fresh)
            KeyChange.objects.filter(pk=change.pk).update(row_count=models.F("row_count") + len(rows))
        if not rows:
            break
        last, done = rows[-1][0], done + len(rows)
    if done:
        say(_("%(table)s：重新密封 %(count)d 行") % {"table": table.name, "count": done - lost})
    return done - lost, lost


def _claim(table: _Table, ring: KeyRing, last: Any) -> list[tuple[Any, ...]]:
    """The next rows that are not under the newest key, locked; what others hold is left for the next round."""
    words = "SELECT {key}, {columns} FROM {table} WHERE ({old}) {after} ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED"
    old = sql.SQL("substring({} from 2 for 4) <> {}")
    newest = sql.Literal(bytes.fromhex(ring.ids[0]))
    names = [sql.Identifier(column) for column, _place in table.columns]
    question = sql.SQL(words).format(
        key=sql.Identifier(table.key), table=sql.Identifier(table.name), columns=sql.SQL(", ").join(names),
        old=sql.SQL(" OR ").join(old.format(name, newest) for name in names),
        after=sql.SQL("AND {} > %s" if last is not None else "").format(sql.Identifier(table.key)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(question, [*([last] if last is not None else []), BATCH])
        return list(cursor.fetchall())


def _seal_anew(table: _Table, row: tuple[Any, ...]) -> list[Any] | None:
    """One row's values under the newest key, its own key last; None where one of them opens with no key of ours."""
    key, *boxes = row
    try:
        fresh = [
            None if box is None else sealed.seal(sealed.unseal(bytes(box), place), place)
            for (_column, place), box in zip(table.columns, boxes, strict=True)
        ]
    except InvalidTag:
        return None
    return [*fresh, key]


def _write_back(table: _Table, rows: Sequence[list[Any]]) -> None:
    """The whole batch in one exchange with the database."""
    sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column, _place in table.columns)
    words = sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
        sql.Identifier(table.name), sets, sql.Identifier(table.key)
    )
    with connection.cursor() as cursor:
        cursor.executemany(words, rows)


def _needing(ids: Sequence[str]) -> int:
    """How many values still need one of these keys."""
    with address.connect(address.name()) as beside:
        found = keys.needed(beside)
    return sum(sum(found[key_id].values()) for key_id in ids if key_id in found)


def _retire(ring: KeyRing) -> None:
    """The old keys leave the file for one beside it: first they are there, then they are gone from here."""
    path = keys.path()
    beside = path.with_name(path.name + RETIRED)
    kept = beside.read_text().split() if beside.exists() else []
    lines = KeyRing(ring.sealing[1:], ring.digesting).text.split()[:-1]
    write(beside, "".join(f"{line}\n" for line in dict.fromkeys([*lines, *kept])))
    write(path, replace(ring, sealing=ring.sealing[:1]).text)
