"""The contact card of a grid, from what is true now: work numbers only."""

from dataclasses import dataclass
from datetime import datetime

from sandan.core.sealed import Sealed
from sandan.people.models import Post, Role
from sandan.places.models import Place

MOST = 2  # who looks after it, and who stands in
HELPER_GRADE = "helper"


@dataclass(frozen=True)
class Keeper:
    """Somebody who looks after the grid: name, what they are, the work number (staff's own, never a resident's)."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Card:
    """The grid, its community, who looks after it, the community's own number."""

    grid: Place
    community: Place
    keepers: tuple[Keeper, ...]


def card_of(code: str, at: datetime) -> Card | None:
    """The card of a grid, or None for what is no grid of today; three statements."""
    kinds = (Place.Kind.GRID, Place.Kind.EXCLUSIVE)
    grid = Place.objects.defer("outline").filter(pk=code, kind__in=kinds, valid_to=None).first()
    community = Place.objects.defer("outline").filter(pk=code[:12]).first() if grid else None
    if grid is None or community is None:
        return None
    posts = (
        Post.objects.held(at).over(code).filter(role__in=(Role.GRID_WORKER, Role.GRID_LEADER), person__is_active=True)
    )
    own = [post for post in posts.select_related("person") if post.grade != HELPER_GRADE]
    own.sort(key=lambda post: (post.role != Role.GRID_WORKER, post.grade == "part", -len(post.scope), post.pk))
    return Card(grid, community, tuple(_keeper(post) for post in own[:MOST]))


def _keeper(post: Post) -> Keeper:
    """The work number is printed on every card of the grid: opening it here is its purpose, no look at a person."""
    box = post.person.phone
    return Keeper(post.person.name, post.role, box.open_unlogged() if isinstance(box, Sealed) else "")
