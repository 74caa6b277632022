"""What the pages of an office's own ground show: a file looked over, what an import did, grids to be ticked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from sandan.calc.ground import Cell, around, check_sizes
from sandan.calc.ground.papers import CELLS, Flaw, Turn
from sandan.places.models import GroundImport, Place
from sandan.places.queries.own import Preview
from sandan.places.queries.words import (
    FIELD_WORDS,
    FLAW_WORDS,
    KIND_WORDS,
    SKIP_WORDS,
    counts_of,
    fault_words,
    flaw_words,
    names_of,
)

MOST_SHOWN = 30  # of one sort of remark or turn
MOST_DRAWN = 400  # outlines on the map of a preview
Kind = Place.Kind
Words = Mapping[str, Sequence[str]]


def preview_page(seen: Preview, who: Words) -> dict[str, Any]:
    """The context of a preview: figures, faults, remarks by sort, samples, who goes where, what the map draws."""
    told = {turn.key[0]: turn.line.told.get("name") for turn in (seen.plan.new if seen.plan else ()) if turn.line}
    names = names_of(_codes(seen, who), {code: name for code, name in told.items() if name})
    shapes = _shapes(seen, names)
    return {
        "seen": seen,
        "skipped": [(title, SKIP_WORDS[why]) for title, why in seen.draft.skipped],
        "faults": [fault_words(fault) for fault in seen.draft.faults],
        "counts": _counts(counts_of(seen.plan) if seen.plan else {}),
        "turns": _turns(seen, names),
        "flaws": _flaws(seen.flaws, names),
        "mapping": _mapping(seen, who, names),
        "shapes": shapes,
        "bounds": around([f["geometry"] for f in shapes["features"]]) if shapes["features"] else None,
    }


def _codes(seen: Preview, who: Words) -> set[str]:
    codes = {code for flaw in seen.flaws for code in flaw.codes if code.isdigit()}
    codes |= {turn.key[0] for turn in (seen.plan.turns if seen.plan else ()) if turn.kind in CELLS}
    return codes | set(who) | {new for found in (seen.successors or {}).values() for new, _ in found}


def _counts(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, list[int]]]:
    """Rows of kind, new, changed, gone, same."""
    columns = ("new", "changed", "gone", "same")
    return [(str(KIND_WORDS[kind]), [found.get(name, 0) for name in columns]) for kind, found in counts.items()]


def _turns(seen: Preview, names: Mapping[str, str]) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """New, changed and gone: how many, and the first ones with what differs."""
    if seen.plan is None:
        return []
    sorts = (("new", seen.plan.new), ("changed", seen.plan.changed), ("gone", seen.plan.gone))
    return [
        (what, len(turns), [(_called(turn, names), _fields(turn)) for turn in turns[:MOST_SHOWN]])
        for what, turns in sorts
        if turns
    ]


def _called(turn: Turn, names: Mapping[str, str]) -> str:
    if turn.kind in CELLS:
        return f"{names.get(turn.key[0], '')} {turn.key[0]}".strip()
    return " ".join(turn.key[1:]) or names.get(turn.key[0], turn.key[0])


def _fields(turn: Turn) -> str:
    """What differs of a changed thing: 户数 380 → 410."""
    if turn.held is None or turn.line is None:
        return ""
    parts = []
    for name in turn.fields:
        word, old, new = FIELD_WORDS[name], turn.held.values.get(name), turn.line.told[name]
        is_long = name in {"outline", "lon", "lat"}
        parts.append(str(word) if is_long else f"{word} {_plain(old)} → {_plain(new)}")
    return "，".join(dict.fromkeys(parts))


def _plain(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value if value is not None else "")


def _flaws(flaws: Sequence[Flaw], names: Mapping[str, str]) -> list[tuple[str, str, int, list[str]]]:
    """Remarks by sort: key, word, how many, the largest ones in words."""
    found = []
    for what, word in FLAW_WORDS.items():
        own = sorted((flaw for flaw in flaws if flaw.what == what), key=lambda flaw: -flaw.amount)
        if own:
            found.append((what, str(word), len(own), [flaw_words(flaw, names) for flaw in own[:MOST_SHOWN]]))
    return found


def _mapping(seen: Preview, who: Words, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ended grids on which somebody hangs: who, and the grids that could take their place, the proposed one first."""
    rows = []
    for code, found in sorted((seen.successors or {}).items()):
        if code in who and len(code) == 15:
            options = [(new, _option(new, share, names)) for new, share in found]
            rows.append({"code": code, "name": names.get(code, code), "who": "，".join(who[code]), "options": options})
    return rows


def _option(code: str, share: float, names: Mapping[str, str]) -> str:
    return f"{names.get(code, code)} {code[12:]}" + (f" · {share:.0%}" if share else "")


def _shapes(seen: Preview, names: Mapping[str, str]) -> dict[str, Any]:
    """What the map draws over the ground that is: new outlines, then gaps and overlaps."""
    features = []
    for turn in (*seen.plan.new, *seen.plan.changed) if seen.plan else ():
        if turn.kind == Kind.GRID and "outline" in turn.told:
            features.append(_shape("cell", _called(turn, names), turn.told["outline"]))
    drawn = [flaw for flaw in seen.flaws if flaw.outline]
    features = features[: max(0, MOST_DRAWN - len(drawn))]
    features += [_shape(flaw.what, flaw_words(flaw, names), flaw.outline) for flaw in drawn[:MOST_DRAWN]]
    return {"type": "FeatureCollection", "features": features}


def _shape(what: str, name: str, outline: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"what": what, "name": name}, "geometry": outline}


def applied_page(row: GroundImport) -> dict[str, Any]:
    """What an import did, by kind."""
    return {"counts": _counts(row.counts)}


def grid_codes(community: Place) -> list[str]:
    """The codes of the current ordinary grids of a community."""
    rows = Place.objects.current().filter(parent=community, kind=Kind.GRID)
    return list(rows.order_by("code").values_list("code", flat=True))


def grids_page(community: Place, who: Words) -> dict[str, Any]:
    """The grids of a community, each with its micro-grids, who hangs on it, and changes that can be taken back."""
    cells = Place.objects.current().within(community.code).filter(Q(kind=Kind.GRID) | Q(kind=Kind.MICRO))
    rows = list(cells.defer("outline").order_by("code"))
    sizes = {f.codes[0]: f.what for f in check_sizes(Cell(r.code, r.kind, {}, r.households) for r in rows)}
    micro: dict[str, list[Place]] = {}
    for cell in rows:
        if cell.kind == Kind.MICRO:
            micro.setdefault(cell.code[:15], []).append(cell)
    grids = [cell for cell in rows if cell.kind == Kind.GRID]
    return {
        "grids": [(g, micro.get(g.code, []), sizes.get(g.code, ""), "，".join(who.get(g.code, ()))) for g in grids],
        "kinds": Counter(cell.kind for cell in rows),
        "bounds": [community.west, community.south, community.east, community.north],
    }
