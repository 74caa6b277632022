"""Chinese numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.numerals import to_digits, to_int

ONES = "零一二三四五六七八九"


def written(n: int) -> str:
    """1 to 9999 as people write it."""
    out, noughts = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            out += ("零" if noughts and out else "") + ONES[digit] + sign
            noughts = False
        else:
            noughts = bool(out)
    return out.removeprefix("一") if out.startswith("一十") else out


class TestToInt:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("十二", 12),
            ("二十", 20),
            ("三十三", 33),
            ("五〇二", 502),
            ("二百零三", 203),
            ("两", 2),
            ("１２", 12),
            ("一千零二十", 1020),
        ],
    )
    def test_reads_what_people_write(self, text: str, number: int) -> None:
        assert to_int(text) == number

    @given(st.integers(1, 9999))
    def test_gives_back_every_number_it_was_written_from(self, number: int) -> None:
        assert to_int(written(number)) == number

    @given(st.text("零一二三四五六七八九十百千〇两x", max_size=8))
    def test_never_fails(self, text: str) -> None:
        assert to_int(text) is None or to_int(text) >= 0  # type: ignore[operator]


class TestToDigits:
    def test_keeps_a_leading_nought_of_a_plain_row(self) -> None:
        assert to_digits("〇三") == "03"

    @pytest.mark.parametrize("text", ["", "楼", "十百", "一二十", "3a"])
    def test_says_none_to_what_is_no_numeral(self, text: str) -> None:
        assert to_digits(text) is None
