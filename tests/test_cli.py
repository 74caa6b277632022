"""The `sandan` command: dispatch by name, refusals in a sentence, the embedded database for a command's life."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError

from sandan import cli, cluster
from sandan.core.errors import Refused

TOP = Path(__file__).resolve().parent.parent
PROGRAM = (sys.executable, "-m", "sandan.cli")


def bare(home: Path, **extra: str) -> dict[str, str]:
    """An environment in which nothing of the tests' own installation is left."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SANDAN_", "DATABASE_", "DJANGO_"))}
    return kept | {"SANDAN_HOME": str(home)} | extra


def sandan(home: Path, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [*PROGRAM, *words], env=bare(home, **extra), cwd=TOP, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with tables in its embedded database; migrated by the program itself."""
    folder = tmp_path_factory.mktemp("sandan-cli")
    done = sandan(folder, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    yield folder
    cluster.start(folder, for_tests=True).destroy()


class TestMain:
    def test_shows_what_can_be_asked(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["help"]) == 0
        said = capsys.readouterr().out
        assert all(f"sandan {name}" in said for name in ("migrate", "init", "load", "serve", "demo", "check", "audit"))

    def test_refuses_a_command_nobody_knows(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["fly"]) == 2
        assert "没有 fly 这个命令" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "refusal",
        [
            Refused("这样不行"),
            ImproperlyConfigured("这样不行"),
            CommandError("这样不行"),
            cluster.ClusterError("这样不行"),
        ],
        ids=lambda refusal: type(refusal).__name__,
    )
    def test_says_a_refusal_in_one_sentence(
        self, refusal: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(_words: cli.Words) -> int:
            raise refusal

        monkeypatch.setattr(cli, "run", refuse)
        assert cli.main(["load"]) == 1
        assert capsys.readouterr().err == "这样不行\n"

    def test_does_not_hide_a_fault_of_the_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_words: cli.Words) -> int:
            raise KeyError("a fault")

        monkeypatch.setattr(cli, "run", fail)
        with pytest.raises(KeyError):
            cli.main(["load"])

    def test_puts_the_signal_handlers_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = signal.getsignal(signal.SIGTERM)
        monkeypatch.setattr(cli, "run", lambda _words: 0)
        assert cli.main(["check"]) == 0
        assert signal.getsignal(signal.SIGTERM) is before


class TestDatabaseWords:
    def test_tell_a_missing_table_from_a_missing_server(self) -> None:
        missing = ProgrammingError('relation "orders_order" does not exist')
        missing.__cause__ = psycopg.errors.UndefinedTable()
        assert "sandan migrate" in cli.database_words(missing)
        assert "DATABASE_URL" in cli.database_words(DatabaseError("connection refused\nmore"))


class TestEmbedded:
    def test_makes_keys_only_their_owner_can_read(self, home: Path) -> None:
        modes = [stat.S_IMODE((home / name).stat().st_mode) for name in ("seal.key", "secret.key")]
        assert modes == [0o600, 0o600]

    def test_stops_the_database_with_the_command(self, home: Path) -> None:
        running = cluster.start(home)
        socket_file = running.places.socket / ".s.PGSQL.5432"
        assert socket_file.exists()
        running.stop()
        assert sandan(home, "manage", "showmigrations", "core").returncode == 0
        assert not socket_file.exists()

    def test_does_not_paper_over_a_lost_seal_key(self, home: Path) -> None:
        key = (home / "seal.key").read_bytes()
        (home / "seal.key").unlink()
        done = sandan(home, "check")
        (home / "seal.key").write_bytes(key)
        (home / "seal.key").chmod(0o600)
        assert done.returncode == 1
        assert "读不到密封字段的密钥" in done.stdout


class TestCheck:
    def test_prints_one_line_per_thing(self, home: Path) -> None:
        done = sandan(home, "check")
        things = [line.split()[1].split("：")[0] for line in done.stdout.splitlines()]
        assert things == ["设置", "密钥", "数据库", "迁移", "时钟", "放假安排", "磁盘", "后台进程"]
        assert done.returncode == 0, done.stdout

    def test_fails_where_a_setting_is_unsafe(self, home: Path) -> None:
        done = sandan(home, "check", SANDAN_HOSTS="*")
        assert done.returncode == 1
        assert "SANDAN_HOSTS" in done.stdout
        assert "Traceback" not in done.stderr

    def test_names_what_is_not_set(self, home: Path) -> None:
        done = sandan(home, "check", DATABASE_URL="postgresql://nobody@/none?host=/nowhere")
        assert done.returncode == 1
        assert "SANDAN_SECRET_KEY" in done.stderr
        assert "Traceback" not in done.stderr

    def test_reports_a_database_that_does_not_answer(self, home: Path) -> None:
        done = sandan(
            home,
            "check",
            DATABASE_URL="postgresql://nobody@/none?host=/nowhere",
            SANDAN_SECRET_KEY="k3y" * 20,
            SANDAN_POOL="0",
        )
        assert done.returncode == 1
        assert "fail 数据库：数据库没有回答" in done.stdout
        assert "ok   磁盘" in done.stdout


class TestServe:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("SANDAN_DEBUG", "1"),
            ("SANDAN_DEMO", "1"),
            ("SANDAN_SECRET_KEY", "short"),
            ("SANDAN_HOSTS", "*"),
            ("SANDAN_SEAL_KEY_FILE", "/proc/none/seal.key"),
        ],
    )
    def test_refuses_what_is_unsafe_and_says_what_to_set(self, home: Path, name: str, value: str) -> None:
        done = sandan(home, "serve", **{name: value})
        assert done.returncode == 1
        assert name in done.stderr
        assert "Traceback" not in done.stderr

    def test_refuses_a_key_others_can_read(self, home: Path) -> None:
        (home / "seal.key").chmod(0o644)
        done = sandan(home, "serve")
        (home / "seal.key").chmod(0o600)
        assert done.returncode == 1
        assert "chmod 600" in done.stderr

    def test_refuses_an_open_address_without_https(self, home: Path) -> None:
        done = sandan(home, "serve", "--host", "0.0.0.0")
        assert done.returncode == 1
        assert "SANDAN_HTTPS" in done.stderr

    def test_refuses_an_address_in_use(self, home: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = sandan(home, "serve", "--port", str(taken.getsockname()[1]))
        assert done.returncode == 1
        assert "--port" in done.stderr

    def test_refuses_tables_that_are_older_than_the_program(self, tmp_path: Path) -> None:
        done = sandan(tmp_path, "serve")
        cluster.start(tmp_path, for_tests=True).destroy()
        assert done.returncode == 1
        assert "sandan migrate" in done.stderr

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=("ctrl_c", "term"))
    def test_answers_and_stops_everything_on_a_signal(self, home: Path, number: signal.Signals) -> None:
        with serving(home) as (parent, port):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(b"GET /health/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
                assert line.recv(100).startswith(b"HTTP/1.")
            kin = children(parent.pid)
            parent.send_signal(number)
            assert parent.wait(60) == 0
        assert len(kin) >= 3  # web, worker, database
        assert not any(is_alive(pid) for pid in kin)

    def test_ends_with_a_fault_when_a_process_dies(self, home: Path) -> None:
        with serving(home) as (parent, _port):
            os.kill(next(pid for pid in children(parent.pid) if "work" in words_of(pid)), signal.SIGKILL)
            assert parent.wait(60) == 1
            assert parent.stderr
            assert "后台进程自己结束了" in parent.stderr.read()

    def test_leaves_no_process_behind_when_it_is_killed(self, home: Path) -> None:
        with serving(home) as (parent, _port):
            kin = [pid for pid in children(parent.pid) if "postgres" not in words_of(pid)[0]]
            parent.kill()
            until = time.monotonic() + 60
            while any(is_alive(pid) for pid in kin) and time.monotonic() < until:
                time.sleep(0.1)
        assert not any(is_alive(pid) for pid in kin)
        assert sandan(home, "check").returncode == 0  # the database it left is found and stopped


class serving:
    """A running `sandan serve` on a free port, once it has said that it answers."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> tuple[subprocess.Popen[str], int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self.parent = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(port)],
            env=bare(self.home),
            cwd=TOP,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.parent.stdout
        said = self.parent.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in said, said
        return self.parent, port

    def __exit__(self, *_error: object) -> None:
        if self.parent.poll() is None:
            self.parent.terminate()
        self.parent.communicate(timeout=60)


def children(pid: int) -> list[int]:
    """The processes a process started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == pid:
            found.append(int(folder.name))
    return found


def words_of(pid: int) -> list[str]:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
