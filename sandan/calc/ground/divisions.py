"""The published list of divisions, as rows of (code, name)."""

from collections.abc import Iterable
from dataclasses import dataclass


class NoSuchCounty(ValueError):
    """The list holds no county of this code; `near` are counties that a slip may have meant."""

    def __init__(self, code: str, near: tuple[tuple[str, str], ...]) -> None:
        super().__init__(code)
        self.code, self.near = code, near


@dataclass(frozen=True)
class Division:
    """A county with its way up and down: names above it, its streets and communities as (code, name)."""

    code: str
    name: str
    province: str
    city: str
    is_whole_city: bool  # 东莞, 中山, 儋州, 嘉峪关: the city has streets but one six-digit code, which repeats its name
    streets: tuple[tuple[str, str], ...]
    communities: tuple[tuple[str, str], ...]


def county_divisions(rows: Iterable[tuple[str, str]], code: str) -> Division:
    """The county of a six-digit code out of rows of (code, name) of five levels; NoSuchCounty where there is none.

    Cities without counties stand in the list with a six-digit code of their own under which the streets
    are, the same name at four and six digits; such a code is served like any county.
    """
    if len(code) != 6 or not code.isdecimal():
        raise NoSuchCounty(code, ())
    wanted = {code[:2], code[:4]}
    inside: dict[str, str] = {}
    above: dict[str, str] = {}
    siblings: list[tuple[str, str]] = []
    for row, name in rows:
        if row.startswith(code):
            inside[row] = name
        elif row in wanted:
            above[row] = name
        if len(row) == 6 and row.startswith(code[:4]):
            siblings.append((row, name))
    if code not in inside:
        raise NoSuchCounty(code, tuple(siblings[:20]))
    name, city = inside[code], above.get(code[:4], "")
    streets = tuple(sorted((c, n) for c, n in inside.items() if len(c) == 9))
    communities = tuple(sorted((c, n) for c, n in inside.items() if len(c) == 12))
    whole = name == city and len(siblings) == 1
    return Division(code, name, above.get(code[:2], ""), city, whole, streets, communities)
