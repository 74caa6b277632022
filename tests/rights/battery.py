"""The machinery of the battery: every address, asked as one actor, rolled back, with its statements and its words."""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

from tests.rights.cast import World
from tests.test_house import patterns

LITERALS = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+(?:\.\d+)?\b")
MANY = re.compile(r"\?(?:\s*,\s*\?)+")


@dataclass(frozen=True)
class Answer:
    """One answer: status, text (of a stream only its head), where it leads, and the shapes of its statements."""

    status: int
    text: str
    leads_to: str
    statements: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What the table says of it: in (200), asked (422, 409, 400), gone, forbidden, login, on, method, broken."""
        if self.status in (301, 302):
            return "login" if "/login/" in self.leads_to else "on"
        return {
            200: "in", 204: "in", 304: "in", 400: "asked", 403: "forbidden", 404: "gone", 410: "gone", 405: "method",
            409: "asked", 413: "asked", 422: "asked",
        }.get(self.status, f"broken {self.status}")  # fmt: skip


def addresses() -> dict[str, list[URLPattern]]:
    """Every address of the project by its full name; a name may have several patterns."""
    found: dict[str, list[URLPattern]] = {}
    for name, entry in patterns(get_resolver()):
        found.setdefault(name, []).append(entry)
    return found


def shape(sql: str) -> str:
    """A statement without its values; as many as you like are as one."""
    return MANY.sub("?", LITERALS.sub("?", sql))


def ask(
    world: World, actor: str, method: str, path: str, data: Mapping[str, Any] | None = None, *, counted: bool = False,
    htmx: bool = False,
) -> Answer:  # fmt: skip
    """One request as that actor; nothing of it stays, neither in the database nor in the browser's cookies."""
    client = world.clients[actor]
    cookies = client.cookies.copy()
    headers = {"HX-Request": "true"} if htmx else {}
    send = {"GET": client.get, "POST": client.post}.get(method)
    with transaction.atomic(), CaptureQueriesContext(connection) if counted else nullcontext() as seen:
        response = send(path, data, headers=headers) if send else client.generic(method, path, headers=headers)
        text = _text(response)
        transaction.set_rollback(True)
    client.cookies = cookies
    statements = tuple(shape(query["sql"]) for query in seen.captured_queries) if seen else ()
    return Answer(response.status_code, text, response.headers.get("Location", ""), statements)


def _text(response: Any) -> str:
    if isinstance(response, StreamingHttpResponse) or response.streaming:
        head = next(iter(response.streaming_content), b"")
        response._iterator.close()  # through the client's own wrapper, which leaves the world's connection open
        return str(head.decode("utf-8", "replace"))
    return str(response.content.decode("utf-8", "replace"))
