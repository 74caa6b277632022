"""Where exactly somebody lives: for the public an address ends at the building."""

import re
from collections.abc import Iterator

from sandan.calc.masking.numbers import plain
from sandan.calc.masking.spans import Span, span

_N = r"(?:\d{1,4}|[〇零一二三四五六七八九十两百]{1,5})"
_UNIT = rf"(?:{_N} ?(?:单元|门洞|梯|号门(?![口卫诊]))|[A-D]单元)"
_FLOOR = rf"(?:{_N} ?(?:楼|层)(?!栋|道|上|下|梯|顶))"
_ROOM = rf"(?:{_N} ?(?:室|户|房(?!间|子|屋|东|管|产|租))|[东西中南北]{{1,2}}户)"
_BARE = r"(?:(?:[A-D]?\d{3,4}|[〇零一二三四五六七八九]{3,4})(?:号(?!楼))?(?![\d元块度米年多个人岁斤/%]))"
_SIDE = r"(?:[东西中南北左右]{1,2}(?:边|侧|手)?(?:户|门)?(?=的|住|那|,|。|$))"
_J = r"[ ,\-]?"

_DASHED = re.compile(
    r"(?<![\d\-./:])(?P<b>\d{1,3})(?:号楼|栋|幢|座)?-(?:\d{1,2}-)?\d{3,4}(?![\d\-./:元块度米年个人岁斤%])(?:室|号(?!楼))?",
    re.ASCII,
)
_TRIPLE = re.compile(r"(?<![\d\-./:])(?P<b>\d{1,3})-\d{1,2}-\d{1,2}-\d{1,2}(?![\d\-])", re.ASCII)
_INSIDE = re.compile(rf"{_UNIT}(?:{_J}(?:{_FLOOR}|{_ROOM}|{_BARE}))*{_SIDE}?", re.IGNORECASE | re.ASCII)
_AFTER = re.compile(
    rf"(?:号楼|栋|幢|座|号院|公寓|大厦|宿舍)(?P<x>{_J}(?:{_FLOOR}{_J})?(?:{_ROOM}|{_BARE}|{_FLOOR}){_SIDE}?)", re.ASCII
)
_ALONE = re.compile(
    r"(?<![\d\-])(?:[A-D]?\d{3,4}|[〇零一二三四五六七八九]{3,4}) ?(?:室|户(?!人|居)|房(?!间|子|屋|东|管|产|租|的))"
    r"|门牌号?[是为: ]{0,2}(?P<x>[\d\-]{1,9})",
    re.ASCII,
)


def find(text: str) -> list[Span]:
    """Units, floors and rooms; 12-3-502 becomes 12号楼, everything else the usual mark."""
    return list(_all(plain(text)))


def _all(clear: str) -> Iterator[Span]:
    for pattern in (_TRIPLE, _DASHED):
        for match in pattern.finditer(clear):
            yield Span(match.start(), match.end(), "door", f"{match['b']}号楼")
    for pattern in (_INSIDE, _AFTER, _ALONE):
        for match in pattern.finditer(clear):
            group = "x" if "x" in pattern.groupindex and match["x"] else 0
            yield span(match.start(group), match.end(group), "door")
