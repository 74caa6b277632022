"""Invented names for estates, markets, schools and streets; no real estate is meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST = "云松枫竹荷兰桂梅晴霁澄禾星月柏柳槐杏桐榆泉溪汀芦苔菊棠橘梨茶"
SECOND = "岭溪庭湾和锦悦林泽泰安康宁祥瑞馨景阳晖畔麓岚舍川原汀"
ENDINGS = (
    ("花园", "号楼"),
    ("苑", "号楼"),
    ("小区", "号楼"),
    ("家园", "号楼"),
    ("里", "号楼"),
    ("庭院", "栋"),
    ("雅居", "栋"),
    ("名邸", "栋"),
    ("新村", "幢"),
    ("佳园", "幢"),
)
WORKS = (
    "毛毯厂",
    "搪瓷厂",
    "算盘厂",
    "灯泡厂",
    "火柴厂",
    "纽扣厂",
    "暖瓶厂",
    "雨伞厂",
    "风筝厂",
    "酱菜厂",
    "粮库",
    "苗圃",
)
ONES = "一二三四五六七八九"
AGAIN = (*ONES[1:], "十", *(f"{tens}十{ones}" for tens in ("", *ONES[1:]) for ones in ONES))  # for the largest cities
KINDS = (("market", "农贸市场"), ("school", "小学"), ("firm", "产业园"), ("building", "大厦"))
POINTS = ("游园", "早市", "文化站", "公交站", "健身广场", "便民服务点")


@dataclass(frozen=True)
class EstateName:
    """A name, what people call it, and the word for its buildings."""

    name: str
    aliases: tuple[str, ...]
    word: str


def _stems(rng: Random) -> Iterator[str]:
    """Two-character stems in random order, each once, then again with a number."""
    stems = [a + b for a in FIRST for b in SECOND if a != b]
    rng.shuffle(stems)
    yield from stems
    yield from (f"{stem}{again}" for again in AGAIN for stem in stems)


class NameGiver:
    """Hands out names that are unique in a county; the same seed gives the same names in the same order."""

    def __init__(self, seed: str) -> None:
        self._rng = Random(seed)  # noqa: S311 - names, not secrets
        self._stem = _stems(self._rng)
        self._works = [f"{prefix}{works}" for prefix in ("东", "西", "南", "北", "老", "新") for works in WORKS]
        self._rng.shuffle(self._works)

    def estate(self) -> EstateName:
        """A housing estate, now and then the yard of an old works."""
        if self._works and self._rng.random() < 0.09:
            works = self._works.pop()
            return EstateName(f"{works}宿舍", (f"{works}家属院", f"{works}院"), "号楼")
        stem = next(self._stem)
        ending, word = self._rng.choice(ENDINGS)
        nick = f"{stem}小区" if ending != "小区" else f"{stem}院"
        return EstateName(f"{stem}{ending}", (stem, nick), word)

    def special(self, kind: str) -> str:
        """The name of a market, school, firm or building."""
        return next(self._stem) + dict(KINDS)[kind]

    def point(self) -> str:
        """The name of a place where people meet."""
        return next(self._stem) + self._rng.choice(POINTS)

    def road(self) -> tuple[str, tuple[str, ...]]:
        """A street and its other name."""
        stem = next(self._stem)
        return f"{stem}街", (f"{stem}大街",)
