"""Passing on: up the ladder, to an emergency line, to a matter with its own legal clock, or no thank you."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.orders import clocks
from sandan.orders.access import DESK_OF_LEVEL
from sandan.orders.actions import beats, saying
from sandan.orders.models import Order
from sandan.people.models import Person, Post

ESCALATION_REASONS = ("no_right", "no_means", "over_time", "danger", "several_areas")
EMERGENCY = ("110", "119", "120", "122")
LEGAL = (
    "petition",
    "mediation",
    "market_complaint",
    "labour_arbitration",
    "relief",
    "minimum_allowance",
    "information_request",
)
TOP_LEVEL = 4


class NoUpper(Refused):
    """There is no level above, or nobody holds its post."""


@transaction.atomic
def escalate(*, order: Order, reason: str, by: Person, at: datetime, text: str = "") -> Order:
    """One step up with a reason code; the level below stays informed and gets the order back by hand_down."""
    order, move = beats.take("escalate", order, by, at)
    if order.level >= TOP_LEVEL:
        raise NoUpper(_("已经是区里了，没有更上一级。"))
    level = max(order.level, 2) + 1
    words = saying.say(order, "reason", text, "inside", by=by, at=at).pk if text else None
    order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    former, order.owner = order.owner_id, _holder_of_level(order, level, at)
    order.level, order.reason, order.holder = level, reason, None
    return beats.settle(order, move, by=by, at=at, reason=reason, level=level, former=former, words=words)


def _holder_of_level(order: Order, level: int, at: datetime) -> Person:
    role = DESK_OF_LEVEL[level]
    post = (
        Post.objects.held(at).over(order.community_id).filter(role=role).select_related("person").order_by("pk").first()
    )
    if post is None:
        raise NoUpper(_("上一级还没有定值班的人，请先打电话。"))
    return post.person


@transaction.atomic
def hand_down(*, order: Order, reason: str, to: Person, by: Person, at: datetime) -> Order:
    """The upper level gives the order back to the community, with means or a word."""
    order, move = beats.take("hand_down", order, by, at)
    order.level, order.owner, order.reason = 2, to, reason
    if order.category is None:
        raise Refused(_("先研判是什么事，再交回社区。"))
    return beats.settle(order, move, by=by, at=at, reason=reason, level=2)


@transaction.atomic
def pass_on(*, order: Order, where: str, by: Person, at: datetime, text: str = "") -> Order:
    """Hand over to an emergency line or to a procedure with a legal clock: ours stops, the legal date is shown."""
    order, move = beats.take("pass_on", order, by, at)
    words = saying.say(order, "reply", text, "asker", by=by, at=at).pk if text else None
    order.handed_to, order.outcome, order.holder = where, "passed", None
    order.answered_at = order.answered_at or at
    order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    if where in LEGAL:
        order.legal_due_on = clock.legal_deadline(calendar(), where, at).at.date()
    legal = order.legal_due_on.isoformat() if order.legal_due_on else None
    return beats.settle(order, move, by=by, at=at, where=where, legal=legal, words=words)


@transaction.atomic
def take_back(*, order: Order, reason: str, by: Person, at: datetime) -> Order:
    """It came back: nobody else does it, so it is ours again."""
    order, move = beats.take("take_back", order, by, at)
    order.owner, order.outcome, order.legal_due_on, order.reason = by, "", None, reason
    if order.category is None:
        raise Refused(_("先研判是什么事，再接着办。"))
    clocks.again(order, at)
    return beats.settle(order, move, by=by, at=at, reason=reason)


@transaction.atomic
def refuse(*, order: Order, reason: str, where: str, by: Person, at: datetime) -> Order:
    """Not for us: the asker hears why and where to go instead."""
    order, move = beats.take("refuse", order, by, at)
    words = saying.say(order, "reply", where, "asker", by=by, at=at)
    order.reason, order.outcome = reason, "refused"
    order.answered_at = order.answered_at or at
    return beats.settle(order, move, by=by, at=at, reason=reason, words=words.pk)
