"""The gate before the application: only so many at a time, and pages that wait for news take no place."""

import threading
from collections.abc import Callable
from typing import Any

from sandan.core.gate import LINE, Gate, at_a_time, threads
from sandan.core.pages import url


def nothing(*_said: Any) -> None:
    """Nobody listens to the status."""


class TestGate:
    def run(self, path: str, most: int, count: int) -> int:
        """The most that were inside at the same moment, of `count` requests that each wait for company."""
        inside, highest, lock = 0, 0, threading.Lock()
        full = threading.Event()

        def application(_environ: dict[str, Any], _start: Callable[..., Any]) -> list[bytes]:
            nonlocal inside, highest
            with lock:
                inside += 1
                highest = max(highest, inside)
                if inside > most:
                    full.set()
            full.wait(0.3)
            with lock:
                inside -= 1
            return []

        gate = Gate(application, most)
        callers = [threading.Thread(target=gate, args=({"PATH_INFO": path}, nothing)) for _n in range(count)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(60)
        return highest

    def test_lets_so_many_through_and_no_more(self) -> None:
        assert self.run("/desk/board/", 3, 8) == 3

    def test_keeps_no_place_for_who_only_waits_for_news(self) -> None:
        assert self.run(url(LINE), 3, 8) > 3

    def test_has_a_thread_for_everybody_it_lets_in(self) -> None:
        assert threads() > at_a_time() >= 1
