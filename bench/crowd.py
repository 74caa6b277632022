"""Many requests at the same moment, each over a connection of its own, from one thread."""

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.load import HOST, Call

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PATIENCE = 300.0  # seconds: the last of a thousand waits for all the others
SPARE_FILES = 256


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection broke off. `where` is the path it leads on to."""

    status: int
    where: str = ""
    body: str = ""


def at_once(port: int, calls: Sequence[Call]) -> tuple[list[Answer], float]:
    """The answers in the order of the calls, and the seconds from the first word sent to the last one heard.

    All connections stand before; raises OSError where one cannot be made.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(calls) + SPARE_FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    return asyncio.run(_all(port, calls))


async def _all(port: int, calls: Sequence[Call]) -> tuple[list[Answer], float]:
    streams = [await asyncio.open_connection(HOST, port) for _ in calls]
    began = time.perf_counter()
    answers = await asyncio.gather(*(_one(stream, call) for stream, call in zip(streams, calls, strict=True)))
    return answers, time.perf_counter() - began


async def _one(stream: Stream, call: Call) -> Answer:
    reader, writer = stream
    try:
        writer.write(_raw(call))
        await writer.drain()
        return _read(await asyncio.wait_for(reader.read(), PATIENCE))
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
    return Answer(status, urlsplit(fields.get("location", "")).path, body.decode(errors="replace"))
