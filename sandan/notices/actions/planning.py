"""From a notice to its lines in the ledger: which ways it goes, or why there is none."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog
from django.db import transaction

from sandan.notices import channels, kinds
from sandan.notices.actions.books import AskerBook
from sandan.notices.kinds import SMS, Lane
from sandan.notices.models import Delivery, Notice, Reach, State
from sandan.people.models import Role

log = structlog.get_logger("sandan.notices")
MOST = 200  # notices in one go: some ten milliseconds of locks that nobody else asks for


@transaction.atomic
def plan(*, book: AskerBook, at: datetime) -> int:
    """Give the oldest unplanned notices their lines; returns how many. Workers may run side by side."""
    unplanned = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(is_unplanned=True)
    found = unplanned.select_related("person__reach").prefetch_related("person__posts")
    notices = list(found.order_by("pk")[:MOST])
    if not notices:
        return 0
    why_not = book.why_not([notice for notice in notices if notice.asker_id])
    lines = [line for notice in notices for line in _lines(notice, why_not, at)]
    Delivery.objects.bulk_create(lines, ignore_conflicts=True)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(is_unplanned=False)
    _replace_older(lines)
    return len(notices)


def _lines(notice: Notice, why_not: dict[int, str], at: datetime) -> Iterator[Delivery]:
    """One line for each way, else one that says why there is none; a notice that breaks this is one as well."""
    try:
        ways, why = _ways(notice, why_not)
    except Exception as error:  # one notice that cannot be planned must not stop all others
        log.error("notice cannot be planned", notice=notice.pk, kind=type(error).__name__)
        ways, why = (), "plan"
    for way in ways:
        yield _line(notice, way, at)
    if not ways and (why == "plan" or not _lies_in_an_inbox(notice)):
        yield Delivery(notice=notice, channel="none", lane=kinds.of(notice.kind).lane, state=State.UNREACHABLE,
                       made_at=at, error=why)  # fmt: skip


def _lies_in_an_inbox(notice: Notice) -> bool:
    """Whether the receiver was told there; a page is to wake him, and a partner's account opens no inbox."""
    if notice.person is None or kinds.of(notice.kind).lane == Lane.PAGE or not notice.person.is_active:
        return False
    return any(post.role != Role.PARTNER for post in notice.person.posts.all())


def _line(notice: Notice, way: str, at: datetime) -> Delivery:
    lane = kinds.of(notice.kind).lane
    if channels.is_stage() and way == SMS:
        return Delivery(notice=notice, channel=way, lane=lane, state=State.RECEIVED, made_at=notice.at,
                        sent_at=notice.at, received_at=notice.at, reference="demo")  # fmt: skip
    return Delivery(notice=notice, channel=way, lane=lane, made_at=at, next_at=kinds.when_allowed(lane, at))


def _ways(notice: Notice, why_not: dict[int, str]) -> tuple[tuple[str, ...], str]:
    """The ways that are open to the receiver; without one, a code why."""
    if notice.asker_id:
        why = why_not.get(notice.pk, "") or ("" if channels.reaches_phones() else "no_provider")
        return ((), why) if why else ((SMS,), "")
    shut = {way: _shut(notice, way) for way in kinds.of(notice.kind).ways}
    return tuple(way for way, why in shut.items() if not why), next(iter(shut.values()), "no_way")


def _shut(notice: Notice, way: str) -> str:
    """Why this way to a person is closed, or nothing; paging asks nobody's wishes."""
    person = notice.person
    assert person is not None
    reach = getattr(person, "reach", None) or Reach(person=person)
    is_paged = kinds.of(notice.kind).lane == Lane.PAGE
    if not person.is_active:
        return "inactive"
    if way == SMS:
        wanted, known, open_way = reach.takes_sms or is_paged, person.phone is not None, channels.reaches_phones()
    else:
        wanted, known, open_way = reach.takes_email or is_paged, reach.email is not None, channels.reaches_mail()
    return "switched_off" if not wanted else "no_address" if not known else "" if open_way else "no_provider"


def _replace_older(lines: Iterable[Delivery]) -> None:
    """What still waits for the morning makes room for newer news of the same order to the same asker."""
    newest: dict[tuple[int, str, int], int] = {}
    for line in lines:
        notice = line.notice
        if notice.asker_id and line.lane == Lane.PROGRESS and line.state == State.WAITING:
            newest[notice.asker_id, notice.subject, notice.subject_id] = notice.pk
    waiting = Delivery.objects.filter(
        state=State.WAITING, tries=0, lane=Lane.PROGRESS, channel=SMS,
        notice__asker_id__in={asker for asker, _, _ in newest},
    ).select_related("notice")  # fmt: skip
    older = [
        line.pk
        for line in (waiting if newest else ())
        if line.notice_id < newest.get((line.notice.asker_id or 0, line.notice.subject, line.notice.subject_id), 0)
    ]
    Delivery.objects.filter(pk__in=older, state=State.WAITING, tries=0).update(state=State.REPLACED, next_at=None)
