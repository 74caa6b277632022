"""One line of the expectation table, and the words it is written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.rights.cast import ACTORS

GUESTS = ("partner", "day")  # their accounts open their own pages alone
GROUPS = {
    "*": tuple(ACTORS),
    "OURS": tuple(actor for actor in ACTORS if actor not in ("visitor", "resident", *GUESTS)),
    "SIGNED": tuple(actor for actor in ACTORS if actor not in ("visitor", "resident")),
    "HELP": ("member", "worker", "leader", "clerk"),
    "DESKS": ("desk", "street", "district"),
    "STAFF": ("worker", "leader", "desk", "street", "district", "clerk"),
}


def who(words: str) -> frozenset[str]:
    """The actors that a line names: single ones, groups, and `-name` to take one out."""
    found: set[str] = set()
    for word in words.split():
        if word.startswith("-"):
            found -= {word[1:]}
        else:
            found |= set(GROUPS.get(word, (word,)))
    assert found <= set(ACTORS), words
    return frozenset(found)


@dataclass(frozen=True)
class P:
    """One line: what the address names, who reads it, who may send what to it."""

    of: str = ""
    get: str | None = None
    post: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)  # what is sent along
    sees: str = ""
    open: bool = False  # no login asked
    reveals: bool = False  # what is under seal is shown to those named by `post`; each look is logged
    also: Mapping[str, str] = field(default_factory=dict)  # actor or "*": the one other answer they get
    away: str = ""  # who is led away from a foreign thing as from an absent one, instead of a 404
    lacks: bool = False  # names a second thing, which is missing here: the 404 as well
    wide: bool = False  # ground that everybody may look at: a foreign place gets the same answer as one's own
