"""A text made plain for looking up: half width, lower case, Arabic digits, with the way back to its characters."""

from dataclasses import dataclass

from sandan.calc.numerals import RUN, to_digits


@dataclass(frozen=True)
class Plain:
    """A text with Chinese numerals made digits, and where each of its characters came from."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]


def arabic(text: str) -> Plain:
    """The text in lower case and half width with each run of Chinese numerals as digits; positions are kept."""
    out: list[str] = []
    start: list[int] = []
    end: list[int] = []
    at = 0
    while at < len(text):
        run = RUN.match(text, at)
        digits = to_digits(run.group()) if run else None
        stop = run.end() if run and digits is not None else at + 1
        piece = digits if digits is not None else _half(text[at])
        out.append(piece)
        start += [at] * len(piece)
        end += [stop] * len(piece)
        at = stop
    return Plain("".join(out), tuple(start), tuple(end))


def _half(char: str) -> str:
    code = ord(char)
    return chr(code - 0xFEE0).lower() if 0xFF01 <= code <= 0xFF5E else char.lower() if char.isascii() else char


def is_whole(plain: Plain, at: int, stop: int) -> bool:
    """Whether a stretch of the plain text cuts no numeral in two."""
    before = at == 0 or plain.end[at - 1] <= plain.start[at]
    after = stop == len(plain.text) or plain.start[stop] >= plain.end[stop - 1]
    return before and after and not (plain.text[at].isdigit() and at > 0 and plain.text[at - 1].isdigit())
