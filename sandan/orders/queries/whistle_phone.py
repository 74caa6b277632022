"""Reads for a phone call that a grid worker takes: where he stands, and whom he knows by consent."""

import re
from dataclasses import dataclass
from datetime import datetime

from sandan.core.sealed import digest
from sandan.orders.models import Order, Ring
from sandan.people.access import posts_of
from sandan.people.models import Person, Role
from sandan.places.models import Place

TAIL = 4
MOST = 5
PICKERS = (Role.GRID_WORKER, Role.GRID_LEADER, Role.DISPATCHER)


@dataclass(frozen=True)
class Stand:
    """Where somebody takes calls: the community, and the grid where the post names one."""

    community: Place
    grid: str

    @property
    def scope(self) -> str:
        """The grid, or the community of a leader: calls are known within it and nowhere else."""
        return self.grid or self.community.code


def stand_of(person: Person, at: datetime) -> Stand | None:
    """The smallest ground of somebody's posts on the ground; None for who takes no calls."""
    posts = [post for post in posts_of(person, at) if post.role in PICKERS and len(post.scope) >= 12]
    if not posts:
        return None
    scope = max(posts, key=lambda post: (len(post.scope), -(post.pk or 0))).scope
    community = Place.objects.defer("outline").filter(pk=scope[:12]).first()
    return Stand(community, scope[:15] if len(scope) >= 15 else "") if community else None


def number_digest(number: str) -> bytes:
    """What finds a caller again by his whole number; of another kind than an asker's, so the two never meet."""
    return digest(number, "ring")


def tail_digest(scope: str, tail: str) -> bytes:
    """What finds callers by the last four digits, in one grid alone."""
    return digest(f"{scope} {tail}", "ring tail")


def is_tail(text: str) -> bool:
    """Whether it is four digits and nothing else."""
    return re.fullmatch(rf"[0-9]{{{TAIL}}}", text) is not None


def known(scope: str, tail: str, at: datetime) -> list[Ring]:
    """Callers of this ground who agreed to be known, by the exact last four digits; the last call of each.

    No list of people: without four digits there is nothing.
    """
    if not is_tail(tail):
        return []
    kept = Ring.objects.filter(scope=scope, tail_digest=tail_digest(scope, tail), keep_until__gt=at)
    latest: dict[bytes, Ring] = {}
    for ring in kept.order_by("-at", "-pk"):
        latest.setdefault(bytes(ring.digest or b""), ring)
    return list(latest.values())[:MOST]


def rings_of(person: Person) -> list[Ring]:
    """The last calls this person took, with the orders they opened."""
    rows = Ring.objects.filter(person=person, order__isnull=False).select_related("order__community")
    return list(rows.defer("number", "name").order_by("-at", "-pk")[:MOST])


def may_complete(order: Order, person: Person) -> bool:
    """Who took the call adds what was said later, until the desk has judged."""
    return order.placed_by_id == person.pk and order.state == "received"
