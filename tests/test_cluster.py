"""The embedded PostgreSQL: first start, second user, crash, two starters, accounts, closed folders."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from sandan import cluster
from sandan.cluster import account, binaries, folders
from sandan.cluster.server import Cluster

TOP = Path(__file__).resolve().parent.parent
WAIT = "import sys, pathlib; from sandan import cluster; c = cluster.start(pathlib.Path(sys.argv[1]), for_tests=True); "
# Everything is imported (a first connection loads the driver's last parts) before the rights are gone for good.
DROP = """
import os, psycopg, sandan.cluster
try:
    psycopg.connect(host="/nowhere", connect_timeout=1)
except psycopg.OperationalError:
    pass
os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})
"""
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home folder outside the project, closed to everybody else; its data go with it."""
    folder = Path(tempfile.mkdtemp(prefix="sandan-cluster-"))
    yield folder
    cluster.start(folder, for_tests=True).destroy()
    shutil.rmtree(folder)


@pytest.fixture
def running(home: Path) -> Iterator[Cluster]:
    """A started cluster."""
    started = cluster.start(home, for_tests=True)
    yield started
    started.stop()


def ask(url: str, question: str) -> object:
    """The first value of a question's answer."""
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]


def postmaster(started: Cluster) -> int:
    """The server's pid."""
    return int((started.places.data / "postmaster.pid").read_text().split("\n")[0])


class TestStart:
    def test_gives_an_ordinary_role_its_own_database(self, running: Cluster) -> None:
        url = running.ensure_database("one")
        assert ask(url, "SELECT current_user::text") == "sandan"
        assert ask(url, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user") is False
        assert ask(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'one'") == "sandan"
        assert ask(url, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'one'") == "UTF8"

    def test_listens_on_no_network(self, running: Cluster) -> None:
        url = running.ensure_database("one")
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW data_checksums") == "on"

    def test_writes_no_row_and_no_statement_into_its_log(self, running: Cluster) -> None:
        """A refused row is quoted in a detail; a failed statement holds what somebody typed."""
        with psycopg.connect(running.ensure_database("one"), autocommit=True) as connection:
            connection.execute("CREATE TABLE said (words text PRIMARY KEY)")
            connection.execute("INSERT INTO said VALUES ('16400007719')")
            for wrong in ("INSERT INTO said VALUES ('16400007719')", "SELECT '16400007719' FROM nowhere"):
                with pytest.raises(psycopg.Error):
                    connection.execute(wrong.encode())
        log = running.places.log.read_text()
        assert "duplicate key" in log
        assert "16400007719" not in log

    def test_refuses_a_wrong_password(self, running: Cluster) -> None:
        url = running.ensure_database("one")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url, password="guess")

    def test_keeps_every_folder_and_secret_to_its_owner(self, running: Cluster) -> None:
        running.ensure_database("one")
        base = running.places.base
        paths = (base, running.places.data, running.places.socket, base / "app.password", base / "owner.password")
        assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in paths] == [0] * 5

    def test_is_durable_outside_tests(self, home: Path) -> None:
        started = cluster.start(home)
        assert ask(started.ensure_database("one"), "SHOW fsync") == "on"
        started.stop()

    def test_finds_its_data_again(self, home: Path) -> None:
        first = cluster.start(home, for_tests=True)
        with psycopg.connect(first.ensure_database("one")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        first.stop()
        second = cluster.start(home, for_tests=True)
        assert ask(second.ensure_database("one"), "SELECT n FROM kept") == 7
        second.stop()

    def test_uses_a_short_socket_folder_where_the_home_is_deep(self, home: Path) -> None:
        deep = home / ("d" * 60) / ("e" * 60)
        deep.mkdir(parents=True)
        os.chmod(deep, 0o700)
        places = folders.folders(deep, account.Account(os.geteuid(), os.getegid(), is_other=False))
        assert len(os.fsencode(places.socket / ".s.PGSQL.5432")) <= 107
        assert places.socket.parent == Path(tempfile.gettempdir())
        places.socket.rmdir()

    def test_refuses_data_of_another_version(self, home: Path) -> None:
        started = cluster.start(home, for_tests=True)
        started.stop()
        note = started.places.data / "PG_VERSION"
        kept = note.read_text()
        note.write_text("14\n")
        with pytest.raises(cluster.ClusterError, match="数据是 PostgreSQL 14 的"):
            cluster.start(home)
        note.write_text(kept)

    def test_says_where_programs_are_missing(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setenv("SANDAN_PG_BIN", str(home))
            with pytest.raises(cluster.ClusterError, match="SANDAN_PG_BIN"):
                cluster.start(home)


class TestStop:
    def test_leaves_the_server_to_another_user(self, home: Path) -> None:
        first, second = cluster.start(home, for_tests=True), cluster.start(home, for_tests=True)
        url = first.ensure_database("one")
        first.stop()
        assert ask(url, "SELECT 1") == 1
        second.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)

    def test_can_be_asked_twice(self, home: Path) -> None:
        started = cluster.start(home, for_tests=True)
        started.stop()
        started.stop()
        assert not (started.places.data / "postmaster.pid").exists()


class TestRecovery:
    def test_joins_the_server_of_a_starter_that_was_killed(self, home: Path) -> None:
        code = WAIT + "print(c.ensure_database('one'), flush=True); sys.stdin.read()"
        with script(code, home) as dead:
            assert dead.stdout
            url = dead.stdout.readline().strip()
            dead.kill()
        assert ask(url, "SELECT 1") == 1
        heir = cluster.start(home, for_tests=True)
        heir.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)

    def test_starts_again_after_the_server_was_killed(self, home: Path) -> None:
        started = cluster.start(home, for_tests=True)
        url = started.ensure_database("one")
        os.kill(postmaster(started), signal.SIGKILL)
        again = cluster.start(home, for_tests=True)
        assert ask(url, "SELECT 1") == 1
        again.stop()
        started.stop()

    def test_is_not_misled_by_a_pid_that_belongs_to_another_program(self, home: Path) -> None:
        started = cluster.start(home, for_tests=True)
        started.stop()
        (started.places.data / "postmaster.pid").write_text(f"{os.getpid()}\n{started.places.data}\n1\n5432\n\n\n")
        again = cluster.start(home, for_tests=True)
        assert postmaster(again) != os.getpid()
        again.stop()

    def test_makes_the_data_anew_when_the_first_start_was_cut_short(self, home: Path) -> None:
        places = folders.folders(home, account.account())
        (places.base / "data.new").mkdir()
        (places.base / "data.new" / "half").touch()
        started = cluster.start(home, for_tests=True)
        assert not (places.base / "data.new").exists()
        started.stop()


class TestTwoStarters:
    def test_do_not_clash(self, home: Path) -> None:
        code = WAIT + "print(c.ensure_database('one')); print(c.ensure_database('two')); c.stop()"
        pair = [script(code, home) for _ in range(3)]
        said = [process.communicate()[0] for process in pair]
        assert [process.returncode for process in pair] == [0, 0, 0]
        assert len(set(said)) == 1


class TestAccount:
    def test_is_never_root(self) -> None:
        assert account.account().uid != 0

    def test_the_server_runs_under_it(self, running: Cluster) -> None:
        assert Path(f"/proc/{postmaster(running)}").stat().st_uid == account.account().uid

    def test_works_without_rights_in_a_folder_of_its_own(self) -> None:
        """As root the same start is run once more by an account that gave up its rights; else we are one ourselves."""
        folder = Path(tempfile.mkdtemp(prefix="sandan-plain-"))
        nobody = pwd.getpwnam("nobody")
        if AS_ROOT:
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        programs = {"SANDAN_PG_BIN": str(binaries.binaries(account.account()).folder)}
        code = DROP.format(nobody=nobody) if AS_ROOT else ""
        code += WAIT + "print(c.runner.is_other, c.ensure_database('one')); c.destroy()"
        words = [sys.executable, "-c", code, str(folder / "home")]
        done = subprocess.run(words, env=os.environ | programs, cwd="/", capture_output=True, text=True, check=False)
        shutil.rmtree(folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("False postgresql://sandan:")


class TestUrl:
    def test_names_the_socket_folder_and_escapes_it(self, running: Cluster) -> None:
        parts = urlsplit(running.url("one"))
        assert parse_qs(parts.query)["host"] == [str(running.places.socket)]
        assert parts.hostname is None
        assert parts.username == "sandan"


def script(code: str, home: Path) -> subprocess.Popen[str]:
    """Another process that runs a few lines with the home folder as its argument."""
    words = [sys.executable, "-c", code, str(home)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TOP)
