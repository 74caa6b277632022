"""One JSON object a line on the standard output, and never a word of a person in it.

Messages of libraries appear as their pattern without what was filled in, exceptions as their kind and the places they
passed, without their text: a database quotes the row it refuses.
"""

import json
import logging
import secrets
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from django.conf import settings

KNOWN = ("procrastinate", "_granian")  # their words hold names of jobs and processes, ids and times only
MOST_PLACES = 8


def new_number() -> str:
    """The six figures that an error page shows, a log line carries and a caller reads out."""
    return str(100_000 + secrets.randbelow(900_000))


def fault(kind: type[BaseException], trace: TracebackType | None) -> dict[str, Any]:
    """What may be said of an exception: its kind, and where it rose."""
    stack = traceback.extract_tb(trace)[-MOST_PLACES:]
    return {
        "kind": f"{kind.__module__}.{kind.__qualname__}",
        "where": [f"{frame.filename.rpartition('/sandan/')[2]}:{frame.lineno} {frame.name}" for frame in stack],
    }


class Lines(logging.Formatter):
    """Lines of libraries that log in Python's own way; each error has a number."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        facts: dict[str, Any] = {
            "event": _pattern(record),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.levelno >= logging.ERROR:
            facts["number"] = new_number()
        if record.exc_info and record.exc_info[0]:
            facts |= fault(record.exc_info[0], record.exc_info[2])
        return json.dumps(facts, ensure_ascii=False)


def _pattern(record: logging.LogRecord) -> str:
    """The message before its words are filled in; one that came finished is told by its place alone."""
    if isinstance(record.msg, str) and (record.args or record.name.partition(".")[0] in KNOWN):
        return record.msg
    return f"{record.module}:{record.lineno}"


def _note_uncaught(kind: type[BaseException], _error: object, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("sandan").critical("uncaught", number=new_number(), **fault(kind, trace))


def guard() -> None:
    """A process that ends by an exception, or a thread of it, says so in the same way."""
    configure()
    sys.excepthook = _note_uncaught
    threading.excepthook = lambda args: _note_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def configure() -> None:
    """Our own lines, with UTC times; a demo's terminal keeps its logins in sight."""
    if structlog.is_configured():
        return
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if settings.DEMO else logging.INFO),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
