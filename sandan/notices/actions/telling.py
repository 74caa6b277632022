"""Put a message in the outbox, in the caller's own transaction; mark as read."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from sandan.notices import kinds
from sandan.notices.models import Notice
from sandan.people.models import Person


def tell(
    subject: models.Model,
    kind: str,
    *,
    persons: Iterable[Person] = (),
    asker_ids: Iterable[int] = (),
    at: datetime,
    **facts: object,
) -> None:
    """One notice of `kind` about `subject` to each receiver; one statement."""
    Notice.objects.bulk_create(notices(subject, kind, persons=persons, asker_ids=asker_ids, at=at, **facts))


def notices(
    subject: models.Model,
    kind: str,
    *,
    persons: Iterable[Person] = (),
    asker_ids: Iterable[int] = (),
    at: datetime,
    **facts: object,
) -> list[Notice]:
    """The rows of `tell`, for a caller who writes them with other rows.

    What leaves the house is marked for the worker in the same row: it costs the caller nothing, and a row that
    commits late is found late, never skipped.
    """
    common = {"at": at, "kind": kind, "subject": subject._meta.label_lower, "subject_id": subject.pk, "facts": facts}
    outward = {who: kinds.leaves_the_house(kind, has_persons=who == "persons") for who in ("persons", "askers")}
    rows = [
        Notice(person=person, is_unplanned=outward["persons"], **common)
        for person in {p.pk: p for p in persons}.values()
    ]
    rows += [
        Notice(asker_id=asker_id, is_unplanned=outward["askers"], **common) for asker_id in dict.fromkeys(asker_ids)
    ]
    return rows


def read(*, notice: Notice, by: Person, at: datetime) -> Notice:
    """The receiver has seen it; the first time counts. Nobody else can: the row is looked up by receiver."""
    Notice.objects.filter(pk=notice.pk, person=by, read_at=None).update(read_at=at)
    notice.refresh_from_db(fields=["read_at"])
    return notice


def read_all(*, until: datetime, by: Person, at: datetime) -> int:
    """All that the page showed is read, what came since is not; returns how many."""
    return Notice.objects.filter(person=by, read_at=None, at__lte=until).update(read_at=at)
