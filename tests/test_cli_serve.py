"""`sandan serve`: what it refuses, its processes, its certificate; and from release to release."""

import os
import re
import signal
import socket
import ssl
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandan import cluster
from tests.cli_kit import (
    TOP,
    ask_over_tls,
    certificate_of,
    children,
    home,
    is_alive,
    sandan,
    serving,
    words_of,
)
from tests.core.test_certificates import a_pair

__all__ = ["home"]
RELEASE = TOP / "tests" / "data" / "release-0.1.0.zip"


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
