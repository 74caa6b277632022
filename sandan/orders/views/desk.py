"""What the desk's views share: whose desk it is, and which orders may be opened there."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from sandan.orders import access
from sandan.orders.models import Order
from sandan.orders.queries import desk_inbox
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.queries.boards_unanswered import rail_counts
from sandan.orders.queries.rows import Row
from sandan.people.access import Request, role_required
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

STAFF = (*desk_inbox.DESKS, Role.GRID_WORKER, Role.GRID_LEADER)
desk_required = role_required(*desk_inbox.DESKS)
staff_required = role_required(*STAFF)
ROLE_NAMES = {
    Role.DISPATCHER.value: gettext_lazy("社区派单员"),
    Role.LIAISON.value: gettext_lazy("街道联络员"),
    Role.DISTRICT.value: gettext_lazy("区级值班"),
    Role.UNIT_CLERK.value: gettext_lazy("单位经办人"),
    Role.GRID_LEADER.value: gettext_lazy("网格长"),
    Role.GRID_WORKER.value: gettext_lazy("网格员"),
}
ANSWERS = frozenset({"desk", "upper", "reviewer"})
SERVES = frozenset({"holder", "offered", "server"})


def order_of(request: Request, number: str, at: datetime) -> tuple[Order, frozenset[str]]:
    """The order and how this person stands to it; 404 also for those who only serve it: they have their own page."""
    order = access.order_of(request.user, number, at)
    roles = access.roles_of(order, request.user, at)
    if not roles & ANSWERS and ("seer" not in roles or roles & SERVES):
        raise Http404
    return order, roles


def posts_of(person: Person, at: datetime) -> list[Post]:
    """The desks this person holds now."""
    return desk_inbox.desk_posts(access.posts_at(person, at))


def staff_posts(person: Person, at: datetime) -> list[Post]:
    """The posts through which this person may see orders of an area."""
    return [post for post in access.posts_at(person, at) if post.role in STAFF]


def home_of(posts: list[Post]) -> tuple[str, Place | None]:
    """The county, and the community where the desk has only one."""
    if not posts:
        raise Http404
    scope = posts[0].scope
    community = Place.objects.filter(pk=scope[:12]).first() if len(scope) >= 12 and len(posts) == 1 else None
    return scope[:6], community


def after(rows: list[Row], number: str) -> tuple[Row | None, Row | None]:
    """The rows before and after the one of that number."""
    index = next((i for i, row in enumerate(rows) if row.full_number == number), None)
    if index is None:
        return None, rows[0] if rows else None
    return (rows[index - 1] if index else None), (rows[index + 1] if index + 1 < len(rows) else None)


def frame(person: Person, at: datetime, waiting: int) -> dict[str, Any]:
    """What the staff's frame shows on every page of the desk."""
    counts: dict[str, int | str] = {"orders:inbox": waiting, **rail_counts(desk_codes(person, at), at)}
    return {"rail_counts": counts, "post_label": post_label(person, at)}


def post_label(person: Person, at: datetime) -> str:
    """The role of the first post in words."""
    posts = access.posts_at(person, at)
    return str(ROLE_NAMES.get(posts[0].role, "")) if posts else ""


def address(name: str, number: str, *more: str) -> str:
    """The address of one of the desk's pages for an order."""
    return reverse(f"orders:{name}", args=[number, *more])
