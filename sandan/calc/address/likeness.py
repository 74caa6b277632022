"""How alike two wordings are, by sign and by sound."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

ENDINGS = re.compile(
    "(家属院|宿舍|小区|花园|家园|公寓|庭院|雅苑|雅居|名邸|新村|佳园|大院|院|苑|里|村|农贸市场|菜市场|菜场|市场|小学|幼儿园|"
    "产业园|大厦|公园|游园|广场|公交站|大街|大道|街|路)$"
)
SLIP = 0.69  # likeness from which a misspelt name counts
OTHER_STEM = 0.75  # 桂锦花园 for 桂泽花园: what tells them apart is what differs


def sound_of(text: str) -> tuple[str, ...]:
    return tuple(_syllable(char) for char in text)


@lru_cache(maxsize=8192)
def _syllable(char: str) -> str:
    """How a character sounds, without tone and without what dialects mix up (n/l stay apart, zh/z, ng/n do not)."""
    sound: str = lazy_pinyin(char)[0]
    for full, flat in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        sound = sound.replace(full, flat)
    return sound[:-1] if sound.endswith("ng") else sound


def likeness_of(stretch: str, name: str, sound: tuple[str, ...]) -> float:
    """0 to 1: one wrong character of n costs 1/n, only half of it when it sounds the same."""
    signs = Levenshtein.distance(stretch, name, score_cutoff=2)
    if signs > max(1, len(name) // 3):
        return 0.0
    sounds = Levenshtein.distance(sound_of(stretch), sound)
    likeness = 1.0 - (signs + sounds) / 2 / len(name) - (0.05 if sounds else 0.0)
    if likeness < SLIP:
        return 0.0
    return likeness * OTHER_STEM if is_other_stem(stretch, name) else likeness


def is_other_stem(stretch: str, name: str) -> bool:
    """Whether the wording has the common ending of a name but another short front, so that it may be another place."""
    stem = len(ENDINGS.sub("", name))
    return stem <= 2 and sound_of(stretch[:stem]) != sound_of(name[:stem])
