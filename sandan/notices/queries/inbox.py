"""What a person was told: the unread first, then what was read lately."""

from dataclasses import dataclass

from django.db.models import F, QuerySet, prefetch_related_objects

from sandan.notices.models import Notice
from sandan.people.models import Person

SHOWN = 100  # more unread than this is a matter for the board, not for a list of notices
RECENT = 30


@dataclass(frozen=True)
class Inbox:
    """The notices a page shows, and how many are unread in all."""

    unread: tuple[Notice, ...]
    recent: tuple[Notice, ...]
    unread_count: int


def _of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person)


def inbox_of(person: Person) -> Inbox:
    """Newest first, with their lines of the ledger; four queries whatever their number, three without overflow."""
    unread = tuple(_of(person).filter(read_at=None).order_by("-at", "-pk")[:SHOWN])
    recent = tuple(_of(person).filter(read_at__isnull=False).order_by(F("read_at").desc(), "-pk")[:RECENT])
    prefetch_related_objects([*unread, *recent], "deliveries")
    return Inbox(unread, recent, unread_count(person) if len(unread) == SHOWN else len(unread))


def unread_count(person: Person) -> int:
    """How many notices wait to be read."""
    return _of(person).filter(read_at=None).count()
