"""Cells of a row or properties of a feature made into one line: codes found, values checked, faults by column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandan.calc.ground.datum import Datum, to_wgs84
from sandan.calc.ground.frame import Json
from sandan.calc.ground.papers import cleaning
from sandan.calc.ground.papers.records import Key, Known, Line
from sandan.calc.sheets import values
from sandan.calc.sheets.records import Fault, Where
from sandan.calc.sheets.values import Unreadable

NEAR = 0.3  # degrees around the county in which its places may lie
MOST_HOUSEHOLDS, MOST_UNITS, MOST_FLOORS = 200_000, 99, 200
FIRST_EXCLUSIVE, LAST = 901, 999
SORTS = {"市场": "market", "学校": "school", "企业": "firm", "园区": "firm", "楼宇": "building", "商务": "building"}
OFFICES = re.compile(r"(社区|村)?(居民|村民)?(居委会|村委会|委员会)?(社区|村)?$")
Cells = Mapping[str, object]
Columns = Mapping[str, str]


@dataclass
class Reader:
    """Makes lines of a file and gathers what is wrong; the numbers it gives to new grids run on from what is known."""

    known: Known
    datum: Datum | None = None
    faults: list[Fault] = field(default_factory=list)
    needs_datum: bool = False
    _given: dict[tuple[str, str], int] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)  # (place above and kind, name): code
    _towns: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, name in self.known.communities.items():
            for key in {name, short_name(name)}:
                self._towns.setdefault(key, []).append(code)
        for code, name in self.known.cells.items():
            self._names[_above(code), name] = code

    def line(self, where: Where, kind: str, cells: Cells, columns: Columns, outline: Json | None = None) -> Line | None:
        """The line of these cells; None where it has faults, which are kept."""
        return _Row(self, where, kind, cells, columns, outline).line()

    def community_called(self, text: str) -> str:
        """The code of a community by its code or one of its names; Unreadable where none or several are meant."""
        if text.isdigit() and len(text) == 12:
            if text in self.known.communities:
                return text
            raise Unreadable("no_community" if text.startswith(self.known.county) else "other_county", text)
        found = self._towns.get(text) or self._towns.get(short_name(text)) or []
        if len(found) != 1:
            raise Unreadable("two_communities" if found else "no_community", text)
        return found[0]

    def cell_called(self, above: str, kind: str, name: str | None, number: int | None) -> str:
        """The code of a grid or micro-grid by number or name, a new one where neither is known."""
        layer = f"{above} {kind}"
        width = 2 if kind == "micro" else 3
        if number is not None:
            if kind == "exclusive" and number < FIRST_EXCLUSIVE:
                number += FIRST_EXCLUSIVE - 1
            return f"{above}{number:0{width}d}"
        known = self._names.get((layer, name or ""))
        if known:
            return known
        if not name:
            raise Unreadable("no_code")
        at = (above, kind)
        first = FIRST_EXCLUSIVE - 1 if kind == "exclusive" else 0
        self._given[at] = max(self._given.get(at, 0), self.known.last.get(at, first)) + 1
        if self._given[at] > (99 if kind == "micro" else LAST if kind == "exclusive" else FIRST_EXCLUSIVE - 2):
            raise Unreadable("full", name)
        code = f"{above}{self._given[at]:0{width}d}"
        self._names[layer, name] = code
        return code

    def remember(self, code: str, name: str | None) -> None:
        """A cell this file told of: rows below may name it."""
        if name:
            self._names[_above(code), name] = code
        width = 2 if len(code) == 17 else 3
        at = (code[:-width], kind_of(code))
        self._given[at] = max(self._given.get(at, 0), int(code[-width:]))


def short_name(name: str) -> str:
    """A community without the name of its office: 察院后社区居委会 is 察院后."""
    return OFFICES.sub("", name) or name


def kind_of(code: str) -> str:
    """What a code of 12, 15 or 17 digits stands for."""
    if len(code) == 15:
        return "exclusive" if code[12:] > "900" else "grid"
    return "micro" if len(code) == 17 else "community"


def _above(code: str) -> str:
    return f"{code[:-2]} micro" if len(code) == 17 else f"{code[:-3]} {kind_of(code)}"


@dataclass
class _Row:
    """One row while it is read."""

    reader: Reader
    where: Where
    kind: str
    cells: Cells
    columns: Columns
    outline: Json | None
    bad: bool = False

    def line(self) -> Line | None:
        told = {**self._values(), **self._place()}
        key = self._get("code", self._key)
        if self.bad or key is None:
            return None
        kind = self.kind if self.kind in {"estate", "building"} else kind_of(key[0])
        if self.outline is not None:
            told["outline"] = self.outline
        if kind in {"grid", "exclusive", "micro"}:
            self.reader.remember(key[0], told.get("name"))
        return Line(self.where, kind, key, {name: value for name, value in told.items() if value is not None})

    def _get(self, column: str, read: Callable[[], Any]) -> Any:
        """What `read` makes of a cell; a fault under that column where it cannot."""
        try:
            return read()
        except Unreadable as fault:
            self.bad = True
            column = getattr(fault, "column", column)
            heading = self.columns.get(column, column if column in self.cells else "")
            self.reader.faults.append(Fault(self.where, heading, fault.what, fault.value))
            return None

    def _values(self) -> dict[str, Any]:
        cells = self.cells
        told = {"name": self._get("name", lambda: values.words(cells.get("name"), 80))}
        told["households"] = self._get("households", lambda: values.whole(cells.get("households"), MOST_HOUSEHOLDS))
        if self.kind == "building":
            told["unit_count"] = self._get("unit_count", lambda: values.whole(cells.get("unit_count"), MOST_UNITS))
            told["floors"] = self._get("floors", lambda: values.whole(cells.get("floors"), MOST_FLOORS))
            told["grid"] = self._get("grid", lambda: self._cell_named("grid"))
            told["micro"] = self._get("micro", lambda: self._cell_named("micro"))
        elif self.kind == "estate":
            told["aliases"] = self._get("aliases", lambda: values.names(cells.get("aliases"), 80))
            told["building_word"] = self._get("building_word", lambda: values.words(cells.get("building_word"), 4))
        else:
            told["sort"] = self._get("sort", self._sort)
        if self.kind in {"estate", "building"}:
            del told["name"]  # it is part of the key
        if self.kind == "estate":
            del told["households"]  # of an estate it is the sum of its buildings
        return told

    def _sort(self) -> str | None:
        text = values.text_of(self.cells.get("sort"))
        return next((sort for word, sort in SORTS.items() if word in text or text == sort), None)

    def _place(self) -> dict[str, float | None]:
        """Position in WGS-84 for estates and buildings; nothing for cells, whose place is their outline."""
        if self.kind not in {"estate", "building"}:
            return {}
        lon = self._get("lon", lambda: cleaning.degrees(self.cells.get("lon"), -180, 180))
        lat = self._get("lat", lambda: cleaning.degrees(self.cells.get("lat"), -180, 180))
        if lon is None or lat is None or self.bad:
            return {}
        return dict(zip(("lon", "lat"), self._get("lon", lambda: self._spot(lon, lat)) or (None, None), strict=True))

    def _spot(self, lon: float, lat: float) -> tuple[float, float]:
        if self.reader.datum is None:
            self.reader.needs_datum = True
            return lon, lat
        west, south, east, north = self.reader.known.box
        if west - NEAR < lat < east + NEAR and south - NEAR < lon < north + NEAR:
            raise Unreadable("swapped", f"{lon}, {lat}")
        if not (west - NEAR < lon < east + NEAR and south - NEAR < lat < north + NEAR):
            raise Unreadable("far", f"{lon}, {lat}")
        return tuple(round(x, 9) for x in to_wgs84(lon, lat, self.reader.datum))  # type: ignore[return-value]

    def _community(self) -> str | None:
        """The community a row names; None where it names none."""
        for column in ("community_code", "community"):
            text = values.text_of(self.cells.get(column))
            if text:
                try:
                    return self.reader.community_called(text)
                except Unreadable as fault:
                    fault.column = column  # type: ignore[attr-defined]
                    raise
        return None

    def _key(self) -> Key:
        if self.kind in {"estate", "building"}:
            return self._estate_key()
        code, community = values.digits(self.cells.get("code")), self._community()
        if len(code) in {15, 17} or (len(code) == 12 and self.kind == "community"):
            self._require_here(code, community)
            return (code,)
        if code and len(code) > 3:
            raise Unreadable("code_length", code)
        number = cleaning.number_in(code or values.text_of(self.cells.get("number")))
        return (self._number_key(community, number),)

    def _number_key(self, community: str | None, number: int | None) -> str:
        if community is None and self.kind != "micro":
            raise Unreadable("community_missing")
        above, kind = community or "", self._layer()
        if kind == "micro":
            above = self._cell_named("grid", required=True) or ""
        if number is not None and not 1 <= number <= (99 if kind == "micro" else LAST):
            raise Unreadable("number", number)
        return self.reader.cell_called(above, kind, values.words(self.cells.get("name"), 80), number)

    def _layer(self) -> str:
        """Grid, exclusive or micro: as the row says, else as the sheet does."""
        word = values.text_of(self.cells.get("kind")).lower()
        if "专属" in word or word == "exclusive":
            return "exclusive"
        return "micro" if "微" in word or word == "micro" else "grid" if word in {"普通网格", "grid"} else self.kind

    def _require_here(self, code: str, community: str | None) -> None:
        if not code.startswith(self.reader.known.county):
            raise Unreadable("other_county", code)
        if code[:12] not in self.reader.known.communities:
            raise Unreadable("no_community", code)
        if community is not None and not code.startswith(community):
            raise Unreadable("code_elsewhere", code)
        if len(code) > 12 and (code[12:15] in {"000", "900"} or code[15:] == "00"):
            raise Unreadable("code_zero", code)

    def _cell_named(self, column: str, required: bool = False) -> str | None:
        """The code of the grid or micro-grid that a row says it lies in."""
        text = values.text_of(self.cells.get(column))
        plain = text.replace("-", "").replace(" ", "")
        if plain.isdigit() and len(plain) == (17 if column == "micro" else 15):
            self._require_here(plain, None)
            return plain
        if not text:
            if required:
                raise Unreadable("grid_missing")
            return None
        above = self._community() if column == "grid" else self._cell_named("grid")
        if above is None:
            raise Unreadable("community_missing")
        kind = "micro" if column == "micro" else "grid"
        known = self.reader._names.get((f"{above} {kind}", text))
        number = cleaning.number_in(text)
        if known is None and number is None:
            raise Unreadable("no_grid", text)
        return known or f"{above}{number:0{2 if kind == 'micro' else 3}d}"

    def _estate_key(self) -> Key:
        name = values.words(self.cells.get("estate") or self.cells.get("name"), 80)
        if name is None:
            raise Unreadable("estate_missing")
        community = self._community() or self._by_grid() or self._by_estate(name)
        if community is None:
            raise Unreadable("community_missing")
        if self.kind == "estate":
            return (community, name)
        label = self._get("label", lambda: cleaning.label_of(self.cells.get("label")))
        if label is None and not self.bad:
            raise Unreadable("label_missing")
        return (community, name, label or "")

    def _by_grid(self) -> str | None:
        text = values.text_of(self.cells.get("grid")).replace("-", "")
        return text[:12] if len(text) == 15 and text[:12] in self.reader.known.communities else None

    def _by_estate(self, name: str) -> str | None:
        found = self.reader.known.estates.get(name, ())
        return found[0] if len(found) == 1 else None
