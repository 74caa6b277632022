"""A draft beside what is here: what would be new, changed, gone and untouched, and which grid follows which."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from sandan.calc.ground.frame import Json, as_shape, frame_of
from sandan.calc.ground.papers.records import CELLS, Key, Line
from sandan.calc.sheets.records import Fault

SAME_PLACE = 1e-7  # degrees, a centimetre
LEAST_SHARE = 0.05  # of a grid's area that makes another one its successor


@dataclass(frozen=True)
class Held:
    """A thing that is here: kind, key as in a Line, its own id (a code for cells) and the values it has."""

    kind: str
    key: Key
    ref: str | int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """One thing that would be made, changed or ended: `fields` are the names of the values that differ."""

    kind: str
    key: Key
    held: Held | None = None
    line: Line | None = None
    fields: tuple[str, ...] = ()

    @property
    def told(self) -> Mapping[str, Any]:
        """The values that the file brings."""
        return {name: self.line.told[name] for name in self.fields} if self.line else {}


@dataclass(frozen=True)
class Plan:
    """What an import would do, in the order of the file; `same` counts the untouched by kind."""

    new: tuple[Turn, ...]
    changed: tuple[Turn, ...]
    gone: tuple[Turn, ...]
    same: Mapping[str, int]
    faults: tuple[Fault, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything in the file is here as it says."""
        return not (self.new or self.changed or self.gone)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All three together."""
        return (*self.new, *self.changed, *self.gone)


def compare(lines: Sequence[Line], held: Iterable[Held], ends_rest: bool) -> Plan:
    """The plan of a draft. Where `ends_rest`, a thing of a kind and community that the file tells of, and that the
    file does not name, is gone; a grid takes its micro-grids along, an estate its buildings."""
    here = {(one.kind, one.key): one for one in held}
    rows = [*lines, *_implied_estates(lines, here)]
    told = {(line.kind, line.key) for line in rows}
    new, changed = [], []
    same: Counter[str] = Counter()
    for line in rows:
        one = here.get((line.kind, line.key))
        fields = tuple(name for name, value in line.told.items() if one is None or _differs(name, value, one.values))
        if one is None and line.kind != "community":
            new.append(Turn(line.kind, line.key, None, line, fields))
        elif fields:
            changed.append(Turn(line.kind, line.key, one, line, fields))
        else:
            same[line.kind] += 1
    gone = list(_gone(told, {(line.kind, line.community) for line in lines}, here)) if ends_rest else []
    faults = _orphans(rows, here, {turn.key for turn in gone})
    return Plan(tuple(new), tuple(changed), tuple(gone), same, tuple(faults))


def _implied_estates(lines: Iterable[Line], here: Mapping[tuple[str, Key], Held]) -> Iterator[Line]:
    """Estates that buildings name and nothing else tells of; they stand in the middle of their buildings."""
    named = {line.key for line in lines if line.kind == "estate"}
    spots: dict[Key, list[Line]] = {}
    for line in lines:
        key = line.key[:2]
        if line.kind == "building" and key not in named and ("estate", key) not in here:
            spots.setdefault(key, []).append(line)
    for key, houses in spots.items():
        placed = [(h.told["lon"], h.told["lat"]) for h in houses if "lon" in h.told]
        told = {}
        if placed:
            told = {"lon": sum(x for x, _ in placed) / len(placed), "lat": sum(y for _, y in placed) / len(placed)}
        yield Line(houses[0].where, "estate", key, told)


def _differs(name: str, value: Any, values: Mapping[str, Any]) -> bool:
    mine = values.get(name)
    if name in {"lon", "lat"}:
        return mine is None or abs(mine - value) > SAME_PLACE
    if name == "outline":
        return mine is None or not same_outline(mine, value)
    if name == "aliases":
        return tuple(mine or ()) != tuple(value)
    return bool(mine != value)


def same_outline(one: Json, other: Json) -> bool:
    """Whether two areas are drawn alike, wherever their rings begin, to a centimetre."""
    a, b = shape(one), shape(other)
    if shapely.equals_exact(a, b, SAME_PLACE):
        return True
    return bool(shapely.equals_exact(as_shape(one).normalize(), as_shape(other).normalize(), SAME_PLACE))


def _gone(
    told: set[tuple[str, Key]], areas: set[tuple[str, str]], here: Mapping[tuple[str, Key], Held]
) -> Iterator[Turn]:
    ended: set[Key] = set()
    for (kind, key), one in sorted(here.items(), key=lambda item: ("building" in item[0], item[0])):
        if (kind, key) in told or kind == "community":
            continue
        above = (key[0][:15],) if kind == "micro" else key[:2]
        falls = kind in {"micro", "building"} and above in ended
        if (kind, key[0][:12]) in areas or falls:
            ended.add(key)
            yield Turn(kind, key, one)


def _orphans(lines: Iterable[Line], here: Mapping[tuple[str, Key], Held], gone: set[Key]) -> Iterator[Fault]:
    """Micro-grids without a grid, buildings told to lie in a cell that is not there."""
    codes = {key[0] for kind, key in here if kind in CELLS and key not in gone}
    rows = list(lines)
    codes |= {line.key[0] for line in rows if line.kind in CELLS}
    for line in rows:
        if line.kind == "micro" and line.key[0][:15] not in codes:
            yield Fault(line.where, "", "no_parent", line.key[0])
        for name in ("grid", "micro"):
            if line.kind == "building" and line.told.get(name, next(iter(codes), "")) not in codes and codes:
                yield Fault(line.where, "", "no_grid", str(line.told[name]))


def successors(old: Mapping[str, Json | None], new: Mapping[str, Json | None]) -> dict[str, list[tuple[str, float]]]:
    """For each ended cell the cells of the same community that lie on its ground, with their share of it, the largest
    first; the nearest one where none does; nothing where there is none."""
    codes = [code for code, outline in new.items() if outline]
    shapes = [as_shape(new[code] or {}) for code in codes]
    found: dict[str, list[tuple[str, float]]] = {}
    tree = shapely.STRtree(shapes)
    for code, outline in old.items():
        if outline is None:
            found[code] = []
            continue
        area = as_shape(outline)
        near = [i for i in tree.query(area, predicate="intersects").tolist() if _same_layer(code, codes[i])]
        shares = [(codes[i], float(shapely.intersection(area, shapes[i]).area / area.area)) for i in near]
        best = sorted((s for s in shares if s[1] >= LEAST_SHARE), key=lambda s: (-s[1], s[0]))
        found[code] = best or _nearest(code, area, codes, shapes)
    return found


def _same_layer(old: str, new: str) -> bool:
    return len(old) == len(new) and (old[12:15] > "900") == (new[12:15] > "900")


def _nearest(code: str, area: Any, codes: Sequence[str], shapes: Sequence[Any]) -> list[tuple[str, float]]:
    own = [i for i, other in enumerate(codes) if other[:12] == code[:12] and _same_layer(code, other)]
    if not own:
        return []
    frame = frame_of(area)
    away = shapely.distance(frame.metric(area), np.array([frame.metric(shapes[i]) for i in own], dtype=object))
    return [(codes[own[int(np.argmin(away))]], 0.0)]
