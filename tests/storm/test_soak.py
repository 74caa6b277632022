"""Orders come in steadily while boards are read: memory stays, no job is stuck, no order waits for a line.

At full size an hour of 20 orders a second and 200 readers; SANDAN_SOAK_MINUTES makes it shorter. Times are printed.
"""

import asyncio
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from tests.storm.house import COUNTY, House, built
from tests.storm.persistence import Neighbour
from tests.storm.readers import Readers

GROWTH = 1.25  # of the memory from the second quarter to the last


@dataclass(frozen=True)
class Size:
    """How long, how many orders a second, how many readers, how many hands that place orders."""

    seconds: float
    rate: float
    readers: int
    hands: int


@dataclass
class Course:
    """What was seen on the way: megabytes of all server processes, and seconds for an order from first step to last."""

    memory: list[float] = field(default_factory=list)
    placed: list[float] = field(default_factory=list)
    lost: int = 0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with built(tmp_path) as made:
        yield made


@pytest.fixture
def size(is_full: bool) -> Size:
    minutes = float(os.environ.get("SANDAN_SOAK_MINUTES", "60"))
    return Size(minutes * 60, 20, 200, 40) if is_full else Size(12, 2, 12, 4)


def megabytes(pid: int) -> float:
    """Resident memory of a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(megabytes(int(child)) for child in children)


def quarters(values: list[float], of: Callable[[list[float]], float]) -> list[float]:
    """A figure of each quarter of a course."""
    step = max(1, len(values) // 4)
    return [round(of(values[at : at + step]), 3) for at in range(0, 4 * step, step) if values[at : at + step]]


class TestSoak:
    def test_grows_nowhere(self, house: House, size: Size, capsys: pytest.CaptureFixture[str]) -> None:
        """R038: every order is answered for; readers hear of it; nothing piles up."""
        cookies = json.loads(house.run("tests.storm.desks", COUNTY))
        house.server.start()
        codes = list(cookies)[: size.readers]
        readers = Readers(house.server.port, [cookies[codes[n % len(codes)]] for n in range(size.readers)])
        course, until = Course(), time.monotonic() + size.seconds
        hands = [
            threading.Thread(target=self._place, args=(house, codes, size, course, until, number))
            for number in range(size.hands)
        ]
        watch = threading.Thread(target=self._watch, args=(house, size, course, until))
        for thread in (*hands, watch):
            thread.start()
        with ThreadPoolExecutor(1) as own:  # a browser's test may have left a loop in this thread
            own.submit(asyncio.run, readers.read(until)).result()
        for thread in (*hands, watch):
            thread.join()
        found = json.loads(house.run("tests.storm.stuck"))
        with capsys.disabled():
            self._print(course, readers, found)
        assert course.lost == 0
        assert found == {"orders": len(course.placed), "stuck": 0, "unsealed": 0, "unowned": 0}
        assert readers.seconds
        assert not readers.faults
        memory = quarters(course.memory, statistics.median)
        assert memory[-1] <= memory[1] * GROWTH

    @staticmethod
    def _place(house: House, codes: list[str], size: Size, course: Course, until: float, number: int) -> None:
        """One hand: an order, then a pause, so that all hands together keep the rate."""
        chance, gap = Random(number), size.hands / size.rate
        next_at = time.monotonic() + chance.random() * gap
        while next_at < until:
            time.sleep(max(0.0, next_at - time.monotonic()))
            began = time.monotonic()
            key = UUID(int=chance.getrandbits(128), version=4)
            done = Neighbour(house.server.base, chance.choice(codes), key, is_patient=True, brings_photo=False).place()
            course.placed.append(time.monotonic() - began)
            course.lost += not done.has_answer
            next_at += gap

    @staticmethod
    def _watch(house: House, size: Size, course: Course, until: float) -> None:
        while time.monotonic() < until:
            course.memory.append(megabytes(house.server.pid))
            time.sleep(min(5.0, size.seconds / 16))

    @staticmethod
    def _print(course: Course, readers: Readers, found: dict[str, int]) -> None:
        def p95(values: list[float]) -> float:
            return sorted(values)[int(len(values) * 0.95)]

        print(
            f"\norders {len(course.placed)}, each quarter p95 {quarters(course.placed, p95)} s; "
            f"boards {len(readers.seconds)}, p95 {quarters(readers.seconds, p95)} s; lines {readers.lines}; "
            f"memory {quarters(course.memory, statistics.median)} MB; {found}"
        )
