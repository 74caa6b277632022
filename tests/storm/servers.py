"""Real server processes for the storms: started, killed without a word, started again at the same address."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from sandan.core import serving
from sandan.core.serving import Address

HOST = "127.0.0.1"
PATIENCE = 90.0  # seconds; a busy machine is no fault of the code
LEAST_PROCESSES = 2


class NoServer(RuntimeError):
    """It did not come up; the text is the end of its log."""


def database_url() -> str:
    """The address of the database that this test uses, for a process of its own."""
    facts = connection.settings_dict
    user, password = quote(facts["USER"], safe=""), quote(facts["PASSWORD"] or "", safe="")
    where = f"host={quote(facts['HOST'], safe='')}" + (f"&port={facts['PORT']}" if facts["PORT"] else "")
    return f"postgresql://{user}{':' + password if password else ''}@/{quote(facts['NAME'])}?{where}"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def web_command(port: int) -> tuple[str, ...]:
    """As `sandan serve` starts it, with two processes also where the machine has one core."""
    words = list(serving.web(Address(HOST, port)))
    count = words.index("--workers") + 1
    words[count] = str(max(LEAST_PROCESSES, int(words[count])))
    return tuple(words)


@dataclass
class Server:
    """Granian with at least two processes (and the worker where `does_due_work`) over the database of `url`.

    Start it in the main thread: the kernel ends it with the thread that started it. `environment` stands above ours.
    """

    url: str
    log: Path
    does_due_work: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @property
    def base(self) -> str:
        """Where it answers, without a slash at the end; the same after a restart."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The web server's first process; the others hang under it."""
        return self._processes[0].pid

    def start(self) -> "Server":
        """Start it and wait until it answers; raises NoServer with the end of its log."""
        commands = [web_command(self.port)] + ([serving.worker()] if self.does_due_work else [])
        self._processes = [self._spawn(command) for command in commands]
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if any(process.poll() is not None for process in self._processes) or time.monotonic() > until:
                self.kill()
                raise NoServer(self.log.read_text(errors="replace")[-4000:])
            time.sleep(0.05)
        return self

    def _spawn(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "sandan.core.follow", str(os.getpid()), *command]
        environment = os.environ | {"DATABASE_URL": self.url, "SANDAN_POOL": "4"} | self.environment
        with self.log.open("ab") as log:
            return subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )

    def answers(self) -> bool:
        """Whether somebody listens."""
        try:
            socket.create_connection((HOST, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to all its processes at once, in the middle of whatever they do."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait for that; what does not listen is killed."""
        self._signal(signal.SIGTERM)

    def restart(self) -> "Server":
        """Up again at the same address after `kill` or `stop`; one that still runs is stopped first."""
        self.stop()
        return self.start()

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes:
            self._send(process, number)
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            self._send(process, signal.SIGKILL)  # also what was left of its group
            process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while self._processes and self.answers() and time.monotonic() < until:
            time.sleep(0.05)  # the kernel needs a moment for the processes of a group
        self._processes = []

    @staticmethod
    def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it is gone already
            if number == signal.SIGTERM:
                process.send_signal(number)
            else:
                os.killpg(process.pid, number)
