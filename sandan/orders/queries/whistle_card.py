"""The contact card of a grid, from what is true now: work numbers only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from sandan.core.pages import HOTLINE
from sandan.core.sealed import Sealed
from sandan.core.sealed import digest as keyed
from sandan.orders.models import CardIssue
from sandan.people.models import Portrait, Post, Role, scopes_over
from sandan.places import queries as ground
from sandan.places.models import Place, PlaceChange, PlaceQuerySet

HELPER_GRADE = "helper"
GRIDS = (Place.Kind.GRID, Place.Kind.EXCLUSIVE)
MOST_STEPS = 20  # of changes between a printed code and that of today


@dataclass(frozen=True)
class Keeper:
    """Somebody who looks after the grid: name, what they are, the work number (staff's own, never a resident's).

    `pictured_at` is when the picture was given, None where there is none.
    """

    pk: int
    name: str
    role: str
    phone: str
    pictured_at: datetime | None = None


@dataclass(frozen=True)
class Card:
    """The grid, its community, who looks after it and who leads, the community's own number."""

    grid: Place
    community: Place
    keepers: tuple[Keeper, ...]
    issue: CardIssue | None = None

    @property
    def phone(self) -> str:
        """The community's number, else the office's."""
        return self.community.phone or HOTLINE

    @property
    def issued_on(self) -> date | None:
        """The day of the last issue."""
        return timezone.localdate(self.issue.at) if self.issue else None

    @property
    def digest(self) -> bytes:
        """What is printed, as 32 keyed bytes: another number, face or name is another card."""
        keepers = [f"{k.pk} {k.name} {k.role} {k.phone} {k.pictured_at}" for k in self.keepers]
        return keyed("\n".join((self.grid.code, self.grid.name, self.community.name, self.phone, *keepers)), "card")

    @property
    def state(self) -> str:
        """new: never printed; old: what hangs in the stairwell is not true any more; good."""
        if self.issue is None:
            return "new"
        return "good" if bytes(self.issue.digest) == self.digest else "old"


def card_of(code: str, at: datetime) -> Card | None:
    """The card of a grid, or None for what is no grid of today; five statements."""
    return next(iter(cards(Place.objects.filter(pk=code), at)), None)


def cards_within(code: str, at: datetime) -> list[Card]:
    """The cards of all grids in an area, by code; five statements whatever their number."""
    return cards(Place.objects.filter(code__startswith=code), at)


def cards_among(codes: Collection[str], at: datetime) -> list[Card]:
    """The cards of these grids, those that are still there."""
    return cards(Place.objects.filter(code__in=codes), at)


def cards(places: PlaceQuerySet, at: datetime) -> list[Card]:
    """The cards of the current grids among these places, with their last issue."""
    grids = list(places.current().filter(kind__in=GRIDS).defer("outline").order_by("code"))
    towns = Place.objects.defer("outline").in_bulk({grid.code[:12] for grid in grids})
    posts = _posts([grid.code for grid in grids], at)
    people = {post.person_id for held in posts.values() for post in held}
    pictured = dict(Portrait.objects.filter(person__in=people).values_list("person", "at"))
    issues = last_issues([grid.code for grid in grids])
    return [
        Card(grid, towns[grid.code[:12]], _keepers(grid.code, posts, pictured), issues.get(grid.code))
        for grid in grids if grid.code[:12] in towns
    ]  # fmt: skip


def _posts(codes: Sequence[str], at: datetime) -> dict[str, list[Post]]:
    """The posts on the ground over these grids, by their scope."""
    around = {scope for code in codes for scope in scopes_over(code)}
    held = Post.objects.held(at).filter(
        scope__in=around, role__in=(Role.GRID_WORKER, Role.GRID_LEADER), person__is_active=True
    )
    found: dict[str, list[Post]] = {}
    for post in held.select_related("person"):
        if post.grade != HELPER_GRADE and not post.person.has_ended(at):
            found.setdefault(post.scope, []).append(post)
    return found


def _keepers(code: str, posts: dict[str, list[Post]], pictured: dict[int, datetime]) -> tuple[Keeper, ...]:
    """Who looks after it, the nearest and full-time first, then who leads; without a leader a second one."""
    own = [post for scope in scopes_over(code) for post in posts.get(scope, ())]
    own.sort(key=lambda post: (post.grade == "part", -len(post.scope), post.pk))
    workers = [post for post in own if post.role == Role.GRID_WORKER]
    leaders = [post for post in own if post.role == Role.GRID_LEADER]
    shown = {post.person_id: post for post in [*workers[:1], *leaders[:1], *workers[1:], *leaders[1:]]}
    return tuple(_keeper(post, pictured.get(post.person_id)) for post in list(shown.values())[:2])


def _keeper(post: Post, pictured_at: datetime | None) -> Keeper:
    """The work number is printed on every card of the grid: opening it here is its purpose, no look at a person."""
    box = post.person.phone
    phone = box.open_unlogged() if isinstance(box, Sealed) else ""
    return Keeper(post.person_id, post.person.name, post.role, phone, pictured_at)


def last_issues(codes: Collection[str]) -> dict[str, CardIssue]:
    """The last issue of each grid's card."""
    rows = CardIssue.objects.filter(grid__in=codes).order_by("grid", "-pk").distinct("grid")
    return {row.grid: row for row in rows}


def portrait_on(card: Card, nth: int) -> Portrait | None:
    """The picture of the nth keeper of a card, from 1 on."""
    if not 1 <= nth <= len(card.keepers):
        return None
    return Portrait.objects.filter(person=card.keepers[nth - 1].pk).first()


def successors(code: str) -> tuple[str, ...]:
    """The grids of today in place of one that was printed on a card: itself, another, several after a split, none."""
    ahead, seen, there = {ground.present_code(code)}, set[str](), set[str]()
    for _ in range(MOST_STEPS):
        there |= {one for one in ahead if _is_there(one)}
        gone = ahead - there - seen
        if not gone:
            break
        seen |= gone
        changes = PlaceChange.objects.filter(old_codes__overlap=sorted(gone))
        new = {one for change in changes for one in change.new_codes if len(one) == 15} - seen
        near = {one for one in new if one[:12] in {other[:12] for other in gone}}
        ahead = near or new
    return tuple(sorted(there))


def _is_there(code: str) -> bool:
    return Place.objects.filter(pk=code, kind__in=GRIDS, valid_to=None).exists()


def is_grid_of(code: str, community: str) -> bool:
    """Whether this is a grid of that community today."""
    return len(code) == 15 and len(community) == 12 and code.startswith(community) and _is_there(code)
