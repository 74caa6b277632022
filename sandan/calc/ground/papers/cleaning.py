"""Cells of a ground paper: degrees, numbers of grids, labels of buildings."""

import re

from sandan.calc.numerals import to_int
from sandan.calc.sheets.values import Unreadable, text_of

NUMBER = re.compile(r"第?([0-9]{1,3}|[零〇一二三四五六七八九十百两]{1,5})(?:号|网格|微网格|号网格|号微网格|格)?$")
LABEL = re.compile(r"^(?:第)?(.{1,20}?)(?:号楼|号院楼|栋|幢|座|号|楼)?$")


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
