"""Who stands how to an order, and the only way to get one that a user named."""

import re
from datetime import date, datetime
from typing import Literal

from django.db.models import Q
from django.http import Http404

from sandan.core.sealed import digest
from sandan.intake.models import Category
from sandan.orders.models import Asker, Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Post, Role

Actor = Person | Asker | Literal["clock"]

DESK_OF_LEVEL = {1: Role.DISPATCHER, 2: Role.DISPATCHER, 3: Role.LIAISON, 4: Role.DISTRICT}
UPPER = {Role.LIAISON, Role.DISTRICT}
HELPERS = {Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER}
ON_THE_GROUND = {Role.GRID_WORKER, Role.GRID_LEADER}
NUMBER = re.compile(r"(\d{12})-(\d{4})-(\d{2})(\d{2})-(\d{3,})")


def posts_at(person: Person, at: datetime) -> list[Post]:
    """The posts somebody holds now; read once for each Person object."""
    cached: list[Post] | None = getattr(person, "held_posts", None)
    if cached is None:
        cached = list(person.posts.all())
        person.held_posts = cached  # type: ignore[attr-defined]
    return [post for post in cached if post.from_at <= at and (post.to_at is None or post.to_at > at)]


def _role_over(order: Order, post: Post) -> set[str]:
    """What one post makes its holder to the order."""
    roles: set[str] = set()
    if post.role in HELPERS and order.state == S.OPEN and _may_be_grabbed(order) and post.scope[:6] == order.county:
        roles.add("fitting")
    ground = order.grid or order.community_id
    if not ground.startswith(post.scope):
        return roles
    if post.role == DESK_OF_LEVEL[order.level]:
        roles.add("desk")
    if post.role in UPPER:
        roles |= {"upper", "seer"}
    if post.role == Role.DISPATCHER or post.role in ON_THE_GROUND:
        roles.add("seer")
    return roles


def _may_be_grabbed(order: Order) -> bool:
    return order.category is not None and order.category.grab != Category.Grab.NO


def is_offered(order: Order, person: Person) -> bool:
    """Whether the live offer is for this person, a team of theirs, or a unit they act for."""
    mine = Q(person=person) | Q(team__members=person) | Q(team__leader=person) | Q(unit__posts__person=person)
    return order.state == S.OFFERED and order.offers.filter(mine, state="sent").exists()


def roles_of(order: Order, by: Actor, at: datetime) -> frozenset[str]:
    """How `by` stands to the order now: desk, upper, holder, offered, fitting, reviewer, server, seer, asker, clock."""
    if by == "clock":
        return frozenset({"clock"})
    if isinstance(by, Asker):
        return frozenset() if by.order_id != order.pk else frozenset({"asker" if by.is_first else "joined"})
    assert isinstance(by, Person)
    roles = {role for post in posts_at(by, at) for role in _role_over(order, post)}
    if order.holder_id == by.pk:
        roles |= {"holder", "seer"}
    if order.served_by_id == by.pk:
        roles |= {"server", "seer"}
    elif roles & {"desk", "upper"}:
        roles.add("reviewer")
    if is_offered(order, by):
        roles |= {"offered", "seer"}
    return frozenset(roles)


def parse(number: str) -> dict[str, object] | None:
    """The columns that a full number names, or None when it is not one."""
    match = NUMBER.fullmatch(number)
    if not match:
        return None
    community, year, month, day, serial = match.groups()
    try:
        return {"community_id": community, "on": date(int(year), int(month), int(day)), "serial": int(serial)}
    except ValueError:
        return None


def order_of(person: Person, number: str, at: datetime) -> Order:
    """The order of that full number if this person may see it; the same 404 whether it is absent or not theirs."""
    columns = parse(number)
    related = ("community", "category", "guess", "estate", "owner", "holder", "team", "unit", "served_by", "closed_by")
    order = Order.objects.select_related(*related).filter(**columns).first() if columns else None
    if order is None or not roles_of(order, person, at) & {"seer", "fitting", "desk", "upper"}:
        raise Http404
    return order


def secret_digest(secret: str) -> bytes:
    """What is stored of an asker's secret: a keyed digest; a child of the order opens with the same secret."""
    return digest(re.sub(r"\D", "", secret), "asker secret")


def asker_with_secret(order: Order, secret: str) -> Asker | None:
    """The asker of this order whose secret it is."""
    return order.askers.filter(secret_digest=secret_digest(secret)).first()


def may_see_contact(roles: frozenset[str], order: Order) -> bool:
    """G3: contact is masked until the order is taken, and only for those who serve or answer for it."""
    if order.privacy == Category.Privacy.SEALED:
        return bool(roles & {"holder"}) or ("desk" in roles and order.is_open)
    return order.is_open and bool(roles & {"holder", "desk", "reviewer"})
