"""Planted phones, names and doors, and every shape in which one could lie in a dump in clear."""

import base64
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

# each way in has its own: what is found says through which it came
PHONES = {
    "web": "16455510001", "desk": "16455510002", "phone page": "16455510003", "neighbour": "16455510004",
    "in the words": "16455510005", "a question": "16455510006", "an answer": "16455510007", "a report": "16455510008",
    "staff": "16455510009", "a login": "16455510010", "a search": "16455510011", "a draft": "16455510012",
    "a picture": "16455510013", "a code": "16455510014", "a sealed matter": "16455510015", "a whistle": "16455510016",
    "a partner": "16455510017", "a review": "16455510018", "a place": "16455510019", "a list": "16455510020",
    "a login code": "16455510021", "an unknown login": "16455510022", "a unit": "16455510023",
}  # fmt: skip
NAMES = {
    "web": "司空曙光", "desk": "澹台明月", "phone page": "钟离若水", "neighbour": "端木小满",
    "a sealed matter": "令狐清秋",
}  # fmt: skip
DOORS = {"web": "7单元903", "desk": "8单元804", "a sealed matter": "6单元1107"}
GAP = r"[\s\-.·,，、_()（）]{0,2}"


def shapes(value: str) -> Iterator[re.Pattern[str]]:
    """The value as it is, with gaps between digits, escaped as in JSON, as hex and base64 of its bytes, backwards."""
    yield re.compile(GAP.join(re.escape(char) for char in value))
    yield re.compile(re.escape(value[::-1]))
    yield re.compile(re.escape(value.encode("unicode-escape").decode()), re.IGNORECASE)
    for data in (value.encode(), value.encode("utf-16-le"), value.encode("gb18030")):
        yield re.compile(data.hex(), re.IGNORECASE)
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + data).decode().rstrip("=")
            inner = whole[(0, 2, 3)[shift] : len(whole) - 1]  # without the characters that share bits with neighbours
            yield re.compile(re.escape(inner))
            yield re.compile(re.escape(inner.translate(str.maketrans("+/", "-_"))))


def found(planted: dict[str, str], text: str) -> dict[str, str]:
    """Which of the planted values a text gives away, with the place around the first one."""
    given: dict[str, str] = {}
    for way, value in planted.items():
        for shape in shapes(value):
            match = shape.search(text)
            if match:
                given[way] = text[max(0, match.start() - 80) : match.end() + 40]
                break
    return given


def dump() -> dict[str, str]:
    """Every table as text, as pg_dump writes its rows; open transaction included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        return {name: _copied(cursor, name) for name in names}


def _copied(cursor: Any, table: str) -> str:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(chunk) for chunk in copy).decode()


def tables_with_rows(text: dict[str, str]) -> set[str]:
    """The tables of ours that hold something, so that a test knows it looked at them."""
    ours = {model._meta.db_table for model in apps.get_models()}
    return {name for name, rows in text.items() if rows and name in ours}
