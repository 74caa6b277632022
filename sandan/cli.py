"""The door for operators: finds or starts the database, then hands the words to a management command of that name."""

import os
import pwd
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility
from django.core.management.base import CommandError
from django.db import DatabaseError, connections

from sandan import cluster
from sandan.core.errors import Refused
from sandan.core.sealed import make_key
from sandan.running import units

COMMANDS = {
    "migrate": ("migrate", "建立或更新数据表"),
    "init": ("init", "开一个县：sandan init 140106"),
    "person": ("person", "新建账号并安排岗位：sandan person 登录名 姓名 --role dispatcher --scope 140106001001"),
    "holidays": ("holidays", "载入下一年的放假安排：sandan holidays 2027.csv"),
    "load": ("load", "载入事项目录；load grids 文件：导入网格；load area-codes 文件：区划代码的变化"),
    "import": ("bring", "导入名单：sandan import units|members|posts 文件.xlsx [--dry-run]"),
    "serve": ("serve", "启动（正式使用）"),
    "demo": ("demo", "启动演示：迎泽区模拟的三十天"),
    "check": ("health", "逐项检查，每项一行"),
    "audit": ("audit", "核对日志的哈希链"),
    "backup": ("backup", "备份到一个文件：sandan backup /mnt/backup --keep 14"),
    "restore": ("restore", "把备份恢复到空的安装里，逐表核对：sandan restore 文件"),
    "keys": ("keys", "密封密钥：看在用哪几把；keys rotate 换一把新的，不用停机"),
    "upgrade": ("upgrade", "换了新版程序以后升级数据，先自动备份"),
    "unit": ("", "显示 systemd 的单元文件：sandan unit > /etc/systemd/system/sandan.service"),
    "manage": ("", "其他 Django 管理命令"),
}
TABLE_MISSING = "42P01"
Words = Sequence[str]


def main(words: Words | None = None) -> int:
    """Run one command; returns its exit code. Known refusals are one sentence on stderr, never a traceback."""
    words = sys.argv[1:] if words is None else words
    if not words or words[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0 if words else 2
    if words[0] not in COMMANDS or words == ["manage"]:
        return complain(f"没有 {' '.join(words)} 这个命令。\n{usage()}", code=2)
    if words[0] == "unit":
        return units.main(words[1:])
    try:
        with ending_politely():
            return run(words)
    except KeyboardInterrupt:
        return 130
    except (Refused, ImproperlyConfigured, CommandError, cluster.ClusterError) as refusal:
        return complain(str(refusal))
    except DatabaseError as error:
        return complain(database_words(error))


def run(words: Words) -> int:
    """The command with a database under it."""
    name = COMMANDS[words[0]][0]
    rest = [name, *words[1:]] if name else list(words[1:])
    prepare(words[0])
    with database(words[0]):
        django.setup()
        if name in {"init", "demo"}:
            make_key(Path(settings.SEAL_KEY_FILE))
        try:
            return call(rest) if name != "init" else open_county(rest)
        finally:
            leave_database()


def open_county(words: Words) -> int:
    """Everything an empty county needs, in turn: tables, ground, catalogue, first administrator; stops at a fault."""
    code = words[-1]
    steps = (
        ("migrate", "--verbosity", "0"),
        words,
        ("load",),
        ("person", f"admin.{code}", "管理员", "--role", "admin", "--scope", code),
    )
    return next((fault for step in steps if (fault := call(step))), 0)


def prepare(name: str) -> None:
    """What must stand in the environment before the settings are read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandan.settings")
    var = Path(__file__).resolve().parent.parent / "var"
    os.environ.setdefault("SANDAN_HOME", str(var / "demo" if name == "demo" else var))
    if name == "demo":
        os.environ["SANDAN_DEMO"] = "1"


@contextmanager
def database(name: str) -> Iterator[None]:
    """The database that DATABASE_URL names, or the embedded one with its keys for as long as the command runs."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    home = Path(os.environ["SANDAN_HOME"])
    refuse_foreign(home)
    running = cluster.start(home)
    try:
        os.environ["DATABASE_URL"] = running.ensure_database("sandan")
        os.environ["SANDAN_EMBEDDED"] = "1"
        seal_key = Path(os.environ.setdefault("SANDAN_SEAL_KEY_FILE", str(home / "seal.key")))
        # later a missing seal key is a loss to report, not to paper over; a backup brings its own or asks for it
        if name != "restore" and not (home / "secret.key").exists():
            make_key(seal_key)
        os.environ.setdefault("SANDAN_SECRET_KEY", cluster.secret(home / "secret.key"))
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the database running
        running.stop()
        os.environ.pop("DATABASE_URL")
        os.environ.pop("SANDAN_EMBEDDED", None)


def refuse_foreign(home: Path) -> None:
    """Root in the home of another account would make a second, empty database beside the real one."""
    if os.geteuid() != 0 or not home.exists() or home.stat().st_uid == 0:
        return
    name: int | str = home.stat().st_uid
    with suppress(KeyError):
        name = pwd.getpwuid(home.stat().st_uid).pw_name
    raise cluster.ClusterError(f"{home} 属于账户 {name}：请用 sudo -u {name} 执行，数据才是同一份。")


def call(words: Words) -> int:
    """Run a management command; its own exit becomes a code."""
    try:
        ManagementUtility(["sandan", *words]).execute()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def leave_database() -> None:
    """Close what is open; a pool would go on trying to reach a server that stops."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


@contextmanager
def ending_politely() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does, so that what it started is stopped; the handlers are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def database_words(error: DatabaseError) -> str:
    """A fault of the database in one sentence for an operator."""
    first = str(error).strip().split("\n")[0]
    if getattr(error.__cause__, "sqlstate", None) == TABLE_MISSING:
        return f"数据表还没有建好，请先执行 sandan init；旧数据请执行 sandan upgrade（{first}）"
    return f"数据库没有照做：{first}。请检查 DATABASE_URL 和数据库是否在运行。"


def complain(text: str, code: int = 1) -> int:
    """Say it on stderr; the exit code of a refusal."""
    print(text, file=sys.stderr)
    return code


def usage() -> str:
    """What can be asked."""
    lines = (f"  sandan {name:<8} {text}" for name, (_, text) in COMMANDS.items())
    return "\n".join(("用法：sandan 命令 [参数]", *lines))


if __name__ == "__main__":
    sys.exit(main())
