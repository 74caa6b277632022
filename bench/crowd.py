"""Many requests at the same moment, each over a connection of its own, from one thread; the storms send by it too."""

import asyncio
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.load import HOST, Call

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PATIENCE = 300.0  # seconds: the last of a thousand waits for all the others
SPARE_FILES = 256


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where there was no connection or it broke off. `where` is the address it leads on to."""

    status: int
    where: str = ""
    body: str = ""


def at_once(port: int, calls: Sequence[Call]) -> tuple[list[Answer], float]:
    """The answers in the order of the calls, and the seconds from the first word sent to the last one heard.

    All connections stand before; raises OSError where one cannot be made.
    """
    return exchange(port, [_raw(call) for call in calls])


def exchange(
    port: int, words: Sequence[bytes], patience: float = PATIENCE, *, needs_all: bool = True
) -> tuple[list[Answer], float]:
    """As `at_once`, of requests as they go over the wire; without `needs_all` who finds no connection has status 0."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(words) + SPARE_FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    with ThreadPoolExecutor(1) as own:  # a browser's test may have left a loop in this thread
        return own.submit(asyncio.run, _all(port, words, patience, needs_all)).result()


async def _all(port: int, words: Sequence[bytes], patience: float, needs_all: bool) -> tuple[list[Answer], float]:
    streams = [await _connected(port, needs_all) for _ in words]
    began = time.perf_counter()
    answers = await asyncio.gather(*(_one(s, raw, patience) for s, raw in zip(streams, words, strict=True)))
    return answers, time.perf_counter() - began


async def _connected(port: int, needs_all: bool) -> Stream | None:
    try:
        return await asyncio.open_connection(HOST, port)
    except OSError:
        if needs_all:
            raise
        return None


async def _one(stream: Stream | None, words: bytes, patience: float) -> Answer:
    if stream is None:
        return Answer(0)
    reader, writer = stream
    try:
        writer.write(words)
        await writer.drain()
        return _read(await asyncio.wait_for(reader.read(), patience))
    except OSError:  # a timeout is one as well
        return Answer(0)
    finally:
        writer.close()


def _raw(call: Call) -> bytes:
    body = call.body.encode()
    head = [f"{call.method} {call.path} HTTP/1.1", f"Host: {HOST}", "Connection: close", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in call.headers().items()]
    return "\r\n".join([*head, "", ""]).encode() + body


def _read(raw: bytes) -> Answer:
    head, _gap, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    status = int(first.split()[1]) if first.startswith("HTTP/") else 0
    return Answer(status, fields.get("location", ""), body.decode(errors="replace"))
