"""What the clock does by itself: windows that close, offers unanswered, pauses that end, reminders."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from sandan.core import journal
from sandan.notices.actions import tell
from sandan.orders import clocks
from sandan.orders.actions import beats, claiming, consenting, giving, ladder_clock, standing
from sandan.orders.models import Order
from sandan.orders.queries import desk_helpers
from sandan.orders.workflow import S
from sandan.people.models import Person, Post, Role

log = logging.getLogger(__name__)
TRY_AGAIN = timedelta(minutes=5)  # after a step that failed; every other order goes first


def tick(*, at: datetime, most: int = 500) -> int:
    """Do the due steps up to `at`, each in its own transaction; returns how many. Workers may run side by side."""
    done = 0
    while done < most and _one(at):
        done += 1
    return done


@transaction.atomic
def _one(at: datetime) -> bool:
    due = (
        Order.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(is_open=True, next_at__lte=at)
        .order_by("next_at")
        .only("pk")
        .first()
    )
    if due is None:
        return False
    order = beats.lock(due.pk)
    try:
        with transaction.atomic():
            STEPS[order.next_step](order, at)
    except Exception:  # one order that cannot go on must not stop the clocks of all others
        log.exception("order %s: step %s failed", order.pk, order.next_step)
        Order.objects.filter(pk=order.pk).update(next_at=at + TRY_AGAIN)  # the same step: faults may pass
    return True


def _lapse(order: Order, at: datetime) -> None:
    """Nobody grabbed: on to the best names where the desk chose so, otherwise back to the desk for dispatch."""
    order, move = beats.take("lapse", order, "clock", at)
    names = desk_helpers.best(order, at) if order.then_best else []
    order.then_best = False
    if not names:
        beats.settle(order, move, by="clock", at=at)
        return
    batch = giving.put_names(order, names, order.owner, at)
    on = replace(move, hearers=("offered",))
    beats.settle(order, on, by="clock", at=at, to=S.OFFERED, clock="answer", batch=batch, names=len(names))


def _miss(order: Order, at: datetime) -> None:
    """No answer to an offer in time: the next spare name, or back to the desk."""
    order, move = beats.take("miss", order, "clock", at)
    order.offers.filter(state="sent").update(state="missed", answered_at=at)
    giving.pass_to_next(order, move, "clock", at)


def _round_over(order: Order, at: datetime) -> None:
    """Several were asked, and too few have said yes."""
    order, move = beats.take("miss", order, "clock", at)
    consenting.over(order, move, at)


def _resume(order: Order, at: datetime) -> None:
    standing.resume(order=order, by="clock", at=at)


def _ask_again(order: Order, at: datetime) -> None:
    """Three working days without an answer: ask once more before giving up."""
    _speak(order, "ask_again", (), at, askers=True)
    Order.objects.filter(pk=order.pk).update(next_at=clocks.reply_by(at), next_step="no_reply")


def _no_reply(order: Order, at: datetime) -> None:
    """Still no answer: the order ends as unanswered; the asker may place it again at any time."""
    order, move = beats.take("no_reply", order, "clock", at)
    order.outcome = "no_reply"
    claiming.let_go(order, "no_reply", at)
    beats.settle(order, move, by="clock", at=at)


def _remind(order: Order, at: datetime) -> None:
    """The owner is told; once the deadline has passed the level above is told too, or has it where the rule says so."""
    if ladder_clock.look(order, at):
        return
    persons = [order.owner]
    if order.is_late(at):
        persons += _uppers(order, at)
    _speak(order, "remind", persons, at)
    _look_again(order, at)


def _look_again(order: Order, at: datetime) -> None:
    moment, step = clocks.look_again(order, at, _later_step(order))
    Order.objects.filter(pk=order.pk).update(next_at=moment, next_step=step)


def _climb(order: Order, at: datetime) -> None:
    """Its time on this level of the ladder is up: one step up, or the proposal of one."""
    if not ladder_clock.look(order, at):
        _look_again(order, at)


def _later_step(order: Order) -> str:
    return "remind" if order.state in (S.RECEIVED, S.LEDGERED, S.ESCALATED) else "overdue"


def _overdue(order: Order, at: datetime) -> None:
    """Past its deadline: holder, owner and the level above hear of it, every working day, or the level above has it."""
    if ladder_clock.look(order, at):
        return
    persons = [order.owner, *_uppers(order, at)] + ([order.holder] if order.holder else [])
    _speak(order, "overdue", persons, at)
    Order.objects.filter(pk=order.pk).update(next_at=clocks.next_working_day(at), next_step="overdue")


def _nudge(order: Order, at: datetime) -> None:
    """Served, and no word yet: the asker is reminded, the desk sees it on its call-back list."""
    _speak(order, "nudge", [order.owner], at, askers=order.state == S.SERVED)
    Order.objects.filter(pk=order.pk).update(next_at=clocks.next_working_day(at), next_step="nudge")


def _speak(order: Order, kind: str, persons: tuple[()] | list[Person], at: datetime, askers: bool = False) -> None:
    asker_ids = beats.asker_ids_of(order) if askers else ()
    tell(order, kind, persons=persons, asker_ids=asker_ids, at=at, number=order.full_number)
    journal.write(order, kind, by="clock", at=at, scope=order.community_id)


def _uppers(order: Order, at: datetime) -> list[Person]:
    roles = (Role.LIAISON, Role.DISTRICT) if order.level >= 3 else (Role.LIAISON,)
    posts = Post.objects.held(at).over(order.community_id).filter(role__in=roles).select_related("person")
    return [post.person for post in posts]


STEPS: dict[str, Callable[[Order, datetime], None]] = {
    "lapse": _lapse,
    "miss": _miss,
    "round_over": _round_over,
    "resume": _resume,
    "ask_again": _ask_again,
    "no_reply": _no_reply,
    "remind": _remind,
    "climb": _climb,
    "overdue": _overdue,
    "nudge": _nudge,
}
