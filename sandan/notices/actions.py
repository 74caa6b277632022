"""Put a message in the outbox, in the caller's own transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from sandan.notices.models import Notice
from sandan.people.models import Person


def tell(
    subject: models.Model, kind: str, *, persons: Iterable[Person] = (), asker_ids: Iterable[int] = (), at: datetime, **facts: object
) -> None:
    """One notice of `kind` about `subject` to each receiver."""
    common = {"at": at, "kind": kind, "subject": subject._meta.label_lower, "subject_id": subject.pk, "facts": facts}
    rows = [Notice(person=person, **common) for person in {p.pk: p for p in persons}.values()]
    rows += [Notice(asker_id=asker_id, **common) for asker_id in dict.fromkeys(asker_ids)]
    Notice.objects.bulk_create(rows)
