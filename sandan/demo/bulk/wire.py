"""PostgreSQL's binary COPY format, both ways: rows as raw fields, each with four bytes of length before it."""

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000  # microseconds
VARCHAR = 1043  # PostgreSQL's number of the type

_LENGTH, _COUNT = struct.Struct(">i"), struct.Struct(">h")
_LONG, _INT, _DOUBLE = struct.Struct(">iq"), struct.Struct(">ii"), struct.Struct(">id")
_ARRAY = struct.Struct(">iiiii")

Fields = list[bytes | None]


def read(cursor: Any, query: str) -> list[Fields]:
    """All rows of a query as raw fields."""
    with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        data = b"".join(bytes(part) for part in copy)
    rows, at = [], len(HEAD)
    while (count := _COUNT.unpack_from(data, at)[0]) >= 0:
        at += 2
        fields: Fields = []
        for _ in range(count):
            (size,) = _LENGTH.unpack_from(data, at)
            at += 4
            fields.append(None if size < 0 else data[at : at + size])
            at += max(size, 0)
        rows.append(fields)
    return rows


def write(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
    """Rows as `row` and the functions below make them, into a table."""
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.write(HEAD)
        copy.write(b"".join(rows))
        copy.write(END)


def head(count: int) -> bytes:
    """What stands before the fields of a row."""
    return _COUNT.pack(count)


def raw(value: bytes | None) -> bytes:
    """A field as it came."""
    return NULL if value is None else _LENGTH.pack(len(value)) + value


def text(value: str) -> bytes:
    return raw(value.encode())


def long(value: int) -> bytes:
    """A bigint, or a moment in microseconds since 2000."""
    return _LONG.pack(8, value)


def integer(value: int) -> bytes:
    """An integer, or a date in days since 2000."""
    return _INT.pack(4, value)


def double(value: float) -> bytes:
    return _DOUBLE.pack(8, value)


def texts(values: Sequence[str]) -> bytes:
    """An array of varchar."""
    if not values:
        return raw(struct.pack(">iii", 0, 0, VARCHAR))
    return raw(_ARRAY.pack(1, 0, VARCHAR, len(values), 1) + b"".join(text(value) for value in values))


def number(value: bytes) -> int:
    """The int of a raw field."""
    return int.from_bytes(value, "big", signed=True)


def moment(at: datetime) -> int:
    """Microseconds since 2000, as PostgreSQL counts them."""
    return (at - EPOCH) // MICROSECOND
