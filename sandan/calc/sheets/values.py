"""Cells of a sheet as people fill them in: full width, blanks, numbers as text, days in many writings."""

import re
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from sandan.calc.numerals import to_int

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
EXACT = 10**15  # a table program keeps fifteen digits of a number
BLANKS = re.compile(r"[\s\u200b\ufeff]+")
NOISE = re.compile(r"[（(【\[].*?[）)】\]]|[\s\u200b\ufeff*＊:：·_\-]+")
PARTS = re.compile(r"[、,，;；/|\n]+")
SOLID_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})$")
DAY = re.compile(r"(\d{4})\s*[-/.年、]\s*(\d{1,2})\s*[-/.月、]\s*(\d{1,2})\s*[日号]?(?:[ T].*)?$")
CHINESE_DAY = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]$"
)
OPEN_END = frozenset({"长期", "无", "至今", "不限", "无固定期限", "-", "—", "/"})
FIRST_DAY, FIRST_SERIAL, LAST_SERIAL = date(1899, 12, 30), 25_569, 73_050  # day numbers of 1970 to 2099


class Unreadable(Exception):
    """A cell that cannot be understood: `what` is a key of the room's words, `value` what was read, `hint` a help."""

    def __init__(self, what: str, value: object = "", hint: str = "") -> None:
        super().__init__(what)
        self.what, self.value, self.hint = what, str(value)[:40], hint


def text_of(value: object) -> str:
    """The words of a cell in half width without outer blanks; Unreadable for dates, errors and numbers cut short."""
    if value is None:
        return ""
    if isinstance(value, date | datetime | time):
        raise Unreadable("date", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= EXACT:
            raise Unreadable("digits_lost", f"{value:.0f}")
        return f"{value:.0f}" if value == int(value) else repr(value)
    text = BLANKS.sub(" ", normalize("NFKC", str(value))).strip()
    if text in ERRORS:
        raise Unreadable("error", text)
    return text


def heading_of(value: object) -> str:
    """A heading without brackets, blanks and stars: 户 数（户）* is 户数."""
    return NOISE.sub("", normalize("NFKC", str(value))).lower() if isinstance(value, str) else ""


def whole(value: object, most: int) -> int | None:
    """A whole number from 0 to `most`, None for an empty cell; 约 and 户 beside it are overlooked."""
    text = text_of(value).strip("约户层个单元 ").replace(",", "")
    if not text:
        return None
    number = to_int(text) if not re.fullmatch(r"\d+(\.0+)?", text) else int(float(text))
    if number is None or not 0 <= number <= most:
        raise Unreadable("number", text)
    return number


def words(value: object, most: int) -> str | None:
    """A text of at most `most` characters, None for an empty cell."""
    text = text_of(value)
    if len(text) > most:
        raise Unreadable("long", text)
    return text or None


def names(value: object, most: int) -> tuple[str, ...] | None:
    """Names divided by any usual sign, each once, in their order; None for an empty cell."""
    text = text_of(value)
    found = tuple(dict.fromkeys(part.strip() for part in PARTS.split(text) if part.strip()))
    if any(len(part) > most for part in found):
        raise Unreadable("long", text)
    return found or None


def digits(value: object) -> str:
    """A code: its digits without blanks and hyphens; empty where the cell is, Unreadable for anything else."""
    text = text_of(value).replace("-", "").replace(" ", "")
    if text and not (text.isascii() and text.isdigit()):
        raise Unreadable("code", text)
    return text


def day_of(value: object) -> date | None:
    """A day in any usual writing, also as the bare number of a table program; None for none and for 长期, 至今, 无."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = text_of(value)
    if not text or text in OPEN_END:
        return None
    if text.isdigit() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return FIRST_DAY + timedelta(days=int(text))
    match = SOLID_DAY.match(text) or DAY.match(text) or CHINESE_DAY.match(text)
    try:
        year, month, day = (to_int(part) or 0 for part in match.groups()) if match else (0, 0, 0)
        return date(year, month, day)
    except ValueError:
        raise Unreadable("day", text) from None


def identity_of(value: object) -> str:
    """The eighteen characters of an identity number, empty for an empty cell; Unreadable for anything else.

    Its place is not checked: codes of counties are abolished, numbers given there stay good.
    """
    text = text_of(value).replace(" ", "").replace("-", "").lstrip("'").upper()
    if not text:
        return ""
    if re.fullmatch(r"\d{15}", text):
        raise Unreadable("identity_old")
    if not re.fullmatch(r"\d{17}[\dX]", text):
        raise Unreadable("identity_form")
    try:
        ric.get_birth_date(text)
    except ValidationError:
        raise Unreadable("identity_birth") from None
    if ric.calc_check_digit(text) != text[-1]:
        raise Unreadable("identity_check")
    return text


def person_of(value: object) -> str:
    """The name of one person without the blanks that a table puts between two characters; empty for an empty cell."""
    text = text_of(value)
    name = text.replace(" ", "") if not text.isascii() else text
    name = re.sub(r"[•・‧.]", "·", name) if not name.isascii() else name
    if not name:
        return ""
    if PARTS.search(name):
        raise Unreadable("name_many", text)
    if not re.fullmatch(r"[^\W\d_]+(?:[· '-][^\W\d_]+)*", name):
        raise Unreadable("name_sign", text)
    if not 2 <= len(name) <= 40:
        raise Unreadable("name_length", text)
    return name
