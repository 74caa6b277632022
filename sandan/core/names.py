"""Sort keys of Chinese names: pinyin with tones, stored in a column because the database has no ICU."""

from pypinyin import Style, lazy_pinyin

# As surnames these characters are read otherwise than in the running text.
_SURNAMES = {
    "单": "shan4", "解": "xie4", "仇": "qiu2", "曾": "zeng1", "查": "zha1", "任": "ren2", "区": "ou1", "朴": "piao2",
    "盖": "ge3", "翟": "zhai2", "覃": "qin2", "缪": "miao4", "乐": "yue4", "尉": "wei4", "华": "hua4", "纪": "ji3",
    "折": "she2", "黑": "he4", "员": "yun4", "宓": "fu2", "冼": "xian3", "燕": "yan1", "都": "du1", "那": "na1",
    "能": "nai4", "母": "mu3", "乜": "nie4", "厍": "she4", "重": "chong2", "宿": "su4", "车": "che1", "洗": "xian3",
}  # fmt: skip


def sort_key(name: str, width: int = 120) -> str:
    """The pinyin key of a thing or a place: lower-case ASCII syllables with tone digits, cut at `width`."""
    parts = lazy_pinyin(name.strip(), style=Style.TONE3, neutral_tone_with_five=True, errors=_plain)  # type: ignore[arg-type]
    return " ".join(part for part in parts if part)[:width]


def person_key(name: str, width: int = 120) -> str:
    """The pinyin key a person sorts by; the first character is read as a surname."""
    name = name.strip()
    reading = _SURNAMES.get(name[:1])
    return f"{reading} {sort_key(name[1:])}"[:width].strip() if reading else sort_key(name, width)


def _plain(run: str) -> list[str]:
    """What pypinyin cannot read: ASCII in lower case, a character without a reading sorts last as a tilde."""
    return ["".join(c if c.isascii() else "~" for c in run.lower() if c.isalnum() or c == " ").strip()]
