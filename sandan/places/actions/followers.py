"""Who follows the ground: rooms above keep codes of places; they are told of every change in its own transaction.

The modules stand in settings.GROUND_FOLLOWERS, so that this room imports none of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings

from sandan.places.models import PlaceChange

Facts = dict[str, Any]


@dataclass(frozen=True)
class Shift:
    """A change of the ground: every code that ended, with the codes in its place: the main one first, or none."""

    change: PlaceChange
    mapping: Mapping[str, tuple[str, ...]]
    by: Any
    at: datetime


class Follower(Protocol):
    """What a module in settings.GROUND_FOLLOWERS offers; `facts` are its own notes as JSON, for the way back."""

    def concerned(self, codes: Collection[str], at: datetime) -> dict[str, list[str]]:
        """Who or what hangs on each code, in words for the page of a preview."""

    def follow(self, shift: Shift) -> Facts:
        """Move everything from the old codes to the new ones."""

    def objections(self, change: PlaceChange, facts: Facts) -> list[str]:
        """Why the change cannot be taken back now, in words; nothing where it can."""

    def unfollow(self, change: PlaceChange, facts: Facts, by: Any, at: datetime) -> None:
        """Put everything back as it was before the change."""


def _followers() -> dict[str, Follower]:
    return {name: cast(Follower, import_module(name)) for name in settings.GROUND_FOLLOWERS}


def concerned(codes: Collection[str], at: datetime) -> dict[str, list[str]]:
    """Who or what hangs on each of these codes, in words."""
    found: dict[str, list[str]] = {}
    for follower in _followers().values():
        for code, words in follower.concerned(codes, at).items():
            found.setdefault(code, []).extend(words)
    return found


def follow(shift: Shift) -> None:
    """Tell everybody, and keep their notes with the change."""
    shift.change.followed = {name: follower.follow(shift) for name, follower in _followers().items()}
    shift.change.save(update_fields=["followed"])


def objections(change: PlaceChange) -> list[str]:
    """Why a change cannot be taken back now."""
    return [
        words
        for name, follower in _followers().items()
        for words in follower.objections(change, change.followed.get(name, {}))
    ]


def unfollow(change: PlaceChange, by: Any, at: datetime) -> None:
    """Everybody puts back what followed the change, the last one first."""
    for name, follower in reversed(_followers().items()):
        follower.unfollow(change, change.followed.get(name, {}), by, at)
