"""Which place do these words mean: names and aliases of a gazetteer, with slips, then building, unit and room."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from sandan.calc.numerals import RUN, to_digits

NUMBER = r"(?:\d{1,4}|[零〇○一二三四五六七八九十百两]{1,5})"
LETTER = r"[甲乙丙丁戊己庚辛A-Ha-h]"
GAP = r"[\s,，、的在·]{0,2}"
BUILDING = re.compile(
    rf"{GAP}(?:第)?(?:(?P<number>{NUMBER})(?P<word>号楼|号院楼|栋|幢|座|排|号(?!院|线|店))|"
    rf"(?P<letter>{LETTER})(?P<word2>座|栋|楼|幢))"
)
SHORT = re.compile(r"\s?(?P<building>\d{1,3})[-－—/](?P<unit>\d{1,2})(?:[-－—/](?P<room>\d{2,4}))?(?!\d)")
UNIT = re.compile(rf"{GAP}(?P<unit>{NUMBER}|[甲乙丙丁])(?:单元|门(?!口|诊|市))")
ROOM = re.compile(
    r"\s?(?P<room>\d{3,4}|[零〇○一二三四五六七八九十百]{3,6})(?:室|房(?!子)|号(?!楼|院))?(?![\d年月块元米万点])"
)
FLOOR = re.compile(rf"\s?(?P<floor>{NUMBER})(?:层|楼)")
ANYWHERE = re.compile(rf"(?<![\d-])(?P<number>{NUMBER})(?P<word>号楼|栋|幢)|(?P<letter>[甲乙丙丁])座")
LETTERS = dict(zip("ABCDEFGHabcdefgh", "ABCDEFGHABCDEFGH", strict=True))
PLAIN = 0.9  # an exact full name
ALIAS = 0.82  # an exact alias of three characters or more
NICKNAME = 0.62  # an alias of two characters
STEM = 0.55  # the front of a name without its common ending; counts only with a building behind it
ENDINGS = re.compile("(家属院|宿舍|小区|花园|家园|公寓|庭院|雅苑|雅居|名邸|新村|佳园|大院|院|苑|里|村)$")
SLIP = 0.69  # likeness from which a misspelt name counts
OTHER_STEM = 0.75  # 桂锦花园 for 桂泽花园: what tells them apart is what differs
SURE_ENOUGH = 0.4  # below this a place is not worth showing


@dataclass(frozen=True)
class GazetteerEntry:
    """One named place: `kind` is estate, road or point; `buildings` are the labels it has, empty when unknown."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    community: str = ""
    buildings: frozenset[str] = frozenset()
    units: int = 0
    floors: int = 0


@dataclass(frozen=True)
class AddressCandidate:
    """A place the words may mean, with [start, end) of the wording in characters and a confidence of 0 to 1."""

    entry: GazetteerEntry
    building: str | None
    unit: str | None
    room: str | None
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class _Form:
    """One way to write an entry, digits made Arabic."""

    text: str
    entry: GazetteerEntry
    weight: float
    is_stem: bool = False


@dataclass(frozen=True)
class _Plain:
    """A text with Chinese numerals made digits, and where each of its characters came from."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]


@dataclass(frozen=True)
class _Hit:
    entry: GazetteerEntry
    start: int
    end: int
    weight: float
    is_stem: bool = False


@dataclass(frozen=True)
class _Tail:
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    end: int = 0


def arabic(text: str) -> _Plain:
    """The text in lower case and half width with each run of Chinese numerals as digits; positions are kept."""
    out: list[str] = []
    start: list[int] = []
    end: list[int] = []
    at = 0
    while at < len(text):
        run = RUN.match(text, at)
        digits = to_digits(run.group()) if run else None
        stop = run.end() if run and digits is not None else at + 1
        piece = digits if digits is not None else _half(text[at])
        out.append(piece)
        start += [at] * len(piece)
        end += [stop] * len(piece)
        at = stop
    return _Plain("".join(out), tuple(start), tuple(end))


def _half(char: str) -> str:
    code = ord(char)
    return chr(code - 0xFEE0).lower() if 0xFF01 <= code <= 0xFF5E else char.lower() if char.isascii() else char


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
        self._sounds = {text: _sound(text) for text in self._long}

    def resolve(self, text: str, community: str = "") -> list[AddressCandidate]:
        """Candidates, best first; `community` is the 12-digit code the asker is known to be in, or empty.

        Names are looked up exactly first (longest at each position); only when none is found with slips of
        the pen. Buildings, units and rooms are read behind the name, or else from elsewhere in the text.
        """
        plain = arabic(text)
        found = self._judged(text, self._exact(plain), community)
        return _ranked(found or self._judged(text, self._alike(plain), community))

    def _judged(self, text: str, hits: list[_Hit], community: str) -> list[AddressCandidate]:
        rivals = len({hit.entry.id for hit in hits})
        found = [(hit, _judge(text, hit, community, rivals)) for hit in hits]
        return [one for hit, one in found if one.building is not None or not hit.is_stem]

    def _exact(self, plain: _Plain) -> list[_Hit]:
        hits: list[_Hit] = []
        at = 0
        while at < len(plain.text):
            form = next((t for t in self._by_first.get(plain.text[at], ()) if plain.text.startswith(t, at)), None)
            stop = at + len(form) if form else at
            if form is None or not _whole(plain, at, stop) or _part_of_word(plain.text, form, at):
                at += 1
                continue
            start, end = plain.start[at], plain.end[stop - 1]
            hits += [_Hit(f.entry, start, end, f.weight, f.is_stem) for f in self._forms[form]]
            at = stop
        return hits

    def _alike(self, plain: _Plain) -> list[_Hit]:
        """The names most alike to some stretch of the text: one slip in three characters, by sound or by sign."""
        hits: list[_Hit] = []
        rough = process.extract(plain.text, self._long, scorer=fuzz.partial_ratio, score_cutoff=60, limit=12)
        for name, _, _ in rough:
            hit = self._best_stretch(plain, name)
            if hit is not None:
                start, stop, likeness = hit
                hits += [
                    _Hit(f.entry, plain.start[start], plain.end[stop - 1], f.weight * likeness)
                    for f in self._forms[name]
                ]
        best = max((hit.weight for hit in hits), default=0.0)
        return [hit for hit in hits if hit.weight >= best - 0.05]

    def _best_stretch(self, plain: _Plain, name: str) -> tuple[int, int, float] | None:
        best: tuple[int, int, float] | None = None
        for length in (len(name), len(name) - 1, len(name) + 1):
            if length < 3:
                continue
            for at in range(len(plain.text) - length + 1):
                likeness = _likeness(plain.text[at : at + length], name, self._sounds[name])
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


def _whole(plain: _Plain, at: int, stop: int) -> bool:
    """Whether a stretch of the plain text cuts no numeral in two."""
    before = at == 0 or plain.end[at - 1] <= plain.start[at]
    after = stop == len(plain.text) or plain.start[stop] >= plain.end[stop - 1]
    return before and after and not (plain.text[at].isdigit() and at > 0 and plain.text[at - 1].isdigit())


def _part_of_word(text: str, form: str, at: int) -> bool:
    """Whether a two-character nickname is only a piece of another word (新楼 in 新楼道)."""
    after = text[at + len(form) : at + len(form) + 1]
    return len(form) <= 2 and after in set("道梯层盘")


def _sound(text: str) -> tuple[str, ...]:
    return tuple(_syllable(char) for char in text)


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    """How a character sounds, without tone and without what dialects mix up (n/l stay apart, zh/z, ng/n do not)."""
    sound: str = lazy_pinyin(char)[0]
    for full, flat in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        sound = sound.replace(full, flat)
    return sound[:-1] if sound.endswith("ng") else sound


def _likeness(stretch: str, name: str, sound: tuple[str, ...]) -> float:
    """0 to 1: one wrong character of n costs 1/n, only half of it when it sounds the same."""
    signs = Levenshtein.distance(stretch, name, score_cutoff=2)
    if signs > max(1, len(name) // 3):
        return 0.0
    sounds = Levenshtein.distance(_sound(stretch), sound)
    likeness = 1.0 - (signs + sounds) / 2 / len(name) - (0.05 if sounds else 0.0)
    if likeness < SLIP:
        return 0.0
    stem = len(ENDINGS.sub("", name))
    return likeness if stem > 2 or _sound(stretch[:stem]) == sound[:stem] else likeness * OTHER_STEM


def _judge(text: str, hit: _Hit, community: str, rivals: int) -> AddressCandidate:
    """A hit with what stands behind it, and how sure we are."""
    tail = read_tail(text, hit.end) if hit.entry.kind == "estate" else _Tail(end=hit.end)
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


def read_tail(text: str, at: int) -> _Tail:
    """Building, unit and room written behind a name that ends at `at`: 12号楼3单元502, 12-3-502, 甲座1207."""
    short = SHORT.match(text, at)
    if short:
        return _Tail(short["building"], short["unit"], short["room"], short.end())
    building, end = None, at
    match = BUILDING.match(text, at)
    if match and _is_building(match, text):
        building, end = _label(match), match.end()
    unit_match = UNIT.match(text, end)
    unit = to_digits(unit_match["unit"]) or unit_match["unit"] if unit_match else None
    end = unit_match.end() if unit_match else end
    floor = FLOOR.match(text, end)
    if floor and building is not None:
        return _Tail(building, unit, None, floor.end())
    room = ROOM.match(text, end) if building is not None or unit is not None else None
    if room:
        return _Tail(building, unit, to_digits(room["room"]), room.end())
    return _Tail(building, unit, None, end)


def _is_building(match: re.Match[str], text: str) -> bool:
    """A bare 号 counts only when a unit or room follows: 桐花街5号 is a house of the street, 5号中午 a date."""
    if match["word"] != "号":
        return True
    return bool(UNIT.match(text, match.end()) or re.match(r"\s?\d{3,4}", text[match.end() :]))


def _label(match: re.Match[str]) -> str:
    if match["letter"]:
        return LETTERS.get(match["letter"], match["letter"])
    return to_digits(match["number"]) or match["number"]


def _elsewhere(text: str, entry: GazetteerEntry) -> str | None:
    """The first building the text names away from the estate, if the estate has one of that label."""
    for match in ANYWHERE.finditer(text):
        label = match["letter"] or to_digits(match["number"] or "")
        if label and (not entry.buildings or label in entry.buildings):
            return label
    return None
