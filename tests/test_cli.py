"""The `sandan` command: dispatch by name, refusals in a sentence, the embedded database for a command's life."""

import os
import signal
import stat
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError

from sandan import cli, cluster
from sandan.core.errors import Refused
from tests.cli_kit import home, sandan
from tests.core.test_certificates import a_pair

__all__ = ["home"]


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
        assert things == [
            "设置", "密钥", "加密", "数据库", "迁移", "时钟", "放假安排", "磁盘", "备份", "后台进程", "到期删除",
            "网格变动", "通知", "值班",
        ]  # fmt: skip
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


class TestRefuseForeign:
    def test_keeps_root_out_of_another_account_s_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its database would be another, empty one."""
        if os.geteuid() == 0:
            os.chown(tmp_path, 65534, 65534)
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        with pytest.raises(cluster.ClusterError, match="sudo -u"):
            cli.refuse_foreign(tmp_path)
        cli.refuse_foreign(tmp_path / "none")
