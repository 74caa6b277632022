"""Copies of a county's ground in this process, each renewed when the county's version has changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandan.places.models import Place

FRESH_SECONDS = 2.0  # how long a copy is used before its version is asked for again
Copy = TypeVar("Copy")


@dataclass
class _Kept(Generic[Copy]):
    version: int
    asked_at: float
    copy: Copy


class Copies(Generic[Copy]):
    """One copy a county, built by `build(county code)` at first use. A change in this process is seen at once, one
    in another process after two seconds."""

    def __init__(self, build: Callable[[str], Copy]) -> None:
        self._build = build
        self._kept: dict[str, _Kept[Copy]] = {}

    def of(self, county: str) -> Copy | None:
        """The copy, None for a county that is not here."""
        kept = self._kept.get(county)
        now = time.monotonic()
        if kept is not None and now - kept.asked_at < FRESH_SECONDS:
            return kept.copy
        version = Place.objects.filter(code=county, kind=Place.Kind.COUNTY).values_list("version", flat=True).first()
        if version is None:
            return None
        if kept is None or kept.version != version:
            kept = self._kept[county] = _Kept(version, now, self._build(county))
        kept.asked_at = now
        return kept.copy

    def forget(self, county: str) -> None:
        """Drop the copy, because this process has just changed the ground."""
        self._kept.pop(county, None)
