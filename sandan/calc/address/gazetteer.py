"""A county's names, ready to be asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from sandan.calc.address.likeness import ENDINGS, is_other_stem, likeness_of, sound_of
from sandan.calc.address.plain import Plain, arabic, is_whole
from sandan.calc.address.records import AddressCandidate, GazetteerEntry
from sandan.calc.address.tail import Tail, buildings_in, read_tail

PLAIN = 0.9  # an exact full name
ALIAS = 0.82  # an exact alias of three characters or more
NICKNAME = 0.62  # an alias of two characters
STEM = 0.55  # the front of a name without its common ending; counts only with a building behind it
SURE_ENOUGH = 0.4  # below this a place is not worth showing
DOUBTFUL = 0.5  # 桂锦花园 for 桂泽花园 is at most a question to the asker
NAMELESS = 0.5  # only a building, and only one estate of the community has it


@dataclass(frozen=True)
class _Form:
    """One way to write an entry, digits made Arabic."""

    text: str
    entry: GazetteerEntry
    weight: float
    is_stem: bool = False


@dataclass(frozen=True)
class _Hit:
    entry: GazetteerEntry
    start: int
    end: int
    weight: float
    is_stem: bool = False
    is_doubtful: bool = False


class Gazetteer:
    """The names of a county or of one community, ready to be asked. Build it once; it never changes."""

    def __init__(self, entries: Iterable[GazetteerEntry]) -> None:
        self.entries = tuple(entries)
        self._forms: dict[str, list[_Form]] = {}
        for entry in self.entries:
            for form in _forms_of(entry):
                self._forms.setdefault(form.text, []).append(form)
        self._by_first: dict[str, list[str]] = {}
        for text in sorted(self._forms, key=lambda t: (-len(t), t)):
            if text:
                self._by_first.setdefault(text[0], []).append(text)
        self._long = [text for text, forms in self._forms.items() if len(text) >= 3 and not forms[0].is_stem]
        self._sounds = {text: sound_of(text) for text in self._long}

    def resolve(self, text: str, community: str = "") -> list[AddressCandidate]:
        """Candidates, best first; `community` is the 12-digit code the asker is known to be in, or empty.

        Names are looked up exactly first (longest at each position); only when none is found with slips of
        the pen. Buildings, units and rooms are read behind the name, or else from elsewhere in the text.
        """
        plain = arabic(text)
        found = self._judged(text, self._exact(plain), community)
        found = found or self._judged(text, self._alike(plain), community)
        return _ranked(found or list(self._nameless(text, community)))

    def _nameless(self, text: str, community: str) -> Iterator[AddressCandidate]:
        """A building without an estate: the one estate of the asker's community that has it."""
        for label, at in buildings_in(text) if community else ():
            owners = [e for e in self.entries if e.community == community and label in e.buildings]
            tail = read_tail(text, at)
            if len(owners) == 1 and tail.building == label:
                yield AddressCandidate(owners[0], label, tail.unit, tail.room, at, tail.end, NAMELESS)

    def _judged(self, text: str, hits: list[_Hit], community: str) -> list[AddressCandidate]:
        rivals = len({hit.entry.id for hit in hits})
        found = [(hit, _judge(text, hit, community, rivals)) for hit in hits]
        return [one for hit, one in found if one.building is not None or not hit.is_stem]

    def _exact(self, plain: Plain) -> list[_Hit]:
        hits: list[_Hit] = []
        at = 0
        while at < len(plain.text):
            form = next((t for t in self._by_first.get(plain.text[at], ()) if plain.text.startswith(t, at)), None)
            stop = at + len(form) if form else at
            if form is None or not is_whole(plain, at, stop) or _part_of_word(plain.text, form, at):
                at += 1
                continue
            start, end = plain.start[at], plain.end[stop - 1]
            hits += [_Hit(f.entry, start, end, f.weight, f.is_stem) for f in self._forms[form]]
            at = stop
        return hits

    def _alike(self, plain: Plain) -> list[_Hit]:
        """The names most alike to some stretch of the text: one slip in three characters, by sound or by sign."""
        hits: list[_Hit] = []
        rough = process.extract(plain.text, self._long, scorer=fuzz.partial_ratio, score_cutoff=60, limit=12)
        for name, _, _ in rough:
            hit = self._best_stretch(plain, name)
            if hit is not None:
                start, stop, likeness = hit
                doubtful = is_other_stem(plain.text[start:stop], name)
                hits += [
                    _Hit(f.entry, plain.start[start], plain.end[stop - 1], f.weight * likeness, is_doubtful=doubtful)
                    for f in self._forms[name]
                ]
        best = max((hit.weight for hit in hits), default=0.0)
        return [hit for hit in hits if hit.weight >= best - 0.05]

    def _best_stretch(self, plain: Plain, name: str) -> tuple[int, int, float] | None:
        best: tuple[int, int, float] | None = None
        for length in (len(name), len(name) - 1, len(name) + 1):
            if length < 3:
                continue
            for at in range(len(plain.text) - length + 1):
                likeness = likeness_of(plain.text[at : at + length], name, self._sounds[name])
                if likeness and (best is None or likeness > best[2]):
                    best = (at, at + length, likeness)
        return best


def _forms_of(entry: GazetteerEntry) -> list[_Form]:
    """The ways to write an entry: its name, its aliases, and the front of its name that nobody listed."""
    forms = []
    for i, name in enumerate((entry.name, *entry.aliases)):
        text = arabic(name).text
        weight = PLAIN if i == 0 and len(text) > 2 else ALIAS if len(text) > 2 else NICKNAME
        forms.append(_Form(text, entry, weight))
    stem = ENDINGS.sub("", arabic(entry.name).text)
    if entry.kind == "estate" and len(stem) >= 2 and stem not in {form.text for form in forms}:
        forms.append(_Form(stem, entry, STEM, is_stem=True))
    return forms


def _part_of_word(text: str, form: str, at: int) -> bool:
    """Whether a two-character nickname is only a piece of another word (新楼 in 新楼道)."""
    after = text[at + len(form) : at + len(form) + 1]
    return len(form) <= 2 and after in set("道梯层盘")


def _judge(text: str, hit: _Hit, community: str, rivals: int) -> AddressCandidate:
    """A hit with what stands behind it, and how sure we are."""
    tail = read_tail(text, hit.end) if hit.entry.kind == "estate" else Tail(end=hit.end)
    if hit.entry.kind == "estate" and tail.building is None:
        elsewhere = _elsewhere(text, hit.entry) if rivals == 1 and not hit.is_stem else None
        tail = replace(tail, building=elsewhere)
    sure = hit.weight
    if tail.building is not None:
        known = not hit.entry.buildings or tail.building in hit.entry.buildings
        sure += (0.1 if tail.unit is None else 0.3) if known else -0.25
    if hit.entry.kind == "road":
        sure -= 0.05
    if community and hit.entry.community:
        sure += 0.08 if hit.entry.community == community else -0.15
    if hit.is_doubtful:
        sure = min(sure, DOUBTFUL)
    return AddressCandidate(
        hit.entry, tail.building, tail.unit, tail.room, hit.start, tail.end, round(min(max(sure, 0.0), 0.99), 3)
    )


def _ranked(found: Sequence[AddressCandidate]) -> list[AddressCandidate]:
    """Each entry once with its best reading, the surest first; equal ones by position."""
    best: dict[str, AddressCandidate] = {}
    for one in found:
        known = best.get(one.entry.id)
        if one.confidence >= SURE_ENOUGH and (known is None or one.confidence > known.confidence):
            best[one.entry.id] = one
    return sorted(best.values(), key=lambda c: (-c.confidence, c.start, c.entry.id))


def _elsewhere(text: str, entry: GazetteerEntry) -> str | None:
    """The first building the text names away from the estate, if the estate has one of that label."""
    labels = (label for label, _ in buildings_in(text))
    return next((label for label in labels if not entry.buildings or label in entry.buildings), None)
