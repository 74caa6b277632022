"""Which system account runs the server: PostgreSQL refuses root, so root hands over to an account without rights."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sandan.cluster.errors import ClusterError

SYSTEM_USER = "sandan"
FALLBACKS = ("postgres", "nobody")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Account:
    """A uid and gid the server runs under; `is_other` says that it is not the account we run under ourselves."""

    uid: int
    gid: int
    is_other: bool

    def own(self, path: Path, mode: int) -> None:
        """Hand a file or folder of ours to the account with exactly these rights."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def spawn(self, command: Sequence[str | Path], log: Path | None = None) -> subprocess.Popen[str]:
        """Start a program under the account in a session of its own, so that Ctrl-C reaches it through us only."""
        words = [str(word) for word in command]
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if log else subprocess.PIPE
        env = {"PATH": PATH, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
        drop = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        try:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603 (our own binaries)
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=env,
                text=True,
                umask=0o077,
                start_new_session=True,
                **drop,
            )
        finally:
            if log:
                os.close(output)

    def run(self, command: Sequence[str | Path]) -> str:
        """Run a program to its end and return what it printed; refuses with its last words when it fails."""
        process = self.spawn(command)
        output = process.communicate(timeout=180)[0]
        if process.returncode:
            raise ClusterError(f"{Path(command[0]).name} 没有成功：{' '.join(output.strip().splitlines()[-2:])}")
        return output


def account() -> Account:
    """Our own account, or for root the account it hands the server to; made when missing."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    _make_system_user()
    for name in (SYSTEM_USER, *FALLBACKS):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, is_other=True)
    raise ClusterError("以 root 运行时需要一个普通系统账户：请先执行 useradd --system sandan")


def _make_system_user() -> None:
    """Add the system user; where that cannot be done, `account` falls back to another one."""
    tool = shutil.which("useradd", path=PATH)
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        if tool:
            command = [tool, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--user-group"]
            subprocess.run([*command, SYSTEM_USER], check=False, capture_output=True)  # noqa: S603 (fixed words)
