"""What must be hidden in a message: people, their numbers and, for the public, their door.

Rules only, no model: the same text always gives the same spans. Better one too many hidden than one too few.
"""

import re
from dataclasses import replace
from typing import Literal

from sandan.calc.masking import doors, numbers, persons
from sandan.calc.masking.spans import MARKS, Span

__all__ = ["MARKS", "Level", "Span", "find", "masked", "terms"]

Level = Literal["inside", "public"]
_MARKED = re.compile("〔[^〔〕]{1,4}〕")
_TERM = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")


def find(text: str, level: Level) -> tuple[Span, ...]:
    """What to hide, in order and apart: "inside" people and their numbers, "public" also aliases and doors."""
    digits = numbers.find(text)
    ranked = [*digits, *persons.find(text, digits)]
    if level == "public":
        ranked += doors.find(text)
    else:
        ranked = [span for span in ranked if span.kind != "person_alias"]
    return _apart(ranked, len(text))


def _apart(ranked: list[Span], size: int) -> tuple[Span, ...]:
    """Spans by rank: where one stands on taken ground only its free pieces stay, so nothing found is ever left open."""
    taken = bytearray(size)
    kept: list[Span] = []
    for span in ranked:
        free = re.finditer(rb"\0+", bytes(taken[span.start : span.end]))
        pieces = [(span.start + run.start(), span.start + run.end()) for run in free]
        kept += [replace(span, start=start, end=end) for start, end in pieces]
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return tuple(sorted(kept))


def masked(text: str, level: Level) -> str:
    """The text with a readable mark in place of everything that must be hidden at this level."""
    parts, at = [], 0
    for span in find(text, level):
        parts += [text[at : span.start], span.mask]
        at = span.end
    return "".join((*parts, text[at:]))


def terms(text: str) -> tuple[str, ...]:
    """Search terms of a masked text, once each in order: pairs of Chinese characters, Latin words, digits."""
    found: dict[str, None] = {}
    for match in _TERM.finditer(numbers.plain(_MARKED.sub(" ", text)).lower()):
        run = match[0]
        pairs = [run] if run.isascii() or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
        found.update(dict.fromkeys(pairs))
    return tuple(found)
