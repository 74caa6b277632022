"""What is written behind a name: building, unit, room."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandan.calc.numerals import to_digits

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


@dataclass(frozen=True)
class Tail:
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    end: int = 0


def read_tail(text: str, at: int) -> Tail:
    """Building, unit and room written behind a name that ends at `at`: 12号楼3单元502, 12-3-502, 甲座1207."""
    short = SHORT.match(text, at)
    if short:
        return Tail(short["building"], short["unit"], short["room"], short.end())
    building, end = None, at
    match = BUILDING.match(text, at)
    if match and _is_building(match, text):
        building, end = _label(match), match.end()
    unit_match = UNIT.match(text, end)
    unit = to_digits(unit_match["unit"]) or unit_match["unit"] if unit_match else None
    end = unit_match.end() if unit_match else end
    floor = FLOOR.match(text, end)
    if floor and building is not None:
        return Tail(building, unit, None, floor.end())
    room = ROOM.match(text, end) if building is not None or unit is not None else None
    if room:
        return Tail(building, unit, to_digits(room["room"]), room.end())
    return Tail(building, unit, None, end)


def _is_building(match: re.Match[str], text: str) -> bool:
    """A bare 号 counts only when a unit or room follows: 桐花街5号 is a house of the street, 5号中午 a date."""
    if match["word"] != "号":
        return True
    return bool(UNIT.match(text, match.end()) or re.match(r"\s?\d{3,4}", text[match.end() :]))


def _label(match: re.Match[str]) -> str:
    if match["letter"]:
        return LETTERS.get(match["letter"], match["letter"])
    return to_digits(match["number"]) or match["number"]


def buildings_in(text: str) -> Iterator[tuple[str, int]]:
    """Labels of buildings named anywhere in a text, with where each begins."""
    for match in ANYWHERE.finditer(text):
        label = match["letter"] or to_digits(match["number"] or "")
        if label:
            yield label, match.start()
