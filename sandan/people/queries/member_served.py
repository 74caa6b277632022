"""How often members served: rooms above keep the orders, and are asked by name so that this room imports none.

The modules stand in settings.SERVICE_RECORDS.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings


class Record(Protocol):
    """What a module in settings.SERVICE_RECORDS offers."""

    def served(self, persons: Collection[int]) -> Mapping[int, int]:
        """How many services each of these persons has done; who has done none may be missing. One statement."""


def served(persons: Collection[int]) -> Mapping[int, int]:
    """Services of each person, all rooms together; nought where there is none."""
    counts: Counter[int] = Counter()
    for name in settings.SERVICE_RECORDS if persons else ():
        counts.update(cast(Record, import_module(name)).served(persons))
    return counts
