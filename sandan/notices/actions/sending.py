"""The worker: claim what is due by lease, send it without any lock, settle what came of it.

A claim is three facts in the row: SENDING, the end of the lease in `next_at`, and `tries`, which no other claim shares.
Who comes back after his lease ended settles nothing. No row is locked while the network is asked.
"""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from sandan.core.sealed import Sealed
from sandan.notices import kinds
from sandan.notices.actions.books import AskerBook, Contact
from sandan.notices.channels import mail, sms
from sandan.notices.channels.trouble import UNSURE, Trouble
from sandan.notices.kinds import EMAIL, SMS, Lane
from sandan.notices.models import Delivery, Reach, State

log = structlog.get_logger("sandan.notices")

BATCH, HANDS = 10, 5
LEASE = timedelta(minutes=2)  # a batch needs at most two rounds of 15 seconds
MOST_TRIES = 12  # of progress about seven hours; codes and pages end by their life before
FIRST_WAIT = {Lane.PAGE: 5, Lane.CODE: 5, Lane.PROGRESS: 60}  # seconds; doubled with each try
LONGEST_WAIT = 3600
OUTDATED = "outdated"  # there is nothing to say any more: the code was used, somebody else has the order


@dataclass(frozen=True, repr=False)
class _Letter:
    """One message ready to go: it holds an address in clear and prints as nothing."""

    delivery: Delivery
    address: str
    text: str


@dataclass(frozen=True)
class _Outcome:
    reference: str = ""
    trouble: Trouble | None = None


def send_due(*, book: AskerBook, lanes: Sequence[Lane], at: datetime) -> int:
    """Send one batch of what is due in these lanes; returns how many were claimed."""
    claimed = _claim(lanes, at)
    letters = {line.pk: _letter(line, book, at) for line in claimed}
    ready = [letter for letter in letters.values() if isinstance(letter, _Letter)]
    with ThreadPoolExecutor(HANDS) as pool:
        sent = dict(zip((letter.delivery.pk for letter in ready), pool.map(_attempt, ready), strict=True))
    for line in claimed:
        letter = letters[line.pk]
        _settle(line, sent[line.pk] if isinstance(letter, _Letter) else _Outcome(trouble=letter), book, at)
    return len(claimed)


@transaction.atomic
def _claim(lanes: Sequence[Lane], at: datetime) -> list[Delivery]:
    """Lease the most urgent lines that are due, also those whose worker never came back."""
    open_lanes = [lane for lane in lanes if kinds.when_allowed(lane, at) == at]
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        lane__in=open_lanes, state__in=(State.WAITING, State.SENDING), next_at__lte=at
    )
    found = list(due.order_by("lane", "next_at", "pk").values_list("pk", "channel", "state", "error")[:BATCH])
    lost = [pk for pk, channel, state, _error in found if (channel, state) == (EMAIL, State.SENDING)]
    if lost:
        _doubt(lost)
    twice = {pk for pk, _channel, _state, error in found if pk in lost and error == UNSURE}
    keys = [pk for pk, *_rest in found if pk not in twice]
    if not keys:
        return []
    Delivery.objects.filter(pk__in=keys).update(state=State.SENDING, next_at=at + LEASE, tries=F("tries") + 1)
    return list(Delivery.objects.filter(pk__in=keys).select_related("notice__person__reach").order_by("lane", "pk"))


def _doubt(keys: Sequence[int]) -> None:
    """E-mails whose worker never came back: they may have gone out. Tried once more; the second time that is all."""
    lines = Delivery.objects.filter(pk__in=keys)
    given_up = lines.filter(error=UNSURE).update(state=State.GIVEN_UP, next_at=None)
    lines.filter(state=State.SENDING).update(error=UNSURE)
    log.warning("nobody knows whether messages went out", count=len(keys), given_up=given_up)


def _letter(line: Delivery, book: AskerBook, at: datetime) -> _Letter | Trouble:
    """The message with its address; whatever goes wrong here concerns this line alone."""
    notice = line.notice
    if line.tries > MOST_TRIES:
        return Trouble("tries", is_final=True)  # it ended its worker every time
    if at > notice.at + kinds.LIFE[Lane(line.lane)]:
        return Trouble("too_late", is_final=True)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return _asker_letter(line, book) if notice.asker_id else _staff_letter(line)
    except Trouble as trouble:
        return trouble
    except Exception as error:  # its text may quote anything
        log.error("message cannot be written", delivery=line.pk, kind=type(error).__name__)
        return Trouble("writing", is_final=True)


def _asker_letter(line: Delivery, book: AskerBook) -> _Letter:
    contact = book.contact(line.notice)
    if contact is None:
        raise Trouble(OUTDATED, is_final=True)
    return _Letter(line, contact.phone, asker_text(line.notice.kind, contact, kinds.number_of(line.notice)))


def asker_text(kind: str, contact: Contact, number: str) -> str:
    """What the asker reads: no content, no address, no name but a surname; a link where phones reach this site."""
    row = kinds.of(kind)
    text = str(row.asker) % {"number": kinds.short_number(number), **contact.values}
    link = f" {settings.PUBLIC_URL}/f/" if row.has_link and settings.PUBLIC_URL else ""
    return text + link


def _staff_letter(line: Delivery) -> _Letter:
    person = line.notice.person
    reach = getattr(person, "reach", None)
    box = person.phone if line.channel == SMS and person else reach.email if isinstance(reach, Reach) else None
    if not isinstance(box, Sealed) or person is None or not person.is_active:
        raise Trouble("gone", is_final=True)
    return _Letter(line, box.open_unlogged(), kinds.sentence(line.notice))


def _attempt(letter: _Letter) -> _Outcome:
    """Ask the network, in a thread of its own without a connection to the database."""
    try:
        return _Outcome(reference=_sender(letter)(letter.delivery.key))
    except Trouble as trouble:
        return _Outcome(trouble=trouble)
    except Exception as error:
        log.error("message cannot be sent", delivery=letter.delivery.pk, kind=type(error).__name__)
        return _Outcome(trouble=Trouble("sending"))


def _sender(letter: _Letter) -> Callable[[str], str]:
    if letter.delivery.channel == SMS:
        return lambda key: sms.send(key=key, phone=letter.address, text=letter.text)
    return lambda key: mail.send(key=key, address=letter.address, text=letter.text)


def _settle(line: Delivery, outcome: _Outcome, book: AskerBook, at: datetime) -> None:
    """Write what came of it, unless a receipt was faster or the lease went to another."""
    mine = Delivery.objects.filter(pk=line.pk, state=State.SENDING, tries=line.tries)
    trouble = outcome.trouble
    if trouble is None:
        Delivery.objects.filter(pk=line.pk, reference="").update(reference=outcome.reference)
        settled = mine.update(state=State.SENT, sent_at=at, next_at=None, error="")
    elif trouble.code == OUTDATED:
        settled = mine.update(state=State.REPLACED, next_at=None, error="")
    elif trouble.is_final or line.tries >= MOST_TRIES or trouble.code == line.error == UNSURE:
        settled = mine.update(state=State.GIVEN_UP, next_at=None, error=trouble.code)
        log.warning("message given up", delivery=line.pk, channel=line.channel, code=trouble.code, tries=line.tries)
    else:
        wait = at + timedelta(seconds=_wait(Lane(line.lane), line.tries))
        next_at = kinds.when_allowed(Lane(line.lane), wait)
        mine.update(state=State.WAITING, next_at=next_at, error=UNSURE if line.error == UNSURE else trouble.code)
        return
    if settled and line.notice.asker_id:
        book.done([line.notice])


def _wait(lane: Lane, tries: int) -> float:
    """Seconds until the next try: doubled each time, between half and one and a half, so that a crowd disperses."""
    doubled: int = min(FIRST_WAIT[lane] << (tries - 1), LONGEST_WAIT)
    return doubled * (500 + secrets.randbelow(1001)) / 1000
