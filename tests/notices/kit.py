"""What the delivery tests share: a stand-in for the provider, a book of askers, notices on their way."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandan.notices.actions import tell
from sandan.notices.actions.books import Contact
from sandan.notices.actions.planning import plan
from sandan.notices.actions.sending import send_due
from sandan.notices.kinds import Lane
from sandan.notices.models import Delivery, Notice, State
from sandan.people.models import Unit

LANES = (Lane.PAGE, Lane.CODE, Lane.PROGRESS)
NUMBER = "990201001001-2026-0810-048"
ENDS = {State.SENT, State.RECEIVED, State.FAILED, State.GIVEN_UP, State.UNREACHABLE, State.REPLACED}


@dataclass
class FakeBook:
    """Askers whose number ends in their id; those in `silent` left none, those in `poisoned` break the writing."""

    silent: Collection[int] = ()
    poisoned: Collection[int] = ()
    finished: list[int] = field(default_factory=list)

    def why_not(self, notices: Collection[Notice]) -> dict[int, str]:
        return {notice.pk: "no_phone" for notice in notices if notice.asker_id in self.silent}

    def contact(self, notice: Notice) -> Contact | None:
        if notice.asker_id in self.poisoned:
            raise ValueError(f"16400{notice.asker_id:06d} 邓秀兰")
        return Contact(phone_of(notice.asker_id or 0), {"who": "贺师傅", "code": "135790"})

    def done(self, notices: Collection[Notice]) -> None:
        self.finished += [notice.pk for notice in notices]


def phone_of(asker_id: int) -> str:
    return f"16400{asker_id:06d}"


def told(kind: str, *asker_ids: int, about: Unit, at: datetime) -> list[Notice]:
    """A notice of that kind to each asker."""
    before = set(Notice.objects.values_list("pk", flat=True))
    tell(about, kind, asker_ids=asker_ids, at=at, number=NUMBER)
    return list(Notice.objects.exclude(pk__in=before).order_by("pk"))


def work(book: FakeBook, at: datetime) -> int:
    """Plan and send everything that is due at that moment, batch after batch."""
    while plan(book=book, at=at):
        pass
    tried = 0
    while claimed := send_due(book=book, lanes=LANES, at=at):
        tried += claimed
    return tried


def until_ended(book: FakeBook, at: datetime, most: int = 400) -> datetime:
    """Work on, ten minutes a step, until no line is under way."""
    for _ in range(most):
        work(book, at)
        if not Delivery.objects.exclude(state__in=ENDS).exists() and not Notice.objects.filter(is_unplanned=True):
            return at
        at += timedelta(minutes=10)
    raise AssertionError("something is still under way")
