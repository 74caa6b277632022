"""The processes of a running installation: web server and worker under one parent, stopped together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import assets, certificates, checks, gate
from sandan.core.certificates import Pair
from sandan.core.errors import Refused
from sandan.core.models import KindFile

GRACE = 30.0  # seconds the processes have to end
MOST_WORKERS = 8  # together with their pools they stay under the server's 100 connections
WEB, WORKER, FIRST = "网页", "后台", "准备"
DEMO_MARK = "demo people"  # stands in core.KindFile where the demo has made its people
LOG_CONFIG = Path(__file__).parent / "data" / "granian.json"
LOOPBACK = ("127.", "localhost", "::1", "[::1]")


class UnsafeToServe(Refused):
    """The settings would expose somebody; the text says what to set."""


class CannotServe(Refused):
    """The address is taken or a process ended by itself."""


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: int = 8000
    pair: Pair | None = None  # with one, the web server speaks HTTPS itself

    @property
    def is_public(self) -> bool:
        return not self.host.startswith(LOOPBACK)

    def __str__(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.pair else 'http'}://{shown}:{self.port}/"


def refuse_unsafe(address: Address) -> None:
    """Raise UnsafeToServe with one line per fault when this installation must not be opened."""
    faults = [f"{message.msg}{message.hint}" for message in checks.safe_to_serve() if message.is_serious()]
    if address.is_public and not settings.HTTPS and not address.pair:
        words = _(
            "在 %(host)s 上会用不加密的 http 收发个人信息，手机的定位、拍照和通行密钥也都不能用。请给证书："
            "--cert 文件 --key 文件；或在前面放 HTTPS 反向代理并设 SANDAN_HTTPS=1；或只用 127.0.0.1。"
        )
        faults.append(words % {"host": address.host})
    if address.pair:
        found = certificates.faults(address.pair, settings.HOSTS, timezone.now())
        faults += [text for level, text in found if level == "fail"]
        faults += [f"{message.msg}{message.hint}" for message in checks.nameless(address.is_public)]
    if faults:
        raise UnsafeToServe("\n".join(faults))
    refuse_unmigrated()
    if KindFile.objects.filter(name=DEMO_MARK).exists():
        raise UnsafeToServe(_("这个数据库里是演示的人和密码，不能正式使用。请换一个空的数据库，再执行 sandan init。"))


def unapplied() -> int:
    """How many migrations the database still lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_unmigrated() -> None:
    """Raise CannotServe when the tables are older than the program."""
    missing = unapplied()
    if missing:
        if "core_entry" not in connection.introspection.table_names():
            raise CannotServe(_("数据库还是空的。请先执行 sandan init 加六位区划代码，或用 sandan restore 恢复备份。"))
        words = _("数据是旧版程序的，还差 %(count)d 步。请先执行 sandan upgrade，它会先备份。")
        raise CannotServe(words % {"count": missing})


def refuse_taken(address: Address) -> None:
    """Raise CannotServe when another program already listens there."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host.strip("[]"), address.port))
        except OSError as error:
            raise CannotServe(
                _("%(address)s 已被占用或不能使用，请用 --port 换一个端口。") % {"address": address}
            ) from error


def web(address: Address) -> tuple[str, ...]:
    """The web server's command: as many processes as cores, threads for who works and for who waits for news."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    words = (
        f"-m granian --interface wsgi --no-ws --log-level error --workers {workers} --blocking-threads {gate.threads()}"
    )
    words += f" --workers-kill-timeout 10 --respawn-interval 10 --port {address.port} --host {address.host.strip('[]')}"
    tls: tuple[str, ...] = ()
    if address.pair:  # phones older than 2020 know TLS 1.2 only
        tls = ("--ssl-certificate", str(address.pair.certificate), "--ssl-keyfile", str(address.pair.usable_key()))
        tls += ("--ssl-protocol-min", "tls1.2")
    return (sys.executable, *words.split(), "--log-config", str(LOG_CONFIG), *tls, "sandan.wsgi:application")


def worker() -> tuple[str, ...]:
    """The command of the process that does due work."""
    return (sys.executable, "-m", "django", "work")


def serve(address: Address, ready: Callable[[], None], first: Sequence[str] = ()) -> None:
    """Run web server and worker until SIGINT or SIGTERM; `ready` is called once the address answers.

    `first` is a command that runs beside the web server and must have succeeded before the worker starts. The caller
    has refused what must be refused. Raises CannotServe when a process ends by itself; the others are stopped then.
    """
    refuse_taken(address)
    assets.collect()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    surroundings = environment(address)
    with _Signals() as asked:
        processes = {WEB: _spawn(web(address), surroundings)}
        processes |= {FIRST: _spawn(first)} if first else {WORKER: _spawn(worker())}
        try:
            told = False
            while not asked.to_stop:
                if FIRST in processes and processes[FIRST].poll() == 0:
                    del processes[FIRST]
                    processes[WORKER] = _spawn(worker())
                _refuse_dead(processes)
                if not told and _answers(address):
                    told = True
                    ready()
                    tell_system("READY=1")
                if asked.to_reload:
                    asked.to_reload = False
                    _reload(processes[WEB], address)
                time.sleep(0.1)
        finally:
            tell_system("STOPPING=1")
            Path(surroundings["SANDAN_STOPPING"]).touch()
            _end(tuple(processes.values()))


def environment(address: Address) -> dict[str, str]:
    """What the web processes run with: HTTPS of their own, and a fresh place to add up their figures."""
    figures = Path(settings.HOME) / "figures"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(mode=0o700, parents=True)
    found = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(figures)}
    pair = address.pair
    found |= {"SANDAN_STOPPING": str(figures / "stopping")}  # the lines on which boards wait end when it appears
    return found | ({"SANDAN_CERT": str(pair.certificate), "SANDAN_KEY": str(pair.key)} if pair else {})


def tell_system(words: str) -> None:
    """Tell systemd how we are; nothing where nobody asked."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if name:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect("\0" + name[1:] if name.startswith("@") else name)
            line.sendall(words.encode())


def _reload(process: subprocess.Popen[bytes], address: Address) -> None:
    """New web processes one after the other, which read the certificate anew; a bad one leaves the old in use."""
    if address.pair:
        found = certificates.faults(address.pair, settings.HOSTS, timezone.now())
        if bad := [text for level, text in found if level == "fail"]:
            print("\n".join(bad), file=sys.stderr, flush=True)
            return
        address.pair.usable_key()
    process.send_signal(signal.SIGHUP)


class _Signals:
    """While it holds, SIGINT and SIGTERM only set `to_stop`, SIGHUP `to_reload`."""

    to_stop = to_reload = False

    def __enter__(self) -> "_Signals":
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        self._before = {number: signal.signal(number, self._ask) for number in numbers}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self.to_reload = True
        else:
            self.to_stop = True


def _spawn(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a process that Ctrl-C reaches through us only, and that ends when we are killed."""
    words = [sys.executable, "-m", "sandan.core.follow", str(os.getpid()), *command]
    return subprocess.Popen(  # noqa: S603 (our own words)
        words, stdin=subprocess.DEVNULL, start_new_session=True, env=environment
    )


def _refuse_dead(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            words = _("%(name)s进程自己结束了（代码 %(code)d），已停止全部。上面的输出说明了原因。")
            raise CannotServe(words % {"name": name, "code": process.returncode})


def _answers(address: Address) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host.strip("[]"))  # noqa: S104 (compared)
    try:
        socket.create_connection((host, address.port), timeout=1).close()
    except OSError:
        return False
    return True


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, wait for all, kill what does not listen."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
