"""Opening a sealed field for a person: it leaves a line, every time, that the resident may ask for."""

from datetime import datetime

from django.db import models

from sandan.core import journal
from sandan.core.models import Look
from sandan.core.sealed import Sealed


def reveal(row: models.Model, field: str, *, by: models.Model, why: str, at: datetime, scope: str) -> str:
    """The clear text of a sealed field of `row`, after a Look and a journal line were written; "" where it is empty.

    The caller has decided that `by` may see it (see the room's access module).
    """
    box: Sealed | None = getattr(row, field)
    if box is None:
        return ""
    Look.objects.create(at=at, person_id=by.pk, subject=row._meta.label_lower, subject_id=row.pk, field=field, why=why)
    journal.write(row, "look", by=by, at=at, scope=scope, field=field, why=why)
    return box.open_unlogged()
