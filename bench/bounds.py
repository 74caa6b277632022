"""What is promised, as data: the goal and where it closes, for each path and figure; and how a run stands to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Line = Mapping[str, object]  # one line of a report: path, concurrency, and its figures by name
CROWD = 8
CALLERS = 1000  # who press at the same moment
EVENING = 500  # who sign in at the same moment
DEARER = 1.25  # at CROWD connections a request may cost this much more than alone


@dataclass(frozen=True)
class Bound:
    """One promise: `figure` of `path` is at most `goal` (or at least); beyond `closes_at` it is broken."""

    path: str
    figure: str
    goal: float
    closes_at: float
    unit: str = ""
    concurrency: int = 1
    at_least: bool = False

    def holds(self, value: float, limit: float) -> bool:
        """Whether the value is on the right side of a limit."""
        return value >= limit if self.at_least else value <= limit


RATIOS = {"place": (6.0, 9.0), "board": (10.0, 12.0), "page": (5.0, 8.0), "move": (6.0, 9.0)}
BOUNDS: tuple[Bound, ...] = (
    *(Bound(path, "ratio", goal, closes, "x") for path, (goal, closes) in RATIOS.items()),
    *(Bound(path, "ratio", goal * DEARER, closes * DEARER, "x", CROWD) for path, (goal, closes) in RATIOS.items()),
    Bound("place", "all", 14, 14, " statements"),
    Bound("board", "all", 10, 10, " statements"),
    Bound("board", "p95_ms", 150, 150, " ms"),
    Bound("map", "p95_ms", 100, 100, " ms"),
)
FIGURES: tuple[Bound, ...] = (  # measured by themselves, not as slices beside the base
    Bound("points", "a_second", 500_000, 500_000, " positions/s", at_least=True),
    Bound("grabs", "seconds", 5, 5, " s", CALLERS),
    Bound("logins", "seconds", 60, 60, " s", EVENING),
)
GROWTH: tuple[Bound, ...] = (  # the large county over the small one, each over the base measured beside it
    Bound("board", "growth", 1.5, 1.5, "x"),
    Bound("narrow", "growth", 3.0, 3.0, "x"),
    Bound("rare", "growth", 3.0, 3.0, "x"),
    Bound("map", "large_p95_ms", 100, 100, " ms"),  # of 100,000 open orders
)


def verdict(bound: Bound, value: float) -> str:
    """pass, "miss of the goal", or MISS where it closes."""
    if bound.holds(value, bound.goal):
        return "pass"
    return "miss of the goal" if bound.holds(value, bound.closes_at) else "MISS"


def judged(bounds: Iterable[Bound], lines: Iterable[Line]) -> list[dict[str, object]]:
    """Each bound that was measured, with its value and verdict."""
    by_key = {(line["path"], line["concurrency"]): line for line in lines}
    found = []
    for bound in bounds:
        line = by_key.get((bound.path, bound.concurrency))
        if line is not None and bound.figure in line:
            value = float(str(line[bound.figure]))
            found.append(
                {
                    "path": bound.path, "figure": bound.figure, "concurrency": bound.concurrency, "value": value,
                    "goal": bound.goal, "closes_at": bound.closes_at, "unit": bound.unit,
                    "verdict": verdict(bound, value),
                }
            )  # fmt: skip
    return found


def table(judgements: Iterable[Mapping[str, object]]) -> list[str]:
    """For people: one line a bound."""
    return [
        f"{one['verdict']!s:<17} {one['path']!s:<7} {one['figure']!s:<8} c{one['concurrency']:<4}  "
        f"{one['value']:,.2f}{one['unit']}  goal {one['goal']:,g}, closes at {one['closes_at']:,g}"
        for one in judgements
    ]
