"""One order seen up and across by duty, not copied: who sees it beside the desks of its own ground (R118, G2)."""

from sandan.intake.models import Category, Route
from sandan.orders.models import Order, Page, Paging
from sandan.orders.models.order import Urgency
from sandan.people.models import Person, Post, Role, Unit

DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
STREET = 3
WAITING = ("sent", "missed")


def is_concerned(order: Order, post: Post) -> bool:
    """A desk over an area that the step up named (several areas); never of a sealed matter. No statement."""
    if not order.areas or post.role not in DESKS or order.privacy == Category.Privacy.SEALED:
        return False
    return any(area.startswith(post.scope) for area in order.areas)


def is_in_charge(order: Order, post: Post) -> bool:
    """A clerk of the department to which the matter is routed there, once it went up to the street or further."""
    if post.role != Role.UNIT_CLERK or post.unit_id is None or order.level < STREET or order.category_id is None:
        return False
    if order.privacy == Category.Privacy.SEALED or not order.is_open:
        return False
    around = [order.community_id[:length] for length in (6, 9, 12)]
    routes = Route.objects.filter(category=order.category_id, scope__in=around).order_by("-scope")
    nearest = routes.values_list("unit_id", "unit__kind").first()
    return nearest == (post.unit_id, Unit.Kind.DEPARTMENT.value)


def paged(order: Order, person: Person, posts: tuple[Post, ...]) -> set[str]:
    """What being paged makes of somebody while it burns: they see the order; with a desk of the duty they act on it."""
    if order.urgency != Urgency.BURST or not order.is_open:
        return set()
    page = Page.objects.filter(paging__order=order, person=person).order_by("-pk").values_list("state", "scope").first()
    if page is None or page[0] not in (*WAITING, "answered"):
        return set()
    if page[0] in WAITING:
        is_on = Paging.objects.filter(order=order, ended_at=None).exists()
        return {"paged", "seer"} if is_on else set()
    has_desk = any(post.role in DESKS and post.scope.startswith(page[1]) for post in posts)
    return {"seer", "desk"} if has_desk else {"seer"}
