"""What the storms send at the same moment: calls of somebody signed in, by the sender of the bench."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from bench.crowd import Answer, exchange
from sandan.people.models import Person
from tests.storm.servers import HOST

__all__ = ["TOKEN", "Answer", "Call", "at_once", "cookie_of"]
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


def cookie_of(person: Person) -> str:
    """Somebody signed in: the cookie of a session in the database."""
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def at_once(port: int, calls: Sequence[Call]) -> list[Answer]:
    """The answers in the order of the calls; all connections stand before the first word is sent."""
    return exchange(port, [call.raw() for call in calls], ANSWER_PATIENCE, needs_all=False)[0]
