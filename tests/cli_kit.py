"""What the tests of the command share: a bare environment, a run to the end, a home with tables."""

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandan import cluster

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
