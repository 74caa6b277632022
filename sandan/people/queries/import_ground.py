"""Places as lists name them: by code, by name, by number, by estate; and the nearest name where none is meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from rapidfuzz import fuzz, process

from sandan.calc.ground.papers import short_name
from sandan.calc.ground.papers.cleaning import number_in
from sandan.calc.sheets.lists import Reader
from sandan.calc.sheets.values import Unreadable, digits, names, text_of
from sandan.places.models import Estate, Place

ALIKE = 60  # of 100, from which a name is proposed
LEVELS = {"street": 9, "community": 12, "grid": 15, "micro": 17}


def near(text: str, names: Iterable[str]) -> str:
    """The likest of these names, empty where none is like the text."""
    found = process.extractOne(text, list(names), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return str(found[0]) if found else ""


@dataclass
class Ground:
    """The places of a county that are in use: names by code, and the estates with their grids."""

    county: str
    names: Mapping[str, str]
    estates: Mapping[str, list[tuple[str, tuple[str, ...]]]]  # name: (community, grids of its buildings)
    _called: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, name in self.names.items():
            layer = self._called.setdefault(len(code), {})
            for word in {name, short_name(name)} if len(code) == 12 else {name}:
                layer.setdefault(word, []).append(code)

    def grid_of(self, reader: Reader) -> str | None:
        """The grid of a row: by code, by community and grid, by estate; None with a fault where none is meant."""
        found = self.place_of(reader, (17, 15))
        if found or reader.is_bad:
            return found[:15] if found else None
        found = reader.get("estate", lambda value: self._by_estate(text_of(value), self._community_of(reader)))
        if not found and not reader.is_bad:
            reader.fault("grid", "grid_missing")
        return found

    def place_of(self, reader: Reader, lengths: tuple[int, ...]) -> str | None:
        """The narrowest place of these lengths that a row names; None where it names none, or with a fault."""
        code = reader.get("code", digits)
        if code:
            if code not in self.names or len(code) not in lengths:
                reader.fault("code", "no_code" if code not in self.names else "code_level", code)
                return None
            return code
        above, faults = "", len(reader.faults)
        for level, length in LEVELS.items():
            found = reader.get(level, partial(self._called_so, length=length, above=above))
            if len(reader.faults) > faults:
                return None  # what lies inside a place that nobody knows would be a fault of the same
            above = found or above
        if reader.is_bad:
            return None
        return next((above[:length] for length in lengths if length <= len(above)), None)

    def communities_of(self, value: object) -> tuple[str, ...]:
        """The communities that a cell names, one or several; Unreadable for one that is none."""
        found = (self._called_so(text, 12, "") for text in names(value, 80) or ())
        return tuple(dict.fromkeys(code for code in found if code))

    def _community_of(self, reader: Reader) -> str:
        return reader.get("community", partial(self._called_so, length=12, above="")) or ""

    def _called_so(self, value: object, length: int, above: str) -> str | None:
        """The one place of that level which a text names inside `above`; Unreadable for none or several."""
        text = text_of(value)
        plain = text.replace("-", "").replace(" ", "")
        if not plain:
            return None
        if plain.isdigit() and len(plain) in LEVELS.values():
            if plain not in self.names:
                raise Unreadable("no_code", plain)
            return plain[:length]
        layer = self._called.get(length, {})
        found = self._inside(layer.get(text) or layer.get(plain) or self._in_words(plain, length, above), above)
        if length == 12 and not found:
            found = self._inside(layer.get(short_name(plain), []), above)
        if len(found) > 1:
            raise Unreadable("two_places", text)
        if not found:
            alike = near(text, [name for name, codes in layer.items() if self._inside(codes, above)])
            raise Unreadable(f"no_{length}", text, alike)
        return found[0]

    def _in_words(self, text: str, length: int, above: str) -> list[str]:
        """A grid by its number in the community, or by both names in one word: 霁山社区第一网格."""
        if length < 15:
            return []
        for town, codes in () if above else self._called.get(12, {}).items():
            if len(codes) == 1 and text.startswith(town) and len(text) > len(town):
                rest = text.removeprefix(town).removeprefix("社区")
                return self._inside(self._called[length].get(rest) or self._in_words(rest, length, codes[0]), codes[0])
        number = number_in(text)
        code = f"{above}{number or 0:0{3 if length == 15 else 2}d}"
        return [code] if number and code in self.names and len(code) == length else []

    @staticmethod
    def _inside(codes: Iterable[str], above: str) -> list[str]:
        return [code for code in codes if code.startswith(above)]

    def _by_estate(self, text: str, community: str) -> str | None:
        if not text:
            return None
        found = [(town, grids) for town, grids in self.estates.get(text, []) if town.startswith(community)]
        if not found:
            raise Unreadable("no_estate", text, near(text, self.estates))
        if len(found) > 1:
            raise Unreadable("two_places", text)
        if len(found[0][1]) != 1:
            raise Unreadable("estate_grids", text)
        return found[0][1][0]

    def name_of(self, code: str) -> str:
        """A place as people say it: its community first where it is a grid."""
        own = self.names.get(code, code)
        return f"{self.names.get(code[:12], '')} {own}".strip() if len(code) > 12 else own


def ground_of(county: str) -> Ground:
    """The ground of a county; two statements."""
    names = dict(Place.objects.current().within(county).order_by("code").values_list("code", "name"))
    grids = ArrayAgg("buildings__grid", distinct=True, default=[], filter=Q(
        buildings__valid_to=None, buildings__grid__isnull=False
    ))  # fmt: skip
    estates: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    rows = Estate.objects.current().filter(community__code__startswith=county).annotate(in_grids=grids).order_by("id")
    for name, aliases, community, codes in rows.values_list("name", "aliases", "community_id", "in_grids"):
        for word in dict.fromkeys([name, *aliases]):
            estates.setdefault(word, []).append((community, tuple(codes)))
    return Ground(county, names, estates)
