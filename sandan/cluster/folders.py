"""Where a cluster keeps its data, its socket and its secrets, and who is using it."""

import fcntl
import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandan.cluster.account import Account
from sandan.cluster.binaries import SHARED
from sandan.cluster.errors import ClusterError

SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class Folders:
    """The places of one cluster; `base` belongs to the account that runs the server."""

    base: Path
    socket: Path

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "server.log"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else starts or stops this cluster meanwhile."""
        handle = os.open(self.base / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def share(self) -> int:
        """Enter the list of users: a shared lock that the kernel drops when the process dies, however it dies."""
        handle = os.open(self.base / "users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle

    def leave(self, handle: int) -> bool:
        """Leave the list of users; true when nobody is left."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True


def folders(home: Path, runner: Account) -> Folders:
    """The cluster's places for a project's home, made with rights for the server's account alone."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    base = _base_for_root(home) if runner.is_other else home / "pg"
    base.mkdir(parents=True, exist_ok=True)
    runner.own(base, 0o700)
    socket = base / "run"
    if len(os.fsencode(socket)) > SOCKET_LIMIT:
        mark = hashlib.sha256(os.fsencode(base)).hexdigest()[:16]
        socket = Path(tempfile.gettempdir()) / f"sandan-{runner.uid}-{mark}"
    socket.mkdir(exist_ok=True, mode=0o700)
    _refuse_foreign(socket, runner)
    runner.own(socket, 0o700)
    return Folders(base, socket)


def _base_for_root(home: Path) -> Path:
    """A folder outside the home, which may be closed to the server's account; the home remembers its name.

    A home under the temp folder keeps its data there, so that a test that was killed leaves nothing in the system.
    """
    note = home / "cluster.id"
    if not note.exists():
        note.write_text(secrets.token_hex(6))
        note.chmod(0o600)
    SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
    temp = Path(tempfile.gettempdir()).resolve()
    parent = temp if temp in home.resolve().parents else SHARED
    return parent / f"sandan-{note.read_text().strip()}"


def _refuse_foreign(folder: Path, runner: Account) -> None:
    """A folder of that name in the shared temp folder that somebody else prepared is not used."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), runner.uid}:
        raise ClusterError(f"{folder} 属于别的账户；请删除它，或设置另一个 TMPDIR")


def secret(path: Path) -> str:
    """A random password kept in a file that only its owner may read; made on first use."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    word = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(word + "\n")
    return word
