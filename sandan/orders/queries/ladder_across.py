"""One order seen up and across by duty, not copied: who sees it beside the desks of its own ground (R118, G2)."""

from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.people.models import Post, Role

DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
STREET = 3
WAITING = ("sent", "missed")


def is_in_charge(order: Order, post: Post, charge: int | None) -> bool:
    """A clerk of the department `charge` to which the matter is routed, once it went up to the street or further."""
    if post.role != Role.UNIT_CLERK or post.unit_id is None or order.level < STREET:
        return False
    return order.privacy != Category.Privacy.SEALED and order.is_open and charge == post.unit_id


def paged(order: Order, page: str, is_searched: bool, posts: tuple[Post, ...]) -> set[str]:
    """What being paged makes of somebody while it burns: they see the order; with a desk of the duty they act on it.

    `page` is state and scope of their last paging; no statement.
    """
    if order.urgency != Urgency.BURST or not order.is_open or not page:
        return set()
    state, _, scope = page.partition(" ")
    if state in WAITING:
        return {"paged", "seer"} if is_searched else set()
    if state != "answered":
        return set()
    has_desk = any(post.role in DESKS and post.scope.startswith(scope) for post in posts)
    return {"seer", "desk"} if has_desk else {"seer"}
