"""Standing still and going on: questions, pauses, the ledger, extensions."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.orders import access, clocks
from sandan.orders.access import Actor
from sandan.orders.actions import beats, claiming, saying
from sandan.orders.models import Asker, Extension, Order
from sandan.people.models import Person

LONGEST_PAUSE_DAYS = 90
PAUSE_REASONS = ("parts", "vote", "weather", "asker_away", "third_party")
LEDGER_REASONS = ("no_money", "owner_unknown", "needs_project", "law_unclear", "season")
EXTENSION_REASONS = ("parts", "complex", "weather", "third_party", "asker_wish")


class BadTerm(Refused):
    """A pause, review date or new deadline that lies behind, too far ahead, or beyond the rule."""


@transaction.atomic
def ask(*, order: Order, question: str, by: Person, at: datetime) -> Order:
    """Ask the asker; until the answer the clock stands still, three working days and once again."""
    order, move = beats.take("ask", order, by, at)
    order.reason = "asked"
    words = saying.say(order, "question", question, "asker", by=by, at=at)
    order.answered_at = order.answered_at or at
    return beats.settle(order, move, by=by, at=at, words=words.pk)


@transaction.atomic
def answer(*, order: Order, text: str, by: Asker | Person, at: datetime) -> Order:
    """The asker's answer, given by himself or told to the desk; the order goes on where it stood."""
    order, move = beats.take("answer", order, by, at)
    words = saying.say(order, "answer", text, "asker", by=by, at=at)
    return beats.settle(order, move, by=by, at=at, words=words.pk)


@transaction.atomic
def pause(*, order: Order, reason: str, until: datetime, by: Person, at: datetime, text: str = "") -> Order:
    """Stop the clock for a reason and until a day; the worker starts it again by itself."""
    order, move = beats.take("pause", order, by, at)
    return _stand(order, move, reason, until, by, at, text)


@transaction.atomic
def ledger(*, order: Order, reason: str, until: datetime, by: Person, at: datetime, text: str = "") -> Order:
    """挂账: it cannot be solved now; reason, owner and the day on which somebody looks again."""
    order, move = beats.take("ledger", order, by, at)
    order.owner = by
    return _stand(order, move, reason, until, by, at, text)


def _stand(order: Order, move: object, reason: str, until: datetime, by: Person, at: datetime, text: str) -> Order:
    if until <= at:
        raise BadTerm(_("日子要在今天以后。"))
    if (until - at).days > LONGEST_PAUSE_DAYS:
        raise BadTerm(_("最长 %(days)s 天，到时候再看一次。") % {"days": LONGEST_PAUSE_DAYS})
    words = saying.say(order, "reason", text, "asker", by=by, at=at).pk if text else None
    order.reason = reason
    return beats.settle(order, move, by=by, at=at, until=until, reason=reason, words=words)  # type: ignore[arg-type]


@transaction.atomic
def resume(*, order: Order, by: Actor, at: datetime) -> Order:
    """Go on where it stood; the deadline moves by the net time of the pause."""
    order, move = beats.take("resume", order, by, at)
    return beats.settle(order, move, by=by, at=at)


@transaction.atomic
def take_up(*, order: Order, by: Person, at: datetime) -> Order:
    """Off the ledger: it can be solved now."""
    order, move = beats.take("take_up", order, by, at)
    claiming.let_go(order, "take_up", at)
    order.owner, order.holder = by, None
    return beats.settle(order, move, by=by, at=at)


@transaction.atomic
def extend(*, order: Order, reason: str, until: datetime, by: Person, at: datetime, text: str) -> Order:
    """Move the deadline and tell the asker: once by the community up to half the limit, again only by the street."""
    order, move = beats.take("extend", order, by, at)
    if order.due_at is None or until <= max(order.due_at, at):
        raise BadTerm(_("新的期限要比原来晚，也要在今后。"))
    if order.extensions.filter(at__gte=order.clock_from).exists() and "upper" not in access.roles_of(order, by, at):
        raise BadTerm(_("已经延过一次，再延要街道来定。"))
    latest = latest_extension(order)
    if until > latest:
        raise BadTerm(_("最多延到 %(latest)s。") % {"latest": f"{latest:%m月%d日 %H:%M}"})
    words = saying.say(order, "reason", text, "asker", by=by, at=at)
    Extension.objects.create(order=order, by=by, at=at, reason=reason, old_due_at=order.due_at, new_due_at=until)
    order.due_at, order.reason = until, reason
    if order.climb_at and order.climb_at < until:
        order.climb_at = until  # the lower level has the longer time; on a level above it is the upper's to give
    return beats.settle(order, move, by=by, at=at, reason=reason, due=until.isoformat(), words=words.pk)


def latest_extension(order: Order) -> datetime:
    """The latest deadline one extension may set: half the first limit after the present one."""
    assert order.due_at is not None
    kind, days = clocks.kind_of(order), calendar()
    first = clock.deadline(days, order.clock_from, order.limit_value, clocks.unit_of(order), kind)
    limit = clock.net_minutes(days, order.clock_from, first, kind)
    return clock.add_minutes(days, order.due_at, limit / 2, kind)
