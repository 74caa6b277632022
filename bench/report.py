"""What came out: a table for people, records for programs."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from django.db import connection

from bench import bounds
from bench.counting import Statements
from bench.grabs import Grabs
from bench.logins import Logins
from bench.paths import Path
from bench.points import Points
from bench.rounds import Slice

HEADS = ("path", "stm", "+tx", "n", "CPU ms", "web", "db", "ratio", "from", "to", "p50 ms", "p95 ms", "req/s")
WIDTHS = (26, 4, 4, 7, 8, 7, 7, 7, 7, 7, 8, 8, 9)


def machine() -> dict[str, object]:
    """What it ran on, and when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "cores": os.cpu_count(), "machine": platform.machine(),
        "python": platform.python_version(), "postgresql": version, "fsync": fsync,
    }  # fmt: skip


@dataclass(frozen=True)
class Report:
    """All slices of a run, with the statements of each path and the facts of the machine."""

    paths: list[Path]
    counts: dict[str, Statements]
    slices: list[Slice]
    around: dict[str, object]
    seconds: float
    grown: tuple[Slice, ...] = ()  # the board again, in the large county
    large: int = 0
    figures: tuple[Points | Grabs | Logins, ...] = ()

    def _lines(self) -> list[dict[str, object]]:
        pairs = dict.fromkeys((one.concurrency, one.path) for one in self.slices)
        order = [path.name for path in self.paths]
        return [self._line(each, name) for each, name in sorted(pairs, key=lambda p: (p[0], order.index(p[1])))]

    def _line(self, concurrency: int, name: str) -> dict[str, object]:
        """One path at one concurrency: medians, and the lowest and highest ratio."""
        own = [one for one in self.slices if (one.concurrency, one.path) == (concurrency, name)]
        usual = median(one.base for one in own)
        ratios = [one.cost.ms / usual if name == "base" else one.ratio for one in own]
        count = self.counts[name]
        return {
            "path": name, "concurrency": concurrency, "statements": count.work, "transaction": count.transaction,
            "requests": sum(one.cost.requests for one in own), "ms": median(one.cost.ms for one in own),
            "web_ms": median(one.cost.web for one in own), "database_ms": median(one.cost.database for one in own),
            "ratio": median(ratios), "lowest": min(ratios), "highest": max(ratios),
            "p50_ms": median(one.cost.p50 for one in own), "p95_ms": median(one.cost.p95 for one in own),
            "per_second": median(one.cost.per_second for one in own),
        }  # fmt: skip

    def judged(self) -> list[dict[str, object]]:
        """How the run stands to what is promised."""
        lines = [line | {"all": self.counts[str(line["path"])].all} for line in self._lines()]
        figures = [one.line() for one in self.figures]
        return [
            *bounds.judged(bounds.BOUNDS, lines), *bounds.judged(bounds.GROWTH, self._growth()),
            *bounds.judged(bounds.FIGURES, figures),
        ]  # fmt: skip

    def _growth(self) -> list[dict[str, object]]:
        """How much dearer each path is in the large county: both ratios are to the base measured beside them."""
        found: list[dict[str, object]] = []
        for name in dict.fromkeys(one.path for one in self.grown if one.path != "base"):
            small = median(one.ratio for one in self.slices if (one.path, one.concurrency) == (name, 1))
            large = median(one.ratio for one in self.grown if one.path == name)
            slowest = median(one.cost.p95 for one in self.grown if one.path == name)
            found.append({
                "path": name, "concurrency": 1, "small": small, "large": large, "growth": large / small,
                "large_p95_ms": slowest,
            })  # fmt: skip
        return found

    def facts(self) -> dict[str, object]:
        """For programs."""
        return {
            "around": self.around, "seconds": self.seconds, "paths": self._lines(), "bounds": self.judged(),
            "growth": self._growth(), "large": self.large, "figures": [one.line() for one in self.figures],
        }  # fmt: skip

    def table(self) -> str:
        """For people."""
        lines = ["  ".join(f"{name} {value}" for name, value in self.around.items())]
        shown = 0
        for line in self._lines():
            if line["concurrency"] != shown:
                shown = line["concurrency"]  # type: ignore[assignment]
                lines += ["", f"concurrency {shown}", _row(HEADS)]
            title = next(path.title for path in self.paths if path.name == line["path"])
            lines.append(
                _row((title, *(_figure(value) for name, value in line.items() if name not in ("path", "concurrency"))))
            )
        for one in self._growth():
            small, large = f"{one['small']:.2f} x", f"{one['large']:.2f} x, p95 {one['large_p95_ms']:.1f} ms"
            lines += ["", f"{one['path']}: {small}, with {self.large} orders {large}"]
        for figure in self.figures:
            lines += ["", str(figure)]
        return "\n".join([*lines, "", *bounds.table(self.judged())])


def _figure(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _row(cells: tuple[str, ...]) -> str:
    return cells[0].ljust(WIDTHS[0]) + "".join(
        cell.rjust(width) for cell, width in zip(cells[1:], WIDTHS[1:], strict=True)
    )
