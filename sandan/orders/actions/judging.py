"""Judging: what the matter is, how urgent, and who may see it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders import clocks
from sandan.orders.actions import beats, duty_paging, ladder, partner, saying
from sandan.orders.actions.placing import Ground
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries.rows import HIDDEN
from sandan.people.models import Person


class NoRequest(Refused):
    """The category says that this is no request (9901-9903), or that it is one."""


@transaction.atomic
def judge(
    *,
    order: Order,
    category: Category,
    urgency: int,
    by: Person,
    at: datetime,
    ground: Ground | None = None,
    reply: str = "",
) -> Order:
    """Settle category, urgency and place; the judge takes the order over and its finish clock starts."""
    order, move = beats.take("judge", order, by, at, as_seen=True)
    if not category.is_request:
        raise NoRequest(_("「%(name)s」不是诉求，请用「回复归档」。") % {"name": category.name})
    was_burst = order.urgency == Urgency.BURST
    if category.privacy in HIDDEN and order.privacy not in HIDDEN:
        partner.take_back(order, by, at)
    order.category, order.urgency, order.privacy, order.owner = category, urgency, category.privacy, by
    if ground:
        _move_to(order, ground)
    order.judged_at = order.judged_at or at
    clocks.judged(order, category)
    ladder.arrive(order, at)
    words = saying.say(order, "reply", reply, "asker", by=by, at=at).pk if reply else None
    order.answered_at = order.answered_at or at
    settled = beats.settle(
        order, move, by=by, at=at, category=category.code, urgency=urgency, due=_code(order.due_at), words=words
    )
    if was_burst:
        duty_paging.seen(settled, by, at)
    else:
        duty_paging.begin(settled, at, by)
    return settled


def _code(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _move_to(order: Order, ground: Ground) -> None:
    """A better place within the same community; another community gets the order by escalation, not by edit."""
    if ground.community.code != order.community_id:
        raise Refused(_("这个地方在%(name)s，不归本社区。请上报街道转过去。") % {"name": ground.community.name})
    order.grid, order.exclusive, order.micro = ground.grid, ground.exclusive, ground.micro
    order.estate, order.building, order.lon, order.lat = ground.estate, ground.building, ground.lon, ground.lat
    order.confidence = 1.0
    if ground.door:
        order.door = ground.door


@transaction.atomic
def file(*, order: Order, category: Category, by: Person, at: datetime, reply: str = "") -> Order:
    """Thanks, adverts and chat are answered and filed; they are no orders and stand in no rate."""
    order, move = beats.take("file", order, by, at)
    if category.is_request:
        raise NoRequest(_("「%(name)s」是诉求，要当一张单来办。") % {"name": category.name})
    order.category, order.owner = category, by
    words = saying.say(order, "reply", reply, "asker", by=by, at=at).pk if reply else None
    order.answered_at = order.answered_at or at
    return beats.settle(order, move, by=by, at=at, category=category.code, words=words)


@transaction.atomic
def unfile(*, order: Order, by: Person, at: datetime) -> Order:
    """It was a request after all."""
    order, move = beats.take("unfile", order, by, at)
    order.category = None
    clocks.start(order, at)
    settled = beats.settle(order, move, by=by, at=at)
    duty_paging.begin(settled, at, by)
    return settled
