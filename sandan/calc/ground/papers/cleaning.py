"""Cells of a sheet as people fill them in: full width, blanks, numbers as text, dates that were none."""

import re
from datetime import date, datetime, time
from unicodedata import normalize

from sandan.calc.numerals import to_int

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
EXACT = 10**15  # a table program keeps fifteen digits of a number
BLANKS = re.compile(r"[\s\u200b\ufeff]+")
NOISE = re.compile(r"[（(【\[].*?[）)】\]]|[\s\u200b\ufeff*＊:：·_\-]+")
PARTS = re.compile(r"[、,，;；/|\n]+")
NUMBER = re.compile(r"第?([0-9]{1,3}|[零〇一二三四五六七八九十百两]{1,5})(?:号|网格|微网格|号网格|号微网格|格)?$")
LABEL = re.compile(r"^(?:第)?(.{1,20}?)(?:号楼|号院楼|栋|幢|座|号|楼)?$")


class Unreadable(Exception):
    """A cell that cannot be understood: `what` is a key of the room's words, `value` what was read."""

    def __init__(self, what: str, value: object = "") -> None:
        super().__init__(what)
        self.what, self.value = what, str(value)[:40]


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


def degrees(value: object, least: float, most: float) -> float | None:
    """Decimal degrees, None for an empty cell."""
    text = text_of(value).rstrip("°度 ")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise Unreadable("degrees", text) from None
    if not least <= number <= most:
        raise Unreadable("degrees", text)
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


def number_in(text: str) -> int | None:
    """The number of a grid in its usual writings: 3, 003, 第三网格, 3号; None where it is a name."""
    match = NUMBER.match(text.replace(" ", ""))
    return to_int(match[1]) if match else None


def label_of(value: object) -> str | None:
    """A building's number without its word: 12号楼 and 第12栋 are 12; None for an empty cell."""
    text = text_of(value).replace(" ", "")
    match = LABEL.match(text)
    label = match[1] if match else ""
    if text and (not label or len(label) > 20):
        raise Unreadable("label", text)
    number = to_int(label) if label and not label.isascii() else None
    return str(number) if number is not None else label.upper() or None
