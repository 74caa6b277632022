"""Reads of the duty lists: who is on duty, who is paged in which turn, where nobody is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc import rota
from sandan.orders.models import Duty, Order, Page
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

RECENT = 30  # pages of one person that a late press may still mean
NUMBER = re.compile(r"\d{12}-\d{4}-\d{4}-\d{3,}")
DAYS_AHEAD = 7  # how far the list must be filled
SERVES = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT, Role.GRID_WORKER, Role.GRID_LEADER)
DESK_OF_LENGTH = {12: Role.DISPATCHER, 9: Role.LIAISON, 6: Role.DISTRICT}


@dataclass(frozen=True)
class Turn:
    """Who is paged together: through a duty of this scope and rank, or (rank None) as owner or desk of it."""

    scope: str
    rank: int | None
    persons: tuple[Person, ...]


def turns(order: Order, at: datetime) -> list[Turn]:
    """The community, then the street, then the district: who is on duty one by one, else whose desk it is. Two reads.

    Nobody on duty in the community: its owner, then all dispatchers together.
    """
    scopes = (order.community_id, order.street, order.county)
    listed: dict[str, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.on(at).filter(scope__in=scopes, person__is_active=True).select_related("person"):
        listed[duty.scope].append(duty)
    desks = _desks(order, at)
    found = []
    for scope in scopes:
        if listed[scope]:
            found += [Turn(scope, duty.rank, (duty.person,)) for duty in listed[scope]]
        else:
            found += _without_a_list(order, scope, desks)
    return found


def _desks(order: Order, at: datetime) -> dict[str, list[Person]]:
    posts = (
        Post.objects.held(at).over(order.community_id).filter(role__in=DESK_OF_LENGTH.values(), person__is_active=True)
    )
    by_role: dict[str, list[Person]] = defaultdict(list)
    for post in sorted(posts.select_related("person"), key=lambda post: (post.grade == "deputy", post.pk)):
        by_role[post.role].append(post.person)
    return by_role


def _without_a_list(order: Order, scope: str, desks: dict[str, list[Person]]) -> list[Turn]:
    persons = tuple(desks[DESK_OF_LENGTH[len(scope)]])
    owner = [Turn(scope, None, (order.owner,))] if scope == order.community_id and order.owner.is_active else []
    return owner + ([Turn(scope, None, persons)] if persons else [])


def is_on_duty(order: Order, person: Person, at: datetime) -> bool:
    """Whether somebody is on one of the lists that would be asked for this order."""
    scopes = (order.community_id, order.street, order.county)
    return Duty.objects.on(at).filter(scope__in=scopes, person=person).exists()


def was_paged(person: Person, number: str) -> bool:
    """Whether somebody was ever paged for the order of that full number. One read."""
    if not NUMBER.fullmatch(number):
        return False
    pages = Page.objects.filter(person=person).order_by("-at").select_related("paging__order")[:RECENT]
    return any(page.paging.order.full_number == number for page in pages)


@dataclass(frozen=True)
class Gap:
    """A place without anybody of rank 1 to 9 on duty from one moment to another."""

    scope: str
    name: str
    from_at: datetime
    to_at: datetime


def gaps(at: datetime, *, within: Sequence[str] = (), days: int = DAYS_AHEAD) -> list[Gap]:
    """Where a list that is in use (somebody stood on it in the last month, or will) has holes. Two reads.

    `within` narrows it to these place codes and what lies in them.
    """
    until = at + timedelta(days=days)
    condition = Q()
    for code in within:
        condition |= Q(scope__startswith=code)
    rows = Duty.objects.filter(condition, to_at__gt=at - timedelta(days=30), from_at__lt=until)
    spans: dict[str, list[rota.Span]] = defaultdict(list)
    for scope, start, end in rows.values_list("scope", "from_at", "to_at"):
        spans[scope].append((start, end))
    names = dict(Place.objects.filter(code__in=spans).values_list("code", "name"))
    return [
        Gap(scope, names.get(scope, scope), start, end)
        for scope in sorted(spans)
        for start, end in rota.gaps(spans[scope], at, until)
    ]


def probe() -> tuple[str, str]:
    """For `sandan check`: whether somebody is on duty wherever a list is kept, a week ahead."""
    at = timezone.now()
    if not Duty.objects.filter(to_at__gt=at).exists():
        return "warn", _("没有排值班：突发的单只能叫负责人和派单员，请在「值班」里排上")
    holes = gaps(at)
    if not holes:
        return "ok", _("今后 %(days)d 天都有人值班") % {"days": DAYS_AHEAD}
    first = holes[0]
    facts = {
        "count": len(holes), "name": first.name, "from": f"{timezone.localtime(first.from_at):%m-%d %H:%M}",
        "to": f"{timezone.localtime(first.to_at):%m-%d %H:%M}",
    }  # fmt: skip
    return "warn", _("今后几天有 %(count)d 处没人值班，先是%(name)s %(from)s 到 %(to)s") % facts


def of_day(scopes: Iterable[str], since: datetime, until: datetime) -> list[Duty]:
    """The lines of these lists that touch the time from `since` to `until`, by place, start and rank. One read."""
    rows = Duty.objects.filter(scope__in=list(scopes), to_at__gt=since, from_at__lt=until)
    return list(rows.select_related("person").order_by("scope", "from_at", "rank"))


def candidates(scope: str, at: datetime) -> list[Person]:
    """Who may be put on the list of a place: staff and grid workers in it or over it, by name. One read."""
    around = [scope[:length] for length in (6, 9, 12) if length <= len(scope)]
    posts = Post.objects.held(at).filter(Q(scope__in=around) | Q(scope__startswith=scope), role__in=SERVES)
    return list(Person.objects.filter(is_active=True, pk__in=posts.values("person")).order_by("name_key", "pk"))
