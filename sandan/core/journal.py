"""The journal: one line for every change, in the same transaction, holding ids, codes and digests only."""

from datetime import datetime
from typing import Any

from django.db import models

from sandan.core.models import Entry

Fact = int | str | bool | float | None | list[int] | list[str]
CODE_LENGTH = 64  # codes, numbers and digests are short; words live in erasable rows that a fact points to


def write(subject: models.Model, verb: str, *, by: Any, at: datetime, scope: str, **facts: Fact) -> Entry:
    """Append one line about `subject`; see `line`."""
    entry = line(subject, verb, by=by, at=at, scope=scope, **facts)
    entry.save(force_insert=True)
    return entry


def line(subject: models.Model, verb: str, *, by: Any, at: datetime, scope: str, **facts: Fact) -> Entry:
    """A line to append with other rows. `by` is a Person, "asker", "clock" or "system"; free text is refused."""
    for key, value in facts.items():
        if any(_is_words(item) for item in (value if isinstance(value, list) else [value])):
            raise ValueError(f"journal fact {key} holds words; store them in an erasable row and give its id")
    actor = by if isinstance(by, str) else "person"
    return Entry(
        at=at,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        verb=verb,
        actor=actor,
        actor_id=None if isinstance(by, str) else by.pk,
        scope=scope,
        facts=facts,
    )


def _is_words(value: object) -> bool:
    return isinstance(value, str) and (len(value) > CODE_LENGTH or not value.isascii())


def lines_of(subject: models.Model) -> models.QuerySet[Entry]:
    """All lines about one thing, oldest first."""
    return Entry.objects.filter(subject=subject._meta.label_lower, subject_id=subject.pk).order_by("id")
