"""Passing on: up the ladder, to an emergency line, to a matter with its own legal clock, or no thank you."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.core.workflow import Move
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import access, clocks
from sandan.orders.access import DESK_OF_LEVEL, DESKS, Actor
from sandan.orders.actions import beats, claiming, giving, ladder, saying
from sandan.orders.models import Order
from sandan.orders.models.ladder import SEVERAL_AREAS, TOP_LEVEL, UP_REASONS
from sandan.orders.workflow import S
from sandan.people.models import Person, Post, Role
from sandan.people.queries import NoDesk, desk_of
from sandan.places.models import Place

ESCALATION_REASONS = UP_REASONS
EMERGENCY = ("110", "119", "120", "122")
LEGAL = (
    "petition",
    "mediation",
    "market_complaint",
    "labour_arbitration",
    "relief",
    "minimum_allowance",
    "information_request",
)


class NowhereElse(Refused):
    """Neither an emergency line nor a procedure with a legal clock."""


class NoUpper(Refused):
    """There is no level above, or nobody holds its post."""


class NoReason(Refused):
    """A step up says why, by one of five codes."""


class NoSuchArea(Refused):
    """The named area is no other community or street of this county, or the matter is sealed."""


@transaction.atomic
def escalate(
    *, order: Order, reason: str, by: Person | Literal["clock"], at: datetime, text: str = "", areas: Sequence[str] = ()
) -> Order:
    """One step up with a reason code: the grid to its community, a community to its street, a street to the district.

    The level below stays informed and gets the order back by hand_down. `areas` are the codes of the other communities
    or streets that a matter of several areas concerns: their desks see this one order.
    """
    order, move = beats.take("escalate", order, by, at)
    if reason not in UP_REASONS:
        raise NoReason(_("上报要说明原因，请选一个。"))
    level, upper = _next_level(order, by, at)
    named = _named(order, reason, areas)
    words = saying.say(order, "reason", text, "inside", by=by, at=at) if text else None
    former = order.owner_id
    ladder.step(order, "escalate", level, at=at, by=by, reason=reason, to=upper, words=words, areas=named)
    order.owner, order.reason = upper, reason
    claiming.let_go(order, "escalate", at)
    order.holder = order.team = order.unit = order.underway_at = None
    order.areas = sorted({*(order.areas or ()), *named}) or None
    ladder.arrive(order, at)
    settled = beats.settle(
        order, move, by=by, at=at, reason=reason, level=level, former=former, areas=list(named) or None,
        words=words.pk if words else None,
    )  # fmt: skip
    if named:
        tell(order, "concern", persons=_desks_of(named, at), at=at, number=order.full_number)
    return settled


def _next_level(order: Order, by: Actor, at: datetime) -> tuple[int, Person]:
    """From the grid to the desk of the community; from a desk to the nearest level above whose post somebody holds."""
    if order.level >= TOP_LEVEL:
        raise NoUpper(_("已经是区里了，没有更上一级。"))
    if order.level == ladder.GRID and "desk" not in access.roles_of(order, by, at):
        is_there = Post.objects.held(at).over(order.community_id).filter(person=order.owner_id, role__in=DESKS).exists()
        return ladder.COMMUNITY, order.owner if is_there else desk_of(order.community_id, at)
    upper = above(order, at)
    if upper is None:
        raise NoUpper(_("上一级还没有定值班的人，请先打电话。"))
    return upper


def above(order: Order, at: datetime) -> tuple[int, Person] | None:
    """The nearest desk above the community and this level, and who: the holder before a deputy; None for nobody."""
    for level in range(max(order.level, ladder.COMMUNITY) + 1, TOP_LEVEL + 1):
        posts = Post.objects.held(at).over(order.community_id).filter(role=DESK_OF_LEVEL[level], person__is_active=True)
        found = sorted(posts.select_related("person"), key=lambda post: (post.grade == "deputy", post.pk))
        if found:
            return level, found[0].person
    return None


def _named(order: Order, reason: str, areas: Sequence[str]) -> tuple[str, ...]:
    """The other areas it concerns, checked: only for that reason, only in this county, never of a sealed matter."""
    wanted = tuple(dict.fromkeys(areas)) if reason == SEVERAL_AREAS else ()
    if not wanted:
        return ()
    if order.privacy == Category.Privacy.SEALED:
        raise NoSuchArea(_("这件事是密封的，不能给别的社区看。请直接上报。"))
    kinds = (Place.Kind.COMMUNITY, Place.Kind.STREET)
    known = Place.objects.filter(code__in=wanted, code__startswith=order.county, kind__in=kinds)
    if known.count() < len(wanted) or any(order.community_id.startswith(code) for code in wanted):
        raise NoSuchArea(_("请选本区里别的社区或街道。"))
    return wanted


def _desks_of(areas: Sequence[str], at: datetime) -> list[Person]:
    """Who sits at the desks of the named areas: dispatchers of a community, the liaison of a street."""
    roles = (Role.DISPATCHER, Role.LIAISON)
    posts = Post.objects.held(at).filter(scope__in=areas, role__in=roles, person__is_active=True)
    return [post.person for post in posts.select_related("person")]


@transaction.atomic
def hand_down(*, order: Order, reason: str, by: Person, at: datetime, to: Person | None = None) -> Order:
    """Down with means or a word: to the community or, from the district, to a street; from there to the grid's worker.

    Unjudged it goes to the inbox; to the grid it goes as an offer.
    """
    order, move = beats.take("hand_down", order, by, at)
    if order.level <= ladder.COMMUNITY:
        return _back_to_the_grid(order, move, reason, by, at, to)
    desk = to or desk_of(order.community_id, at)
    roles = set(_desk_roles(order, desk, at))
    if not roles:
        raise NoDesk(_("%(name)s不在这个社区值守，交不下去。请换一位。") % {"name": desk.name})
    is_for_street = to is not None and order.level == TOP_LEVEL and roles == {Role.LIAISON}
    level = ladder.STREET if is_for_street else ladder.COMMUNITY
    ladder.step(order, "hand_down", level, at=at, by=by, reason=reason, to=desk)
    order.owner, order.reason = desk, reason
    ladder.arrive(order, at)
    return _judged_or_received(order, move, by=by, at=at, reason=reason, level=level)


def _desk_roles(order: Order, person: Person, at: datetime) -> Iterable[str]:
    posts = Post.objects.held(at).over(order.community_id).filter(person=person, role__in=DESKS)
    return posts.values_list("role", flat=True)


def _back_to_the_grid(
    order: Order, move: Move, reason: str, by: Person, at: datetime, to: Person | None
) -> Order:  # fmt: skip
    """The community answers the grid's step up: offered to its worker again, at first to who stepped up."""
    last = order.steps.filter(verb="escalate", from_level=ladder.GRID).select_related("from_person").last()
    worker = to or (last.from_person if last else None)
    if worker is None or not ladder.is_of_the_grid(order, worker, at):
        raise NoDesk(_("这一片的网格里没有这个人，交不下去。请直接派单。"))
    down = beats.settle(order, move, by=by, at=at, reason=reason, level=2)
    return giving.offer(order=down, to=[worker], by=by, at=at)


def _judged_or_received(order: Order, move: Move, *, by: Person, at: datetime, **facts: Any) -> Order:
    """Where the move leads, or back to the inbox while nobody has judged what it is."""
    if order.category is None:
        return beats.settle(order, move, by=by, at=at, to=S.RECEIVED, clock="accept", **facts)
    return beats.settle(order, move, by=by, at=at, **facts)


@transaction.atomic
def pass_on(*, order: Order, where: str, by: Person, at: datetime, text: str = "") -> Order:
    """Hand over to an emergency line or to a procedure with a legal clock: ours stops, the legal date is shown."""
    order, move = beats.take("pass_on", order, by, at)
    if where not in EMERGENCY + LEGAL:
        raise NowhereElse(_("请选转到哪里：110、119、120、122，或者有法定期限的办法。"))
    words = saying.say(order, "reply", text, "asker", by=by, at=at).pk if text else None
    claiming.let_go(order, "pass_on", at)
    order.handed_to, order.outcome, order.holder = where, "passed", None
    order.answered_at = order.answered_at or at
    if where in LEGAL:
        order.legal_due_on = clock.legal_deadline(calendar(), where, at).at.date()
    legal = order.legal_due_on.isoformat() if order.legal_due_on else None
    return beats.settle(order, move, by=by, at=at, where=where, legal=legal, words=words)


@transaction.atomic
def take_back(*, order: Order, reason: str, by: Person, at: datetime) -> Order:
    """It came back: nobody else does it, so it is ours again."""
    order, move = beats.take("take_back", order, by, at)
    order.owner, order.outcome, order.legal_due_on, order.reason, order.handed_to = by, "", None, reason, ""
    clocks.again(order, at)
    return _judged_or_received(order, move, by=by, at=at, reason=reason)


@transaction.atomic
def refuse(*, order: Order, reason: str, where: str, by: Person, at: datetime) -> Order:
    """Not for us: the asker hears why and where to go instead."""
    order, move = beats.take("refuse", order, by, at)
    words = saying.say(order, "reply", where, "asker", by=by, at=at)
    order.reason, order.outcome = reason, "refused"
    order.answered_at = order.answered_at or at
    return beats.settle(order, move, by=by, at=at, reason=reason, words=words.pk)
