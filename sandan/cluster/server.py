"""One embedded PostgreSQL: made, started, found again after a crash, shared by several commands, stopped."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from sandan.cluster.account import Account, account
from sandan.cluster.binaries import Binaries, binaries
from sandan.cluster.errors import ClusterError
from sandan.cluster.folders import Folders, folders, secret

OWNER = "postgres"  # the bootstrap superuser; the product never logs in with it
APP = "sandan"
PATIENCE = 60.0  # seconds for a start, which may replay a log after a crash
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "log_error_verbosity": "terse",  # a detail quotes the row that was refused: names, telephones
    "log_min_error_statement": "panic",  # a statement holds what somebody typed
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10s"}


@dataclass
class Cluster:
    """A running server. Close with `stop`, which leaves it running while another command uses it."""

    places: Folders
    runner: Account
    programs: Binaries
    for_tests: bool = False
    _users: int | None = field(default=None, repr=False)
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def version(self) -> str:
        return self.programs.version

    def url(self, name: str) -> str:
        """The address of one database for the product's own role, over the unix socket."""
        password = secret(self.places.base / "app.password")
        return f"postgresql://{APP}:{quote(password)}@/{quote(name)}?host={quote(str(self.places.socket), safe='')}"

    def ensure_database(self, name: str) -> str:
        """The address of a database that exists afterwards, owned by the product's role (no superuser)."""
        with self.owner() as connection:
            connection.execute("SELECT pg_advisory_lock(731)")  # held until this connection closes
            self._ensure_role(connection)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                words = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
                connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(APP)))
        return self.url(name)

    def stop(self) -> None:
        """Leave the cluster; the last user shuts it down and waits until it has."""
        if self._users is None:
            return
        with self.places.alone():
            handle, self._users = self._users, None
            if self.places.leave(handle):
                self._shut_down()

    def destroy(self) -> None:
        """Stop and delete everything, data included. For tests."""
        self.stop()
        shutil.rmtree(self.places.base, ignore_errors=True)
        shutil.rmtree(self.places.socket, ignore_errors=True)

    def owner(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the server's superuser, each statement its own transaction: for making databases."""
        return psycopg.connect(
            host=str(self.places.socket),
            dbname="postgres",
            user=OWNER,
            password=secret(self.places.base / "owner.password"),
            autocommit=True,
            connect_timeout=5,
        )

    def _ensure_role(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """The role with its password; in tests it may also create the databases of the test runners."""
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone()
        words = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
            sql.SQL("ALTER" if known else "CREATE"),
            sql.Identifier(APP),
            sql.SQL("CREATEDB" if self.for_tests else "NOCREATEDB"),
            sql.Literal(secret(self.places.base / "app.password")),
        )
        connection.execute(words)

    def _answers(self) -> bool:
        try:
            self.owner().close()
        except psycopg.OperationalError:
            return False
        return True

    def _start(self) -> None:
        """Join the server that answers, or make and start one; tries again while a crash's remains still end."""
        self._users = self.places.share()
        if self._answers():
            return
        if not (self.places.data / "PG_VERSION").exists():
            self._make()
        self._refuse_other_version()
        until = time.monotonic() + PATIENCE
        while not self._launch(until):
            if time.monotonic() > until - PATIENCE / 2:
                raise ClusterError(f"数据库没有启动成功：{self._last_words()}（日志：{self.places.log}）")
            time.sleep(1)

    def _make(self) -> None:
        """Run initdb beside the final place, so that a broken one is never taken for a cluster."""
        fresh = self.places.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = self.places.base / "initdb.password"
        password.write_text(secret(self.places.base / "owner.password"))
        self.runner.own(password, 0o600)
        command: list[str | Path] = [self.programs.folder / "initdb", "-D", fresh, "-U", OWNER, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--data-checksums"]
        command += ["--no-sync"] if self.for_tests else []
        try:
            self.runner.run([*command, "--locale=C.UTF-8"])
        except ClusterError:  # an old libc without this locale
            shutil.rmtree(fresh, ignore_errors=True)
            self.runner.run([*command, "--locale=C"])
        finally:
            password.unlink()
        fresh.rename(self.places.data)

    def _refuse_other_version(self) -> None:
        made = int((self.places.data / "PG_VERSION").read_text())
        if made != self.programs.major:
            raise ClusterError(
                f"数据是 PostgreSQL {made} 的，程序是 {self.programs.major} 的：请用 {made} 版程序（SANDAN_PG_BIN）"
                "导出后再导入"
            )

    def _launch(self, until: float) -> bool:
        """Start the server once; false when it ended by itself."""
        self._drop_stale_marks()
        settings = SETTINGS | {"unix_socket_directories": str(self.places.socket)} | (UNSAFE if self.for_tests else {})
        switches = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self.programs.folder / "postgres", "-D", self.places.data, *switches]
        self._trim_log()
        self._process = self.runner.spawn(command, log=self.places.log)
        while time.monotonic() < until:
            if self._process.poll() is not None:
                return False
            if self._answers():
                return True
            time.sleep(0.05)
        self._shut_down()
        return False

    def _trim_log(self) -> None:
        """Keep the log readable: past 20 MB the old one makes room."""
        if self.places.log.exists() and self.places.log.stat().st_size > 20 * 1024 * 1024:
            self.places.log.replace(self.places.log.with_suffix(".old"))

    def _pid(self) -> int | None:
        """The pid in the server's own file, when that process is alive and works in our data folder."""
        try:
            pid = int((self.places.data / "postmaster.pid").read_text().split("\n")[0])
            here = Path(os.readlink(f"/proc/{pid}/cwd")) if Path("/proc/self").exists() else self.places.data
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid if here == self.places.data.resolve() else None

    def _drop_stale_marks(self) -> None:
        """After a crash the number may belong to another program or a zombie; the server would refuse to start."""
        if self._pid() is None:
            socket = self.places.socket
            for mark in (self.places.data / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
                mark.unlink(missing_ok=True)

    def _shut_down(self) -> None:
        """Fast shutdown: sessions are ended, everything is written; waits until the process is gone."""
        pid = self._pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)
        until = time.monotonic() + PATIENCE
        while self._pid() is not None and time.monotonic() < until:
            if self._process is not None:
                self._process.poll()
            time.sleep(0.02)
        if self._process is not None:
            self._process.wait(PATIENCE)
            self._process = None

    def _last_words(self) -> str:
        lines = self.places.log.read_text(errors="replace").strip().splitlines() if self.places.log.exists() else []
        return " ".join(lines[-3:])


def start(home: Path, *, for_tests: bool = False) -> Cluster:
    """The running cluster of a project's home folder: joined when it runs, else started, else made first.

    Raises ClusterError with a sentence for the operator. `for_tests` gives up durability for speed.
    """
    runner = account()
    cluster = Cluster(folders(home, runner), runner, binaries(runner), for_tests)
    try:
        with cluster.places.alone():
            cluster._start()
    except BaseException:
        cluster.stop()
        raise
    return cluster
