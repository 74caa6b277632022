"""Two keys: who serves may not close; the asker's word or a reviewer's stands before it, and a call-back by another."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import clock, tries
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.orders import clocks
from sandan.orders.access import Actor
from sandan.orders.actions import beats, duty_paging, joining, saying
from sandan.orders.actions.serving import missing_proof
from sandan.orders.models import Asker, CallBack, Order, Review
from sandan.orders.models.order import Urgency
from sandan.people.models import Person

TRIES = tries.NEEDED
CALL_SHARE = 30  # per cent of ordinary orders that are called back
WORDS = ("yes", "half", "no")
STEPS = range(1, 6)  # very satisfied to very dissatisfied
LOW = 4  # dissatisfied or worse


class KeyMissing(Refused):
    """Closing still lacks one of its keys; the text says which."""


class BadWord(Refused):
    """A word other than yes, half and no, or a satisfaction outside the five steps."""


class NotYet(Refused):
    """The rule asks for more time or more tries before this step."""


@transaction.atomic
def review(
    *, order: Order, word: str, by: Asker, at: datetime, satisfaction: int | None = None, text: str = ""
) -> Order:
    """The asker's word: yes, half (what is left becomes a child on the same clock) or no (the order is done again)."""
    if word == "no":
        return dissent(order=order, reason="not_solved", by=by, at=at, satisfaction=satisfaction, text=text)
    order, move = beats.take("review", order, by, at)
    return _reviewed(order, move, word, satisfaction, text, by, at)


def _reviewed(
    order: Order, move: Any, word: str, satisfaction: int | None, text: str, by: Asker | Person, at: datetime
) -> Order:
    kept = _keep_review(order, word, satisfaction, text, by, at)
    order.word, order.satisfaction, order.reviewed_at = word, satisfaction, at
    order.needs_call = needs_call(order)
    settled = beats.settle(order, move, by=by, at=at, word=word, satisfaction=satisfaction, words=kept.words_id)
    if word == "half":
        bear_child(settled, text or _("还剩一半没办完。"), at)
    return settled


def _keep_review(
    order: Order, word: str, satisfaction: int | None, text: str, by: Asker | Person, at: datetime
) -> Review:
    _check_word(word, satisfaction)
    words = saying.say(order, "review", text, "asker", by=by, at=at) if text else None
    who = {"person": by} if isinstance(by, Person) else {"asker": by}
    return Review.objects.create(order=order, word=word, satisfaction=satisfaction, words=words, at=at, **who)


def _check_word(word: str, satisfaction: int | None) -> None:
    if word not in WORDS or (satisfaction is not None and satisfaction not in STEPS):
        raise BadWord(_("请选一个：解决了、解决了一半、没解决；满意度从 1 到 5。"))


def needs_call(order: Order) -> bool:
    """All urgent ones, all who rated low, a fixed 30 % of the rest; never silent matters nor who said no to calls."""
    if order.category is None or order.category.callback != "full" or order.is_anonymous:
        return False
    if not _may_ring(order):
        return False
    if order.urgency > Urgency.ORDINARY or (order.satisfaction or 0) >= LOW:
        return True
    return hashlib.sha256(order.full_number.encode()).digest()[0] * 100 < CALL_SHARE * 256


def bear_child(order: Order, text: str, at: datetime) -> Order:
    """What is left of a half-solved order: an order of its own, same asker, same deadline."""
    child = joining.copy_of(order, text, at, verb="bear", due_at=order.due_at)
    joining.copy_asker(order.askers.get(is_first=True), child, at)
    return child


@transaction.atomic
def hear(
    *, order: Order, word: str, channel: str, by: Person, at: datetime, satisfaction: int | None = None, text: str = ""
) -> Order:
    """The asker's word, heard by somebody who did not serve: on the phone, in a message, at the door."""
    order, move = beats.take("hear", order, by, at)
    _keep_call(order, channel, True, word, satisfaction, by, at)
    if word == "no":
        return dissent(order=order, reason="not_solved", by=by, at=at, satisfaction=satisfaction, text=text)
    order.called_at = at
    return _reviewed(order, move, word, satisfaction, text, by, at)


@transaction.atomic
def stand_in(*, order: Order, word: str, reason: str, by: Person, at: datetime, text: str = "") -> Order:
    """A reviewer's word where the asker's cannot be had: unnamed, silent matter, or three tries at different hours."""
    order, move = beats.take("stand_in", order, by, at)
    if not may_stand_in(order):
        raise NotYet(_("还没到替他说的时候：要么点单人不留名，要么在不同钟点试过 %(tries)s 次。") % {"tries": TRIES})
    order.reason = reason
    return _reviewed(order, move, word, None, text, by, at)


def may_stand_in(order: Order) -> bool:
    """Whether a reviewer may speak in the asker's place: nobody may ring him, or nobody reached him."""
    silent = order.is_anonymous or order.category is None or order.category.callback != "full"
    return silent or not _may_ring(order) or tries_at_different_hours(order) >= TRIES


def _may_ring(order: Order) -> bool:
    return order.askers.filter(is_first=True, may_call=True).exists()


def tries_at_different_hours(order: Order) -> int:
    """Failed tries since serving that count: each at another time of day."""
    since = order.served_at
    failed = order.calls.filter(is_reached=False, at__gte=since) if since else order.calls.none()
    return len(tries.counted(failed.values_list("at", flat=True)))


@transaction.atomic
def dissent(
    *, order: Order, reason: str, by: Actor, at: datetime, satisfaction: int | None = None, text: str = ""
) -> Order:
    """Not solved: the same number is done again, with its limit anew."""
    order, move = beats.take("dissent", order, by, at)
    words = None
    if isinstance(by, Asker):
        _keep_review(order, "no", satisfaction, text, by, at)
    elif text:
        words = saying.say(order, "review", text, "asker", by=by, at=at).pk
    return _again(order, move, reason, by, at, words)


def _again(order: Order, move: Any, reason: str, by: Actor, at: datetime, words: int | None = None) -> Order:
    order.reason, order.word, order.satisfaction, order.reviewed_at = reason, "", None, None
    order.reopened_count += 1
    order.needs_call, order.outcome, order.closed_by, order.called_at = False, "", None, None
    clocks.again(order, at)
    settled = beats.settle(order, move, by=by, at=at, reason=reason, words=words)
    duty_paging.begin(settled, at, by)
    return settled


@transaction.atomic
def send_back(*, order: Order, reason: str, by: Person, at: datetime, text: str = "") -> Order:
    """A reviewer finds the work wanting: the same server has it again."""
    order, move = beats.take("send_back", order, by, at)
    words = saying.say(order, "reason", text, "inside", by=by, at=at).pk if text else None
    order.reason, order.holder, order.taken_at = reason, order.served_by, at
    order.word, order.satisfaction, order.reviewed_at = "", None, None
    order.needs_call, order.called_at = False, None
    order.rework_count += 1
    clocks.again(order, at)
    return beats.settle(order, move, by=by, at=at, reason=reason, words=words)


@transaction.atomic
def call_back(
    *, order: Order, is_reached: bool, by: Person, at: datetime, channel: str = "phone", word: str = "",
    satisfaction: int | None = None,
) -> Order:  # fmt: skip
    """One try to reach the asker. Reached while the word is awaited is `hear`; reached and unsolved is `dissent`."""
    order, move = beats.take("call_back", order, by, at)
    _keep_call(order, channel, is_reached, word, satisfaction, by, at)
    order.call_tries += 0 if is_reached else 1
    if is_reached:
        order.called_at = at
        order.satisfaction = satisfaction or order.satisfaction
    return beats.settle(order, move, by=by, at=at, reached=is_reached, channel=channel)


def _keep_call(
    order: Order, channel: str, is_reached: bool, word: str, satisfaction: int | None, by: Person, at: datetime
) -> None:
    if is_reached and word:
        _check_word(word, satisfaction)
    CallBack.objects.create(
        order=order, by=by, channel=channel, at=at, is_reached=is_reached, word=word, satisfaction=satisfaction
    )


@transaction.atomic
def close(*, order: Order, outcome: str, by: Person, at: datetime) -> Order:
    """Write the order off: proof, the asker's word, the call-back where one is due, and a hand that did not serve."""
    order, move = beats.take("close", order, by, at)
    missing = missing_key(order)
    if missing:
        raise KeyMissing(missing)
    order.closed_by, order.outcome = by, outcome
    return beats.settle(order, move, by=by, at=at, outcome=outcome)


def missing_key(order: Order) -> str:
    """What closing still lacks, in words; empty when it may be closed."""
    proof = missing_proof(order)
    if proof:
        return proof
    if not order.word:
        return _("销号还差点单人的话。")
    if order.needs_call and order.called_at is None and tries_at_different_hours(order) < TRIES:
        return _("销号还差一次回访。")
    return ""


@transaction.atomic
def reopen(*, order: Order, reason: str, by: Actor, at: datetime, text: str = "") -> Order:
    """Within 15 days of closing the asker gets the same number back."""
    order, move = beats.take("reopen", order, by, at)
    if order.ended_at and at > reopen_until(order.ended_at):
        raise NotYet(_("办结已过 %(days)s 天，请重新点一单，写上老单号就行。") % {"days": clocks.REOPEN_DAYS})
    if text:
        saying.say(order, "answer", text, "asker", by=by, at=at)
    return _again(order, move, reason, by, at)


def reopen_until(ended_at: datetime) -> datetime:
    """The end of the fifteenth day after closing."""
    return clock.deadline(calendar(), ended_at, clocks.REOPEN_DAYS, "day", "natural")
