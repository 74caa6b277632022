"""Passing on: up the ladder, to an emergency line, to a matter with its own legal clock, or no thank you."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.core.workflow import Move
from sandan.orders import clocks
from sandan.orders.access import DESK_OF_LEVEL, DESKS
from sandan.orders.actions import beats, saying
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Post
from sandan.people.queries import NoDesk, desk_of

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


class NowhereElse(Refused):
    """Neither an emergency line nor a procedure with a legal clock."""


class NoUpper(Refused):
    """There is no level above, or nobody holds its post."""


@transaction.atomic
def escalate(*, order: Order, reason: str, by: Person, at: datetime, text: str = "") -> Order:
    """One step up with a reason code; the level below stays informed and gets the order back by hand_down."""
    order, move = beats.take("escalate", order, by, at)
    if order.level >= TOP_LEVEL:
        raise NoUpper(_("已经是区里了，没有更上一级。"))
    level, upper = _next_level(order, at)
    words = saying.say(order, "reason", text, "inside", by=by, at=at).pk if text else None
    former, order.owner = order.owner_id, upper
    order.level, order.reason, order.holder = level, reason, None
    return beats.settle(order, move, by=by, at=at, reason=reason, level=level, former=former, words=words)


def _next_level(order: Order, at: datetime) -> tuple[int, Person]:
    """The nearest level above whose post somebody holds, and who: the holder before a deputy."""
    for level in range(max(order.level, 2) + 1, TOP_LEVEL + 1):
        posts = Post.objects.held(at).over(order.community_id).filter(role=DESK_OF_LEVEL[level], person__is_active=True)
        found = sorted(posts.select_related("person"), key=lambda post: (post.grade == "deputy", post.pk))
        if found:
            return level, found[0].person
    raise NoUpper(_("上一级还没有定值班的人，请先打电话。"))


@transaction.atomic
def hand_down(*, order: Order, reason: str, by: Person, at: datetime, to: Person | None = None) -> Order:
    """The upper level gives the order back to the community, with means or a word; unjudged it goes to the inbox."""
    order, move = beats.take("hand_down", order, by, at)
    desk = to or desk_of(order.community_id, at)
    if not Post.objects.held(at).over(order.community_id).filter(person=desk, role__in=DESKS).exists():
        raise NoDesk(_("%(name)s不在这个社区值守，交不下去。请换一位。") % {"name": desk.name})
    order.level, order.owner, order.reason = 2, desk, reason
    return _judged_or_received(order, move, by=by, at=at, reason=reason, level=2)


def _judged_or_received(order: Order, move: Move, *, by: Person, at: datetime, **facts: Any) -> Order:
    """Where the move leads, or back to the inbox while nobody has judged what it is."""
    if order.category is None:
        return beats.settle(order, move, by=by, at=at, to=S.RECEIVED, clock="accept", **facts)
    return beats.settle(order, move, by=by, at=at, **facts)


@transaction.atomic
def pass_on(*, order: Order, where: str, by: Person, at: datetime, text: str = "") -> Order:
    """Hand over to an emergency line or to a procedure with a legal clock: ours stops, the legal date is shown."""
    order, move = beats.take("pass_on", order, by, at)
    if where not in EMERGENCY + LEGAL:
        raise NowhereElse(_("请选转到哪里：110、119、120、122，或者有法定期限的办法。"))
    words = saying.say(order, "reply", text, "asker", by=by, at=at).pk if text else None
    order.handed_to, order.outcome, order.holder = where, "passed", None
    order.answered_at = order.answered_at or at
    if where in LEGAL:
        order.legal_due_on = clock.legal_deadline(calendar(), where, at).at.date()
    legal = order.legal_due_on.isoformat() if order.legal_due_on else None
    return beats.settle(order, move, by=by, at=at, where=where, legal=legal, words=words)


@transaction.atomic
def take_back(*, order: Order, reason: str, by: Person, at: datetime) -> Order:
    """It came back: nobody else does it, so it is ours again."""
    order, move = beats.take("take_back", order, by, at)
    order.owner, order.outcome, order.legal_due_on, order.reason, order.handed_to = by, "", None, reason, ""
    clocks.again(order, at)
    return _judged_or_received(order, move, by=by, at=at, reason=reason)


@transaction.atomic
def refuse(*, order: Order, reason: str, where: str, by: Person, at: datetime) -> Order:
    """Not for us: the asker hears why and where to go instead."""
    order, move = beats.take("refuse", order, by, at)
    words = saying.say(order, "reply", where, "asker", by=by, at=at)
    order.reason, order.outcome = reason, "refused"
    order.answered_at = order.answered_at or at
    return beats.settle(order, move, by=by, at=at, reason=reason, words=words.pk)
