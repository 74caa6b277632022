"""Reads of joint handling: whose part it is, the shares of an order, and the credit each participant has earned."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sandan.orders.models import Order, Share
from sandan.orders.queries.whistle import callable_units, units_of
from sandan.people.models import Person, Post, Role, Team, Unit
from sandan.people.queries import teams_of

WITH = (
    "order__community", "order__estate", "order__category", "order__owner", "order__holder", "order__served_by",
    "person", "team", "unit", "ask", "work", "dissent", "asked_by", "answered_by", "agreed_by",
)  # fmt: skip
WHOLE = 100
MOST = 60
GRID_STAFF = (Role.GRID_WORKER, Role.GRID_LEADER)


def of(person: Person, at: datetime) -> Q:
    """Shares of this person, of a team of theirs, or of a unit they act for now; no join, so no row twice."""
    teams = Person.teams.through.objects.filter(person=person).values("team_id")
    mine = Q(person=person) | Q(team__in=teams) | Q(team__leader=person)
    units = units_of(person, at)
    return mine | Q(unit__in=units) if units else mine


def shares_of(order: Order) -> list[Share]:
    """All shares of an order in the order of asking; one statement."""
    rows = order.shares.select_related("person", "team", "unit", "work", "dissent", "ask", "answered_by")
    return list(rows.order_by("pk"))


def mine(person: Person, at: datetime) -> list[Share]:
    """What somebody was asked to help with or helps with, what waits for an answer first; one statement."""
    rows = Share.objects.select_related(*WITH).filter(of(person, at), order__is_open=True)
    return list(rows.filter(state__in=("asked", "joined")).order_by("state", "pk"))


def lead_share(shares: Iterable[Share]) -> int:
    """What is left for the lead, in per cent: the shares agreed with others taken from the whole."""
    return WHOLE - sum(share.per_cent or 0 for share in shares if share.state == "joined")


@dataclass(frozen=True)
class Credit:
    """One participant's credit for one order: who, whether the lead, per cent of the work (None: not agreed), minutes.

    Exactly one of person_id, team_id and unit_id is set. `is_disputed` where the helper said no to the share.
    """

    order_id: int
    person_id: int | None
    team_id: int | None
    unit_id: int | None
    is_lead: bool
    per_cent: int | None
    minutes: int | None
    is_disputed: bool = False


def credits(order_ids: Iterable[int]) -> list[Credit]:
    """The credit lines of these orders, the lead of each first; an order done alone is wholly its server's (R061).

    Orders nobody has served have none. Two statements.
    """
    helped: dict[int, list[Share]] = defaultdict(list)
    ids = list(order_ids)
    for share in Share.objects.filter(order__in=ids, state="joined").order_by("pk"):
        helped[share.order_id].append(share)
    served = Order.objects.filter(pk__in=ids, served_by__isnull=False).order_by("pk").values_list("pk", "served_by")
    lines: list[Credit] = []
    for order, person in served:
        lines.append(Credit(order, person, None, None, True, lead_share(helped[order]), None))
        lines += [_credit(share) for share in helped[order]]
    return lines


def _credit(share: Share) -> Credit:
    return Credit(
        share.order_id, share.person_id, share.team_id, share.unit_id, False, share.per_cent, share.minutes,
        share.dissent_id is not None,
    )  # fmt: skip


def candidates(order: Order, at: datetime) -> dict[str, Person | Team | Unit]:
    """Teams, units and people of the grid around the order, by key (t3, u7, p12); members only by their exact name."""
    community = order.community_id
    grid = Post.objects.held(at).filter(role__in=GRID_STAFF, scope__startswith=community, person__is_active=True)
    workers = Person.objects.filter(pk__in=grid.values("person")).order_by("name_key", "pk")[:MOST]
    found: dict[str, Person | Team | Unit] = {f"t{team.pk}": team for team in teams_of(community)[:MOST]}
    found |= {f"u{unit.pk}": unit for unit in callable_units(community, at)[:MOST]}
    return found | {f"p{one.pk}": one for one in workers if one.pk != order.holder_id}


def named(order: Order, name: str, at: datetime) -> list[Person]:
    """Members and grid workers of the order's community with exactly that name, two at most."""
    posts = Post.objects.held(at).filter(role__in=(Role.MEMBER, *GRID_STAFF), scope__startswith=order.community_id)
    people = Person.objects.filter(name=name, is_active=True, pk__in=posts.values("person"))
    return list(people.exclude(pk=order.holder_id or 0).order_by("pk")[:2])
