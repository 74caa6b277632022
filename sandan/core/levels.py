"""Four levels of what a column holds, so that no column is without one: every room lists its own (`LEVELS`).

public: anybody may read it. inside: who may see the row. contact: a way to a person, under seal, opened one look at a
time with a line for who asks. sealed: original words, pictures, secrets and digests: opened by the few that the table
of rights names, or by nobody.
"""

from collections.abc import Mapping
from typing import Literal

Level = Literal["public", "inside", "contact", "sealed"]
Levels = Mapping[str, Mapping[Level, str]]  # model label: level: the names of its columns, parted by blanks


def level_of(levels: Levels, label: str, field: str) -> Level | None:
    """The level of a column, None where nobody has said."""
    return next((level for level, names in levels.get(label, {}).items() if field in names.split()), None)
