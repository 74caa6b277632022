"""What the clock does when the time on a level is up: it steps up where the rule says so, else it proposes to."""

from datetime import datetime

from sandan.core import journal
from sandan.notices.actions import tell
from sandan.orders.actions import ladder, passing
from sandan.orders.models import Order, Paging
from sandan.orders.models.ladder import OVER_TIME, TOP_LEVEL
from sandan.orders.models.order import Urgency
from sandan.orders.workflow import S

# The clock takes no order out of the hands of somebody who serves it, nor out of an open window or offer.
LYING = (S.RECEIVED, S.JUDGED, S.REOPENED, S.ESCALATED)


def look(order: Order, at: datetime) -> bool:
    """Where the time on its level is up: step up (True) or propose it once (False). The order is locked."""
    moment = order.climb_at or order.due_at
    if order.level >= TOP_LEVEL or order.stopped_at or moment is None or moment > at:
        return False
    if ladder.allowed(order).is_step and order.state in LYING and not _is_answered(order):
        try:
            passing.escalate(order=order, reason=OVER_TIME, by="clock", at=at)
        except passing.NoUpper:
            _propose(order, at)
            return False
        return True
    _propose(order, at)
    return False


def _is_answered(order: Order) -> bool:
    """Somebody on duty has said that he deals with it: then the level above is told, not burdened."""
    searches = Paging.objects.filter(order=order).order_by("-pk")  # of an order done again the last one counts
    return order.urgency == Urgency.BURST and searches.values_list("answered_by", flat=True).first() is not None


def _propose(order: Order, at: datetime) -> None:
    """Say once for each stay on a level that it should go up; the lower and the upper level hear."""
    last = order.steps.order_by("-pk").values_list("verb", flat=True).first()
    if last == "propose":
        return
    ladder.step(order, "propose", order.level + 1, at=at, by="clock", reason=OVER_TIME)
    upper = passing.above(order, at)
    persons = [order.owner] + ([order.holder] if order.holder else []) + ([upper[1]] if upper else [])
    tell(order, "propose_up", persons=persons, at=at, number=order.full_number)
    journal.write(order, "propose_up", by="clock", at=at, scope=order.community_id, level=order.level)
