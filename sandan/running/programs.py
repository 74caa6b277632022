"""PostgreSQL's own programs, which end when we do: pg_dump into a stream, a stream through pg_restore into psql."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from sandan import cluster
from sandan.core.errors import Refused
from sandan.running import address

CHUNK = 1024 * 1024
NEWER_SETTING = b"SET transaction_timeout = 0;\n"  # pg_restore 17+ writes it, servers before 17 do not know it
LOCK_WAIT = "30s"


class ProgramFailed(Refused):
    """pg_dump, pg_restore or psql gave up; the text carries its last words."""


def _spawn(words: Sequence[str | Path], **streams: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program under low priority that is told to end when we die."""
    command = [sys.executable, "-m", "sandan.core.follow", str(os.getpid()), *(str(word) for word in words)]
    process = subprocess.Popen(command, env=address.environment(), **streams)  # type: ignore[call-overload]  # noqa: S603
    os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    return process  # type: ignore[no-any-return]


def _refuse_failed(name: str, code: int, said: bytes) -> None:
    if code:
        last = " ".join(said.decode(errors="replace").strip().splitlines()[-2:])
        words = _("%(name)s 没有成功（代码 %(code)d）：%(said)s")
        raise ProgramFailed(words % {"name": name, "code": code, "said": last})


class _Listening:
    """What a program says on its error output, read beside it so that it never waits for us."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self.said, self._stream = b"", stream
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        if self._stream:
            for line in self._stream:
                self.said = (self.said + line)[-4000:]

    def end(self) -> bytes:
        self._thread.join()
        return self.said


@contextmanager
def dumping(server: int, snapshot: str, without_rows: Sequence[str]) -> Iterator[IO[bytes]]:
    """The database as pg_dump's custom format, exactly as the snapshot sees it; only ACCESS SHARE locks are taken."""
    tool = cluster.tools(server) / "pg_dump"
    words = ["--format=custom", "--compress=gzip:4", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    words += [f"--lock-wait-timeout={LOCK_WAIT}", *(f"--exclude-table-data={table}" for table in without_rows)]
    words.append(f"--dbname={address.conninfo(address.name(), secret=False)}")
    with _spawn([tool, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        listening = _Listening(process.stderr)
        try:
            assert process.stdout
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        process.wait()
        _refuse_failed("pg_dump", process.returncode, listening.end())


def restore(dump: IO[bytes], database: str) -> None:
    """Fill an empty database in one transaction that is committed only when all of the dump went in."""
    folder = cluster.tools(0)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    into = ["-X", "-q", "-v", "ON_ERROR_STOP=1", f"--dbname={address.conninfo(database, secret=False)}"]
    with (
        _spawn([folder / "pg_restore", "--no-owner", "--no-privileges", "--file=-"], **pipes) as reader,
        _spawn([folder / "psql", *into], **(pipes | {"stdout": subprocess.DEVNULL})) as writer,
    ):
        heard = _Listening(reader.stderr), _Listening(writer.stderr)
        feeding = threading.Thread(target=_feed, args=(dump, reader.stdin), daemon=True)
        feeding.start()
        assert reader.stdout
        assert writer.stdin
        try:
            _pass_on(reader.stdout, writer.stdin, reader)
        except BrokenPipeError:  # psql stopped at an error; its last words say which
            reader.kill()
        feeding.join()
        writer.wait()
        _refuse_failed("psql", writer.returncode, heard[1].end())
        _refuse_failed("pg_restore", reader.wait(), heard[0].end())


def _feed(dump: IO[bytes], stdin: IO[bytes]) -> None:
    """Give the dump to pg_restore; when it stops listening, its exit code tells."""
    try:
        with stdin:
            shutil.copyfileobj(dump, stdin, CHUNK)
    except BrokenPipeError:
        return


def _pass_on(script: IO[bytes], stdin: IO[bytes], reader: subprocess.Popen[bytes]) -> None:
    """Hand the script over between BEGIN and COMMIT: one that breaks off ends without COMMIT and leaves nothing."""
    with stdin:
        stdin.write(b"BEGIN;\n")
        head = script.read(CHUNK)
        stdin.write(head.replace(NEWER_SETTING, b"", 1))
        shutil.copyfileobj(script, stdin, CHUNK)
        if reader.wait() == 0:
            stdin.write(b"COMMIT;\n")
