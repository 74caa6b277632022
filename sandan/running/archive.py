"""The file of a backup: a zip with the database's dump, what it proves, and the sealing key only if asked for."""

import fcntl
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.running.proof import Content

FORMAT = 1
DUMP, MANIFEST, KEY = "database.dump", "manifest.json", "seal.key"
CHUNK = 1024 * 1024


class BadArchive(Refused):
    """The file is no backup of ours, or not the whole one."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `chain` is the journal's last block then; `fingerprint` vouches for all of it."""

    program: str
    made_at: str
    server: str
    migrations: tuple[str, ...]
    tables: Mapping[str, Content]
    chain: Mapping[str, str | int]
    key_ids: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    digest_id: str = ""  # of the key that digests: with another one nobody is found by phone or code
    dump: Mapping[str, str | int] = field(default_factory=dict)
    format: int = FORMAT

    def text(self) -> str:
        """As JSON, the same bytes for the same facts."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @property
    def fingerprint(self) -> str:
        """One SHA-256 over all facts, the hashes of every table and of the dump among them."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def _read_manifest(text: bytes) -> Manifest:
    facts = json.loads(text)
    if facts.get("format") != FORMAT:
        raise BadArchive(_("这个备份是更新的程序做的，请先换上新版程序。"))
    facts["tables"] = {
        name: Content(tuple(table["columns"]), table["rows"], table["sha256"])
        for name, table in facts["tables"].items()
    }
    for name in ("migrations", "key_ids", "left_out"):
        facts[name] = tuple(facts[name])
    return Manifest(**facts)


@contextmanager
def appearing(target: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone that gets its name only when it is whole and on the disk; a killed writer leaves none.

    What an earlier killed writer left in the folder is removed: its lock is gone with it.
    """
    _remove_remains(target.parent)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _remove_remains(folder: Path) -> None:
    for part in folder.glob(".*.part"):
        with part.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # somebody writes it at this moment
                continue
            part.unlink(missing_ok=True)


class _Hashing:
    """A file to write to that counts and digests what goes through."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sha, self.size = file, hashlib.sha256(), 0

    def write(self, chunk: bytes) -> int:
        self.sha.update(chunk)
        self.size += len(chunk)
        return self._file.write(chunk)

    @property
    def facts(self) -> dict[str, str | int]:
        return {"bytes": self.size, "sha256": self.sha.hexdigest()}


def write_dump(pack: zipfile.ZipFile, source: IO[bytes]) -> dict[str, str | int]:
    """Stream the dump into the file; returns its size in bytes and its SHA-256."""
    with pack.open(DUMP, "w", force_zip64=True) as entry:
        through = _Hashing(entry)
        shutil.copyfileobj(source, through, CHUNK)
    return through.facts


def read(path: Path) -> Manifest:
    """The facts of a backup, once the file has proved to be whole: every byte of the dump is read and compared."""
    try:
        with zipfile.ZipFile(path) as pack:
            manifest = _read_manifest(pack.read(MANIFEST))
            sha, size = hashlib.sha256(), 0
            with pack.open(DUMP) as entry:
                while chunk := entry.read(CHUNK):
                    sha.update(chunk)
                    size += len(chunk)
    except FileNotFoundError as error:
        raise BadArchive(_("没有 %(file)s 这个文件。") % {"file": path}) from error
    except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BadArchive(_("%(file)s 不是完整的备份，不能用。请换一份。") % {"file": path}) from error
    if {"bytes": size, "sha256": sha.hexdigest()} != manifest.dump:
        raise BadArchive(_("%(file)s 的内容和它自己的摘要对不上，不能用。请换一份。") % {"file": path})
    return manifest


@contextmanager
def dump_of(path: Path) -> Iterator[IO[bytes]]:
    """The dump as a stream."""
    with zipfile.ZipFile(path) as pack, pack.open(DUMP) as entry:
        yield entry


def key_of(path: Path) -> str | None:
    """The sealing key, where the backup was asked to carry it."""
    with zipfile.ZipFile(path) as pack:
        return pack.read(KEY).decode() if KEY in pack.namelist() else None
