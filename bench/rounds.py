"""The order of the slices: the base before and after every path, so that both meet the same noise."""

import sys
from dataclasses import dataclass

from bench.load import Plan
from bench.paths import Path
from bench.server import Cost, Server

MOST_A_SECOND = 250  # calls that are made for a second of a path whose calls are used up
LEAST = 40  # requests of a slice: the kernel counts in hundredths of a second
WARM = 48  # requests of each path before anything is measured: every process has then drawn every page


@dataclass(frozen=True)
class Slice:
    """One path, measured once; `base` is the mean of the base's cost before and after it, in ms of CPU."""

    path: str
    concurrency: int
    cost: Cost
    base: float

    @property
    def ratio(self) -> float:
        return self.cost.ms / self.base


def run(server: Server, paths: list[Path], concurrency: list[int], repeat: int, seconds: float) -> list[Slice]:
    """All slices, in turn; raises Wrong for a wrong answer or a connection that was not kept."""
    base, *others = paths
    for path in paths:
        _send(server, path, max(concurrency), seconds, WARM)
    kept = server.backends()
    found = []
    for each in concurrency:
        for nth in range(repeat):
            print(f"concurrency {each}, repetition {nth + 1} of {repeat}", file=sys.stderr, flush=True)
            before = _send(server, base, each, seconds / 2)
            for path in others:
                cost = _send(server, path, each, seconds)
                after = _send(server, base, each, seconds / 2)
                found.append(Slice(path.name, each, cost, (before.ms + after.ms) / 2))
                found.append(Slice(base.name, each, after, after.ms))
                before = after
            server.refuse_fresh(kept)
    return found


def _send(server: Server, path: Path, concurrency: int, seconds: float, most: int = 0) -> Cost:
    calls = path.calls(most or round(MOST_A_SECOND * seconds))
    is_cycle = path.is_cycle
    if most and is_cycle:
        calls, is_cycle = (calls * most)[:most], False
    return server.measure(Plan(server.port, concurrency, seconds, calls, path.status, path.mark, is_cycle, LEAST))
