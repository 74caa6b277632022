"""Board readers as browsers are: a line for news each, and the board's part asked anew whenever it says so."""

import asyncio
import time
from dataclasses import dataclass, field

from tests.storm.servers import HOST


@dataclass
class Readers:
    """Readers of one server, each with the cookie of its desk. `seconds` are the answers' times, in their order."""

    port: int
    cookies: list[str]
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lines: int = 0

    async def read(self, until: float) -> None:
        """All of them, until that moment of the monotonic clock."""
        await asyncio.gather(*(self._one(cookie, until) for cookie in self.cookies))

    async def _one(self, cookie: str, until: float) -> None:
        while time.monotonic() < until:
            try:
                await self._listen(cookie, until)
            except (OSError, asyncio.IncompleteReadError) as fault:
                self.faults.append(type(fault).__name__)
                await asyncio.sleep(1)

    async def _listen(self, cookie: str, until: float) -> None:
        reader, writer = await self._ask("/desk/live/", cookie, "")
        try:
            self.lines += 1
            while time.monotonic() < until:
                line = await asyncio.wait_for(reader.readline(), 60)
                if not line:
                    return
                if line.startswith(b"event: changed"):
                    await self._board(cookie)
        finally:
            writer.close()

    async def _board(self, cookie: str) -> None:
        began = time.monotonic()
        reader, writer = await self._ask("/desk/board/", cookie, "HX-Request: true\r\nX-Awake: 1\r\n")
        try:
            head = (await reader.read(12)).decode()
            await reader.read()
        finally:
            writer.close()
        self.seconds.append(time.monotonic() - began)
        if not head.endswith("200"):
            self.faults.append(head)

    async def _ask(self, path: str, cookie: str, more: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nCookie: {cookie}\r\n{more}\r\n".encode()
        )
        await writer.drain()
        return reader, writer
