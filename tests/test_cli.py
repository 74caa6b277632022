"""The `sandan` command: dispatch by name, refusals in a sentence, the embedded database for a command's life."""

import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError

from sandan import cli, cluster
from sandan.core.errors import Refused
from tests.core.test_certificates import a_pair

TOP = Path(__file__).resolve().parent.parent
RELEASE = TOP / "tests" / "data" / "release-0.1.0.zip"
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
        assert all(
            f"sandan {name}" in said for name in ("init", "serve", "demo", "check", "audit", "backup", "upgrade")
        )

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
        assert "sandan init" in cli.database_words(missing)
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
        assert things == ["设置", "密钥", "加密", "数据库", "迁移", "时钟", "放假安排", "磁盘", "备份", "后台进程"]
        assert done.returncode == 0, done.stdout

    def test_fails_where_a_setting_is_unsafe(self, home: Path) -> None:
        done = sandan(home, "check", SANDAN_HOSTS="*")
        assert done.returncode == 1
        assert "SANDAN_HOSTS" in done.stdout
        assert "Traceback" not in done.stderr

    def test_names_what_is_not_set(self, home: Path) -> None:
        done = sandan(home, "check", DATABASE_URL="postgresql://nobody@/none?host=/nowhere")
        assert done.returncode == 1
        assert "SANDAN_SECRET_KEY 没有设置" in done.stderr
        assert "openssl" in done.stderr
        assert "Traceback" not in done.stderr

    def test_names_a_setting_that_is_no_number(self, home: Path) -> None:
        done = sandan(home, "check", SANDAN_POOL="many")
        assert done.returncode == 1
        assert done.stderr.strip() == "SANDAN_POOL 要写整数，现在是 many。"

    def test_says_what_phones_will_not_do_over_plain_http(self, home: Path) -> None:
        line = next(line for line in sandan(home, "check").stdout.splitlines() if "加密" in line)
        assert line.startswith("warn")
        assert all(word in line for word in ("手机", "定位", "拍照", "通行密钥", "SANDAN_CERT", "SANDAN_HTTPS"))

    def test_says_that_a_certificate_ends_soon(self, home: Path, tmp_path: Path) -> None:
        pair = a_pair(tmp_path, names=("sandan.example",), days=20, at=datetime.now(UTC))
        told = {"SANDAN_CERT": str(pair.certificate), "SANDAN_KEY": str(pair.key), "SANDAN_HOSTS": "sandan.example"}
        assert "warn 加密：证书" in sandan(home, "check", **told).stdout
        done = sandan(home, "check", **told | {"SANDAN_HOSTS": "other.example"})
        assert done.returncode == 1
        assert "不含 other.example" in done.stdout

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
        assert all(word in done.stderr for word in ("SANDAN_HTTPS", "--cert", "定位"))

    def test_refuses_half_a_certificate(self, home: Path) -> None:
        done = sandan(home, "serve", "--cert", "site.pem")
        assert done.returncode == 1
        assert "--key" in done.stderr

    def test_speaks_https_by_itself_and_takes_a_new_certificate_on_a_signal(self, home: Path, tmp_path: Path) -> None:
        pair = a_pair(tmp_path, names=("localhost",), at=datetime.now(UTC))
        old = pair.certificate.read_text()
        with serving(home, "--cert", str(pair.certificate), "--key", str(pair.key)) as (parent, port):
            assert ssl.PEM_cert_to_DER_cert(old) == certificate_of(port)
            head = ask_over_tls(port, old, "/login/")
            assert "strict-transport-security: max-age=31536000" in head
            assert re.search(r"set-cookie: +csrftoken=.*; secure", head)
            assert "location: https://localhost" not in head
            a_pair(tmp_path, names=("localhost",), at=datetime.now(UTC))
            fresh = ssl.PEM_cert_to_DER_cert(pair.certificate.read_text())
            parent.send_signal(signal.SIGHUP)
            until = time.monotonic() + 120
            while (shown := certificate_of(port)) != fresh and time.monotonic() < until:
                time.sleep(0.2)  # the old processes answer beside the new ones for a while
            assert shown == fresh
            assert parent.poll() is None

    def test_refuses_an_address_in_use(self, home: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = sandan(home, "serve", "--port", str(taken.getsockname()[1]))
        assert done.returncode == 1
        assert "--port" in done.stderr

    def test_refuses_a_database_without_tables(self, tmp_path: Path) -> None:
        done = sandan(tmp_path, "serve")
        cluster.start(tmp_path, for_tests=True).destroy()
        assert done.returncode == 1
        assert "sandan init" in done.stderr

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


class TestFromReleaseToRelease:
    """The embedded database: a backup of 0.1.0 comes into a new home, is upgraded, and goes on."""

    def test_needs_three_commands(self, tmp_path: Path) -> None:
        restored = sandan(tmp_path, "restore", str(RELEASE))
        serve = sandan(tmp_path, "serve")
        upgraded = sandan(tmp_path, "upgrade")
        cluster.start(tmp_path, for_tests=True).destroy()
        assert restored.returncode == 0, restored.stderr
        assert "行数和内容摘要都与备份时相同" in restored.stdout
        assert "日志链完好" in restored.stdout
        assert "请接着执行 sandan upgrade" in restored.stdout
        assert stat.S_IMODE((tmp_path / "seal.key").stat().st_mode) == 0o600
        assert (serve.returncode, "sandan upgrade" in serve.stderr) == (1, True)
        assert upgraded.returncode == 0, upgraded.stderr
        assert "升级好了：0.1.0" in upgraded.stdout
        assert len(list((tmp_path / "backups").glob("sandan-*.zip"))) == 1

    def test_is_told_about_the_key_by_the_backup(self, home: Path, tmp_path: Path) -> None:
        done = sandan(home, "backup", str(tmp_path))
        assert done.returncode == 0, done.stderr
        assert f"密封密钥不在备份里：请把 {home / 'seal.key'} 另存一处" in done.stdout


class TestRefuseForeign:
    def test_keeps_root_out_of_another_account_s_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its database would be another, empty one."""
        if os.geteuid() == 0:
            os.chown(tmp_path, 65534, 65534)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        with pytest.raises(cluster.ClusterError, match="sudo -u"):
            cli.refuse_foreign(tmp_path)
        cli.refuse_foreign(tmp_path / "none")


def certificate_of(port: int) -> bytes:
    """The certificate that a new connection is shown (DER); empty where none can be made at this moment."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line, context.wrap_socket(line) as safe:
            return safe.getpeercert(binary_form=True) or b""
    except OSError:
        return b""


def ask_over_tls(port: int, authority: str, path: str) -> str:
    """The head of an answer in small letters, the certificate checked against its own authority."""
    context = ssl.create_default_context(cadata=authority)
    asked, head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b""
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    with line, context.wrap_socket(line, server_hostname="localhost") as safe:
        safe.sendall(asked.encode())
        while b"\r\n\r\n" not in head and (part := safe.recv(4096)):
            head += part
    return head.decode(errors="replace").lower()


class serving:
    """A running `sandan serve` on a free port, once it has said that it answers."""

    def __init__(self, home: Path, *words: str) -> None:
        self.home, self.words = home, words

    def __enter__(self) -> tuple[subprocess.Popen[str], int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self.parent = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(port), *self.words],
            env=bare(self.home),
            cwd=TOP,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.parent.stdout
        said = self.parent.stdout.readline()
        assert f"://127.0.0.1:{port}/" in said, said
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
