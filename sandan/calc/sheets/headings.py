"""The row of headings below the titles, what its columns mean, and the rows that are none of the list."""

from collections.abc import Callable, Collection, Iterable, Mapping

from sandan.calc.sheets.books import Row, Table
from sandan.calc.sheets.values import heading_of

LEAST_KNOWN = 2  # a row with fewer known headings is a title
LOOK_FOR_HEADING = 30  # rows
TOTALS = frozenset({"合计", "总计", "小计", "共计"})
NOTES = ("注", "备注", "填表", "说明", "制表", "填报", "审核", "联系")
Columns = dict[int, tuple[str, str]]  # column from 0: (meaning, heading as written)


def meanings(names: Mapping[str, str]) -> dict[str, str]:
    """From what each column may be called, divided by blanks, what each heading means."""
    return {name: key for key, words in names.items() for name in words.split()}


def meaning(heading: object, known: Mapping[str, str]) -> str | None:
    """What a heading stands for, None for one that is not ours."""
    return known.get(heading_of(heading))


def columns(row: Iterable[object], known: Mapping[str, str], needed: Collection[str]) -> Columns | None:
    """Of a row of headings the known ones by column; None for a row that is no heading: too few, or none needed.

    A heading that comes twice counts where it stands first.
    """
    found: Columns = {}
    seen = set()
    for at, heading in enumerate(row):
        key = meaning(heading, known)
        if key and key not in seen:
            seen.add(key)
            found[at] = (key, str(heading).strip())
    return found if len(found) >= LEAST_KNOWN and seen & set(needed) else None


def heading_row(table: Table, columns_of: Callable[[Row], Columns | None]) -> tuple[int, Columns] | None:
    """The row of headings: of the first rows the one in which most are known, the upper one of equals."""
    best: tuple[int, Columns] | None = None
    for number, row in list(table.rows.items())[:LOOK_FOR_HEADING]:
        found = columns_of(row)
        if found and (best is None or len(found) > len(best[1])):
            best = (number, found)
    return best


def is_aside(row: Iterable[object]) -> bool:
    """Sums and remarks under a list."""
    texts = {str(value).strip() for value in row if value is not None and str(value).strip()}
    if texts & TOTALS or any(text.replace(" ", "") in TOTALS for text in texts):
        return True
    return len(texts) == 1 and next(iter(texts)).startswith(NOTES)
