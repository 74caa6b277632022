"""Many requests at the same moment, each over a connection of its own, from one thread."""

import asyncio
import resource
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from sandan.people.models import Person
from tests.storm.servers import HOST

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ANSWER_PATIENCE = 900.0  # seconds: the last of a thousand waits for all the others
TOKEN = "t" * 32  # a forger's check is satisfied by the same word in the cookie and in the header


@dataclass(frozen=True)
class Call:
    """One request; `form` is posted where there is one."""

    path: str
    cookie: str = ""
    form: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """As it goes over the wire."""
        body = urlencode(self.form).encode()
        head = [
            f"{'POST' if self.form else 'GET'} {self.path} HTTP/1.1", f"Host: {HOST}", "Connection: close",
            f"Cookie: csrftoken={TOKEN}; {self.cookie}", f"X-CSRFToken: {TOKEN}", f"Content-Length: {len(body)}",
        ] + (["Content-Type: application/x-www-form-urlencoded"] if self.form else [])  # fmt: skip
        return "\r\n".join([*head, "", ""]).encode() + body


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where there was no connection or it broke off."""

    status: int
    where: str = ""
    text: str = ""


def cookie_of(person: Person) -> str:
    """Somebody signed in: the cookie of a session in the database."""
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def at_once(port: int, calls: Sequence[Call]) -> list[Answer]:
    """The answers in the order of the calls; all connections stand before the first word is sent."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(calls) + 256
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    with ThreadPoolExecutor(1) as own:  # a browser's test may have left a loop in this thread
        return own.submit(asyncio.run, _all(port, calls)).result()


async def _all(port: int, calls: Sequence[Call]) -> list[Answer]:
    streams = [await _connected(port) for _ in calls]
    return await asyncio.gather(*(_one(stream, call) for stream, call in zip(streams, calls, strict=True)))


async def _connected(port: int) -> Stream | None:
    try:
        return await asyncio.open_connection(HOST, port)
    except OSError:
        return None


async def _one(stream: Stream | None, call: Call) -> Answer:
    if stream is None:
        return Answer(0)
    reader, writer = stream
    try:
        writer.write(call.raw())
        await writer.drain()
        raw = await asyncio.wait_for(reader.read(), ANSWER_PATIENCE)
    except OSError:
        return Answer(0)
    finally:
        writer.close()
    return _read(raw)


def _read(raw: bytes) -> Answer:
    head, _gap, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    status = int(first.split()[1]) if first.startswith("HTTP/") else 0
    return Answer(status, fields.get("location", ""), body.decode(errors="replace"))
