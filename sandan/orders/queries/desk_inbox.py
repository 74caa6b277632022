"""What waits at a desk: which orders its posts must judge or give out, and how the list reads."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from sandan.orders.models import Order, OrderQuerySet
from sandan.orders.queries.rows import Row, counted_rows
from sandan.orders.workflow import S
from sandan.people.models import Post, Role, Unit

FIRST_ROWS, MOST_ROWS = 30, 100
WAITING = (S.RECEIVED, S.REOPENED, S.ESCALATED, S.JUDGED)
LEVELS = {Role.DISPATCHER: (1, 2), Role.LIAISON: (3,), Role.DISTRICT: (4,)}
DESKS = (*LEVELS, Role.UNIT_CLERK)
SORTS = ("urgent", "oldest")


def area(code: str) -> Q:
    """Orders of an area; the level's own column answers, so any scope costs the same."""
    column = {6: "county", 9: "street", 12: "community_id", 15: "grid", 17: "micro"}.get(len(code))
    return Q(**{column: code}) if column else Q(county__startswith=code)


def desk_posts(posts: Iterable[Post]) -> list[Post]:
    """The posts among these that are desks: of an area, or of an organisation."""
    return [post for post in posts if post.role in LEVELS or (post.role == Role.UNIT_CLERK and post.unit_id)]


def charge_of(posts: Iterable[Post]) -> Unit | None:
    """The organisation that takes orders in itself, where these posts are clerks of one and no desk of an area."""
    desks = desk_posts(posts)
    unit_ids = [post.unit_id for post in desks if post.role == Role.UNIT_CLERK and post.unit_id]
    return Unit.objects.get(pk=unit_ids[0]) if unit_ids and len(unit_ids) == len(desks) else None


def waiting(posts: Iterable[Post]) -> OrderQuerySet:
    """Orders that these posts must judge or give out: theirs by place and level, by organisation, or as their owner."""
    wanted = Q(pk__in=())
    for post in desk_posts(posts):
        if post.role == Role.UNIT_CLERK:
            wanted |= Q(charge=post.unit_id)
        else:
            wanted |= area(post.scope) & (Q(level__in=LEVELS[Role(post.role)]) | Q(owner=post.person_id))
    return Order.objects.open().filter(wanted, state__in=WAITING)


def inbox(posts: Iterable[Post], at: datetime, sort: str = "urgent") -> list[Row]:
    """The waiting orders as rows, the most urgent or the oldest first; one statement, a hundred at most."""
    return first_rows(posts, at, sort, MOST_ROWS)[0]


def first_rows(posts: Iterable[Post], at: datetime, sort: str, most: int) -> tuple[list[Row], int]:
    """The first `most` of them, and how many wait, counted to MOST_ROWS; one statement."""
    orders = waiting(posts)
    if sort == "oldest":
        ordered = orders.order_by("placed_at", "pk")
    else:
        far = at + timedelta(days=3650)
        ordered = orders.order_by("-urgency", Coalesce("due_at", far), "pk")
    return counted_rows(ordered[:MOST_ROWS], at, most)


def longest_wait(posts: Iterable[Post], at: datetime) -> float | None:
    """Minutes since the oldest waiting order was placed; None where nothing waits."""
    first = waiting(posts).order_by("placed_at").values_list("placed_at", flat=True).first()
    return (at - first).total_seconds() / 60 if first else None
