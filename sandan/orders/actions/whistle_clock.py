"""When a called unit has to answer, and what happens by itself when it does not."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from sandan.calc import clock
from sandan.core import journal
from sandan.core.calendar import calendar
from sandan.notices.actions import tell
from sandan.orders.models import Call, Order, Whistle
from sandan.orders.models.order import Urgency
from sandan.orders.queries import whistle as queries
from sandan.people.models import Person, Role
from sandan.people.queries import holders

log = logging.getLogger(__name__)

# Danger does not wait for opening hours; an ordinary matter has one working day: to closing time of the next.
ANSWER: dict[int, tuple[int, str, str]] = {
    Urgency.ORDINARY: (1, "day", "working"),
    Urgency.URGENT: (30, "minute", "natural"),
    Urgency.BURST: (10, "minute", "natural"),
}
REMIND_SHARE = 2 / 3  # of the time to answer, then the unit hears again
LATE_AFTER = timedelta(minutes=30)  # after the time to meet
COMING: dict[int, tuple[int, str, str]] = {
    Urgency.ORDINARY: (2, "day", "working"),
    Urgency.URGENT: (120, "minute", "natural"),
    Urgency.BURST: (60, "minute", "natural"),
}


def _on_clock(limit: tuple[int, str, str], at: datetime) -> datetime:
    value, unit, kind = limit
    return clock.due(calendar(), at, value, cast(clock.Unit, unit), cast(clock.Kind, kind)).at


def answer_by(order: Order, at: datetime) -> datetime:
    """By when a unit called now has to say yes or no."""
    return _on_clock(ANSWER[order.urgency], at)


def remind_at(order: Order, at: datetime, until: datetime) -> datetime:
    """When two thirds of the time to answer are over, on its own clock."""
    kind = cast(clock.Kind, ANSWER[order.urgency][2])
    minutes = clock.net_minutes(calendar(), at, until, kind)
    return clock.add_minutes(calendar(), at, minutes * REMIND_SHARE, kind)


def chase_at(order: Order, call: Call, at: datetime) -> datetime:
    """When somebody who said yes should be there: half an hour after the meeting, else within the matter's time."""
    meet_at = call.whistle.meet_at
    return max(meet_at, at) + LATE_AFTER if meet_at else _on_clock(COMING[order.urgency], at)


@transaction.atomic
def close(whistle: Whistle, end: str, at: datetime, by: Person | None) -> None:
    """No call of it waits any more; those that were still to be answered fall away and count against nobody."""
    whistle.ended_at, whistle.end, whistle.ended_by = at, end, by
    whistle.save(update_fields=["ended_at", "end", "ended_by", "reason"])
    whistle.calls.filter(state="sent").update(state="dropped", next_at=None, next_step="")
    whistle.calls.filter(next_at__isnull=False).update(next_at=None, next_step="")


def tick(*, at: datetime, most: int = 200) -> int:
    """Reminders, missed answers and whistles whose order has ended, each in its own transaction; how many."""
    done = 0
    while done < most and (_one_over(at) or _one_due(at)):
        done += 1
    return done


@transaction.atomic
def _one_over(at: datetime) -> bool:
    """A whistle whose order is closed ends with it."""
    over = Whistle.objects.select_for_update(skip_locked=True, of=("self",)).filter(ended_at=None, order__is_open=False)
    whistle = over.select_related("order").order_by("pk").first()
    if whistle is None:
        return False
    close(whistle, "order", at, None)
    _note(whistle.order, "whistle_end", at, whistle=whistle.pk)
    return True


@transaction.atomic
def _one_due(at: datetime) -> bool:
    due = Call.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=at).order_by("next_at")
    call = due.select_related("whistle__order__owner", "whistle__by", "unit").first()
    if call is None:
        return False
    try:
        with transaction.atomic():
            STEPS[call.next_step](call, at)
    except Exception:  # one call that cannot go on must not stop all others
        log.exception("call %s: step %s failed", call.pk, call.next_step)
        Call.objects.filter(pk=call.pk).update(next_at=at + timedelta(hours=1))
    return True


def _remind(call: Call, at: datetime) -> None:
    """Most of the time is over: the unit hears once more."""
    call.next_at, call.next_step = max(call.answer_by, at), "miss"
    call.save(update_fields=["next_at", "next_step"])
    _speak(call, "whistle_remind", queries.clerks([call.unit_id], at), at)


def _miss(call: Call, at: datetime) -> None:
    """No answer in time: it stands on the street's list, and the liaison, the caller and the unit hear of it."""
    call.state, call.next_at, call.next_step = "missed", None, ""
    call.save(update_fields=["state", "next_at", "next_step"])
    _speak(call, "whistle_missed", [*_liaisons(call, at), call.whistle.by, *queries.clerks([call.unit_id], at)], at)


def _chase(call: Call, at: datetime) -> None:
    """Said yes and is not there: once to the unit and the caller, then it is for people."""
    call.next_at, call.next_step = None, ""
    call.save(update_fields=["next_at", "next_step"])
    _speak(call, "whistle_late", [*queries.clerks([call.unit_id], at), call.whistle.by], at)


def _liaisons(call: Call, at: datetime) -> list[Person]:
    return list(holders(Role.LIAISON, call.whistle.order.street, at))


def _speak(call: Call, verb: str, persons: list[Person], at: datetime) -> None:
    order = call.whistle.order
    tell(order, verb, persons=persons, at=at, number=order.full_number)
    _note(order, verb, at, call=call.pk, unit=call.unit_id)


def _note(order: Order, verb: str, at: datetime, **facts: int) -> None:
    journal.write(order, verb, by="clock", at=at, scope=order.community_id, **facts)


STEPS: dict[str, Callable[[Call, datetime], None]] = {"remind": _remind, "miss": _miss, "chase": _chase}
