"""Where something stands in a file and what is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Where:
    """A place in a file: the sheet's name and a row, or no sheet and the number of a feature; both count from 1."""

    sheet: str
    row: int


@dataclass(frozen=True)
class Fault:
    """Something that keeps a file out: where, under which heading, what (a key of the room's words), the value read.

    `letter` is the column as a table program names it, `hint` what may help; both empty where the room says neither.
    """

    where: Where
    column: str
    what: str
    value: str = ""
    letter: str = ""
    hint: str = ""
