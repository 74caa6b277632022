"""Chinese numerals: 十二, 二十三, 五〇二, 三百零五 as whole numbers."""

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000}
RUN = re.compile(f"[{''.join(DIGITS)}{''.join(UNITS)}]+")


def to_int(text: str) -> int | None:
    """The number a numeral means, None when it is none: 十二 12, 二百零三 203, 五〇二 502, １２ 12."""
    digits = to_digits(text)
    return int(digits) if digits is not None else None


def to_digits(text: str) -> str | None:
    """The numeral in Arabic digits, keeping leading noughts of a plain row (〇三 is 03); None when it is none."""
    if not text:
        return None
    if text.isdigit():
        return "".join(str(int(c)) for c in text)
    if any(c not in DIGITS and c not in UNITS for c in text):
        return None
    if not any(c in UNITS for c in text):
        return "".join(str(DIGITS[c]) for c in text)
    return _places(text)


def _places(text: str) -> str | None:
    """A numeral with tens, hundreds or thousands; None where the order makes no sense (十百)."""
    total, digit, last = 0, -1, 10_000
    for c in text:
        if c in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[c]
            continue
        unit = UNITS[c]
        if unit >= last:
            return None
        total += (digit if digit > 0 else 1) * unit
        digit, last = -1, unit
    return str(total + max(digit, 0))
