"""Workbooks as offices make them: titles above the heading, merged cells, full width, sums and remarks below."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook


def workbook(
    *sheets: tuple[str, Sequence[Sequence[object]]], hidden: Sequence[str] = (), merged: Sequence[str] = ()
) -> bytes:
    """An .xlsx of (title, rows); `hidden` sheets by title, `merged` areas of the first sheet such as A3:A5."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    for area in merged:
        book.worksheets[0].merge_cells(area)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
