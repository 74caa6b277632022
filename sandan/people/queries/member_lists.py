"""The closed lists of data/: skills a member may name, kinds of service posts. An office extends them by the file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO

from sandan.core.errors import Refused


@dataclass(frozen=True)
class Skill:
    """One skill of the list: what it is called, its group, whether a licence is asked for, a word that explains."""

    name: str
    group: str
    is_licensed: bool
    hint: str


@dataclass(frozen=True)
class PostKind:
    """One kind of service post with what a new one of it begins with; minutes are of the local day."""

    code: str
    name: str
    task: str
    weekdays: tuple[int, ...]
    from_minute: int | None
    to_minute: int | None
    seats: int
    days: int
    skills: tuple[str, ...]


class NoKind(Refused):
    """No kind of service post has that code."""


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("sandan.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text)))


@cache
def skills() -> Mapping[str, Skill]:
    """All skills by name, in the order of the file (R016: a closed list)."""
    return {
        row["name"]: Skill(row["name"], row["group"], bool(row["licensed"]), row["hint"]) for row in _rows("skills.csv")
    }


@cache
def post_kinds() -> Mapping[str, PostKind]:
    """All kinds of service posts by code, in the order of the file (R014)."""
    return {row["code"]: _kind(row) for row in _rows("service_posts.csv")}


def _kind(row: dict[str, str]) -> PostKind:
    return PostKind(
        code=row["code"], name=row["name"], task=row["task"], weekdays=tuple(int(day) for day in row["weekdays"]),
        from_minute=_minute(row["from"]), to_minute=_minute(row["to"]), seats=int(row["seats"]), days=int(row["days"]),
        skills=tuple(one for one in row["skills"].split("|") if one),
    )  # fmt: skip


def _minute(text: str) -> int | None:
    if not text:
        return None
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def kind_name(code: str) -> str:
    """What a kind is called; its code where the file has lost it."""
    kind = post_kinds().get(code)
    return kind.name if kind else code
