"""Figures that can be checked: numerator, denominator and rule together, rounded half up, never cut. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

FEWEST = 10  # under ten cases a rate says nothing
SMALLEST_GROUP = 5  # smaller groups of sensitive matters could be recognised
SATISFIED = {1: Decimal("1"), 2: Decimal("0.9"), 3: Decimal("0.6"), 4: Decimal(0), 5: Decimal(0)}


@dataclass(frozen=True)
class Figure:
    """A share: how many of how many, by which rule; `numerator` has a decimal where answers are weighed."""

    label: str
    numerator: Decimal | int
    denominator: int
    rule: str

    @property
    def has_rate(self) -> bool:
        """Whether there are enough cases to speak of a rate."""
        return self.denominator >= FEWEST

    @property
    def per_cent(self) -> Decimal | None:
        """The rate in per cent with one decimal, rounded half up; None under ten cases."""
        return per_cent(self.numerator, self.denominator) if self.has_rate else None

    @property
    def fraction(self) -> str:
        """「50/55」, as it is printed beside every rate."""
        return f"{self.numerator}/{self.denominator}"


def per_cent(numerator: Decimal | int, denominator: int) -> Decimal:
    """Per cent with one decimal, rounded half up: 50 of 55 are 90.9. Refuses a denominator of 0 or a share over one."""
    if denominator <= 0 or not 0 <= numerator <= denominator:
        raise ValueError(f"no share: {numerator} of {denominator}")
    return (Decimal(numerator) * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


def satisfied(answers: Mapping[int, int]) -> Decimal:
    """How many satisfied answers: each step of the scale weighs 1, 0.9, 0.6, 0 or 0; `answers` counts by step."""
    return sum((SATISFIED[step] * count for step, count in answers.items()), Decimal(0)).quantize(
        Decimal("0.1"), ROUND_HALF_UP
    )


def part(values: Sequence[float], share: float) -> float | None:
    """The value that `share` of all values do not exceed (nearest rank): 0.5 the median, 0.9 the 90th part."""
    if not values:
        return None
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


@dataclass(frozen=True)
class Group:
    """A line of a table by kind: how many; `count` None hides a number that could point at a person."""

    key: str
    label: str
    count: int | None


def veiled(groups: Sequence[tuple[str, str, int, bool]], rest: str) -> tuple[Group, ...]:
    """Groups (key, label, count, is_sensitive), most first; sensitive ones under five go together under `rest`.

    One small group alone takes the next smallest sensitive one along, or the rest could be worked out from the total.
    """
    small = sorted((g for g in groups if g[3] and g[2] < SMALLEST_GROUP), key=lambda g: g[2])
    spare = sorted((g for g in groups if g[3] and g[2] >= SMALLEST_GROUP), key=lambda g: g[2])
    while small and spare and (len(small) < 2 or sum(g[2] for g in small) < SMALLEST_GROUP):
        small.append(spare.pop(0))
    hidden = {g[0] for g in small}
    shown = [Group(*g[:3]) for g in sorted(groups, key=lambda g: (-g[2], g[0])) if g[0] not in hidden]
    if small:
        total = sum(g[2] for g in small)
        shown.append(Group("", rest, total if total >= SMALLEST_GROUP else None))
    return tuple(shown)
