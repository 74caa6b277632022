"""The catalogue for tests: the real files, loaded."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from sandan.intake import queries
from sandan.intake.actions import Ask, Change, Files, load_catalogue

LOADED_AT = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
FOLDER: Path = settings.BASE / "data"


def files(**texts: str) -> Files:
    """The three files of the catalogue; a text given by name stands in for its file."""
    names = ("categories", "duties", "departments")
    return Files(**{name: texts.get(name) or (FOLDER / f"{name}.csv").read_text(encoding="utf-8") for name in names})


def a_catalogue() -> list[Change]:
    """All departments, items and codes; what an earlier test left in the process is forgotten."""
    queries.forget()
    return load_catalogue(files(), at=LOADED_AT)


def an_ask(**words: object) -> Ask:
    """A proposal that lacks nothing."""
    full = {
        "code": "0108", "name": "老旧门禁换新", "reason": "今年 12 栋楼要换",
        "duty": "登记坏的门禁，换的时候在场", "rhythm": "每月",
        "finish_days": 5, "training": "七月两次课", "funding": "区财政每件 10 元",
    }  # fmt: skip
    return Ask(**{**full, **words})  # type: ignore[arg-type]
