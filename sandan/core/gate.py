"""As many requests at a time as the connection pool serves; pages that only wait for news stand outside of that."""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

from django.db import connection
from django.urls import reverse

from sandan.core import live

LINE = "orders:live"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def at_a_time() -> int:
    """How many requests one process works on at the same moment: one for each connection of its pool."""
    size: int = connection.settings_dict["OPTIONS"].get("pool", {}).get("max_size", 4)
    return size


def threads() -> int:
    """How many threads the web server may use in one process: who works, and who listens."""
    return at_a_time() + live.MOST


class Gate:
    """Lets `at_a_time` requests through to the application; the others wait here, without a connection."""

    def __init__(self, application: Application, most: int | None = None) -> None:
        self.application = application
        self.line = reverse(LINE)
        self._free = BoundedSemaphore(most or at_a_time())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == self.line:
            return self.application(environ, start_response)
        with self._free:
            return self.application(environ, start_response)
