"""Progress on stderr: one line a step, a bar where there is something to wait for."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 30


class Bar:
    """A bar that rewrites its line on a terminal and prints every tenth part elsewhere."""

    def __init__(self, title: str) -> None:
        self.title, self.started, self.shown = title, time.monotonic(), -1
        self.is_tty = sys.stderr.isatty()

    def __call__(self, share: float) -> None:
        step = int(share * (100 if self.is_tty else 10))
        if step == self.shown:
            return
        self.shown = step
        filled = int(share * WIDTH)
        seconds = time.monotonic() - self.started
        line = f"{self.title} [{'█' * filled}{'·' * (WIDTH - filled)}] {share:4.0%} {seconds:4.0f} s"
        print(
            f"\r{line}" if self.is_tty else line,
            end="" if self.is_tty and share < 1 else "\n",
            file=sys.stderr,
            flush=True,
        )


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    bar = Bar(title)
    bar(0.0)
    yield
    bar(1.0)
