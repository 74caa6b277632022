"""Who stands how to an order, and the only way to get one that a user named."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from sandan.core import journal
from sandan.core.sealed import digest
from sandan.intake.models import Category
from sandan.orders.models import Asker, Call, Consent, OldNumber, Order, Sending, Share
from sandan.orders.models import partner as partners
from sandan.orders.models import whistle as whistles
from sandan.orders.queries import joint, partner, sql_order, whistle
from sandan.orders.queries.ladder_across import is_concerned, is_in_charge, paged
from sandan.orders.queries.member_hall import offered_to
from sandan.orders.workflow import HELD, S
from sandan.people.access import posts_of
from sandan.people.models import HELPING, Person, Post, Role

Actor = Person | Asker | Literal["clock"]

DESK_OF_LEVEL = {1: Role.DISPATCHER, 2: Role.DISPATCHER, 3: Role.LIAISON, 4: Role.DISTRICT}
DESKS = set(DESK_OF_LEVEL.values())
UPPER = {Role.LIAISON, Role.DISTRICT}
ON_THE_GROUND = {Role.GRID_WORKER, Role.GRID_LEADER}
HALL_MEMORY = timedelta(hours=2)  # how long who came too late is told so instead of nothing
NUMBER = re.compile(r"(\d{12})-(\d{4})-(\d{2})(\d{2})-(\d{3,})")


def posts_at(person: Person, at: datetime) -> tuple[Post, ...]:
    """The posts somebody holds now; read once for each Person object."""
    return posts_of(person, at)


def _role_over(order: Order, post: Post) -> set[str]:
    """What one post makes its holder to the order."""
    roles: set[str] = set()
    if post.role in HELPING and order.state == S.OPEN and _may_be_grabbed(order) and post.scope[:6] == order.county:
        roles.add("fitting")
    if post.role == Role.UNIT_CLERK and order.charge_id and post.unit_id == order.charge_id:
        return roles | {"desk", "seer"}  # an organisation dispatches what it took in itself
    if is_concerned(order, post) or is_in_charge(order, post):
        roles.add("seer")
    if not any(ground.startswith(post.scope) for ground in grounds(order)):
        return roles
    # The owner answers for it even where his post is of another level: a community without a dispatcher of its own.
    if post.role == DESK_OF_LEVEL[order.level] or (post.role in DESKS and order.owner_id == post.person_id):
        roles.add("desk")
    if post.role in UPPER:
        roles |= {"upper", "seer"}
    if post.role == Role.DISPATCHER or post.role in ON_THE_GROUND:
        roles.add("seer")
    return roles


def grounds(order: Order) -> tuple[str, str]:
    """The finest code of its ground, and the exclusive grid it lies in as well."""
    return order.micro or order.grid or order.community_id, order.exclusive


def _may_be_grabbed(order: Order) -> bool:
    return order.category is not None and order.category.may_be_grabbed and order.privacy != Category.Privacy.SEALED


def is_offered(order: Order, person: Person, at: datetime | None = None) -> bool:
    """Whether they are asked now, by the live offer (also to their team, a unit they act for) or the live round."""
    if order.state == S.OFFERED and order.next_step == "round_over":
        return Consent.objects.filter(person=person, round=order.rounds.order_by("-pk").values("pk")[:1]).exists()
    mine = offered_to(person, at or timezone.now())
    return order.state == S.OFFERED and order.offers.filter(mine, state="sent").exists()


def roles_of(order: Order, by: Actor, at: datetime) -> frozenset[str]:
    """How `by` stands to the order now: desk, upper, paged, grid, holder, offered, fitting, reviewer and others."""
    if by == "clock":
        return frozenset({"clock"})
    if isinstance(by, Asker):
        return frozenset() if by.order_id != order.pk else frozenset({"asker" if by.is_first else "joined"})
    assert isinstance(by, Person)
    roles = {role for post in posts_at(by, at) for role in _role_over(order, post)} | paged(order, by, posts_at(by, at))
    if order.holder_id == by.pk:
        roles |= {"holder", "seer"} | ({"grid"} if order.level == 1 else set())
    if order.served_by_id == by.pk:
        roles |= {"server", "seer"}
    elif roles & {"desk", "upper"} and by.pk not in (order.helped_by or ()):
        roles.add("reviewer")
    if is_offered(order, by, at):
        roles |= {"offered", "seer"}
    return frozenset(roles | _beside(order, by, at))


def _beside(order: Order, person: Person, at: datetime) -> set[str]:
    """called: their unit owes a live whistle something; helper: they, their team or unit joined. Neither sees the desk.

    A partner is no role here: what was sent to them is a row of its own, and nothing else of the order is theirs.
    """
    roles: set[str] = set()
    if not order.is_open:
        return roles
    units = whistle.units_of(person, at)
    if units and Call.objects.filter(whistle.live(), whistle__order=order, unit__in=units).exists():
        roles.add("called")
    if order.helped_by is not None and order.shares.filter(joint.of(person, at), state="joined").exists():
        roles.add("helper")
    return roles


def may_whistle(order: Order, person: Person, at: datetime) -> bool:
    """Grid workers and desks over the ground may call departments; of a sealed matter only who answers for it."""
    if order.privacy == Category.Privacy.SEALED:
        return "desk" in roles_of(order, person, at)
    grounds = (order.micro or order.grid or order.community_id, order.exclusive)
    mine = (post for post in posts_at(person, at) if post.role in ON_THE_GROUND | DESKS)
    return any(ground.startswith(post.scope) for post in mine for ground in grounds)


def call_of(person: Person, number: str, at: datetime) -> Call:
    """The latest call to a unit this person acts for, about the order of that number; else the same 404.

    What is over can still be rated for a while (`whistle.MEMORY`); whether the order may be read says `is_live`.
    """
    columns, units = named(number), whistle.units_of(person, at)
    calls = Call.objects.select_related(*whistle.WITH).filter(unit__in=units)
    found = calls.filter(**_of_order("whistle__order", columns)).order_by("-pk").first() if columns and units else None
    if found is None or not (is_called(found) or whistle.still_rated(found, at)):
        raise Http404
    return found


def is_called(call: Call) -> bool:
    """Whether the unit may read the order: its call is live, the whistle not ended, the order open."""
    return call.state in whistles.LIVE and call.whistle.ended_at is None and call.whistle.order.is_open


def share_of(person: Person, number: str, at: datetime) -> Share:
    """This person's part in the open order of that number, asked for or joined; else the same 404."""
    columns = named(number)
    shares = Share.objects.select_related(*joint.WITH).filter(joint.of(person, at), state__in=("asked", "joined"))
    found = (
        shares.filter(order__is_open=True, **_of_order("order", columns)).order_by("-state", "-pk").first()
        if columns
        else None
    )
    if found is None:
        raise Http404
    return found


def sending_of(person: Person, pk: int, at: datetime) -> Sending:
    """What was sent to the partner this person acts for, while it lasts; else the same 404."""
    mine = Sending.objects.filter(partner.live(at), unit__in=partner.units_of(person, at), state__in=partners.LIVE)
    found = mine.select_related(*partner.WITH).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def part_of(person: Person, number: str, at: datetime) -> str:
    """The page for somebody who stands beside the order: "called", "together", or nothing."""
    for name, found in (("together", share_of), ("called", call_of)):
        try:
            found(person, number, at)
        except Http404:
            continue
        return name
    return ""


def _of_order(path: str, columns: dict[str, object]) -> dict[str, object]:
    return {f"{path}__{name}": value for name, value in columns.items()}


def may_help_see_contact(share: Share) -> bool:
    """G3: a helper sees name and number as the holder does, and only who goes there, until it is handed in.

    Of a matter that was sealed after they joined they see nothing more.
    """
    if share.order.privacy == Category.Privacy.SEALED:
        return False
    return share.state == "joined" and share.goes_there and share.order.is_open and share.order.state in HELD


def may_help_see_door(share: Share) -> bool:
    """The door once they are on the way."""
    return may_help_see_contact(share) and share.order.state == S.UNDERWAY


def parse(number: str) -> dict[str, Any] | None:
    """The columns that a full number names, or None when it is not one."""
    match = NUMBER.fullmatch(number)
    if not match:
        return None
    community, year, month, day, serial = match.groups()
    try:
        return {"community_id": community, "on": date(int(year), int(month), int(day)), "serial": int(serial)}
    except ValueError:
        return None


def named(number: str) -> dict[str, object] | None:
    """The order that a full number names, for a filter: of today, else the one that had this number before its area got
    another code; None when it is no number."""
    columns = parse(number)
    if columns is None:
        return None
    old = {"community": columns["community_id"], "on": columns["on"], "serial": columns["serial"]}
    now, then = Order.objects.filter(**columns).values("pk"), OldNumber.objects.filter(**old).values("order")
    return {"pk": Coalesce(Subquery(now), Subquery(then))}


def order_of(person: Person, number: str, at: datetime) -> Order:
    """The order of that full number if this person may see it; the same 404 whether it is absent or not theirs."""
    order = _numbered(number)
    if order is None or not roles_of(order, person, at) & {"seer", "fitting", "desk", "upper"}:
        raise Http404
    return order


def _numbered(number: str) -> Order | None:
    columns = parse(number)
    return sql_order.numbered(columns["community_id"], columns["on"], columns["serial"]) if columns else None


def taking(person: Person, number: str, at: datetime) -> tuple[Order, frozenset[str]]:
    """An order that this person may take, has in hand or served, and their roles; otherwise the 404 of `order_of`.

    Without a role among fitting, offered, holder and server it is one that they could have taken until just now.
    """
    order = _numbered(number)
    roles = roles_of(order, person, at) if order else frozenset()
    if order is None or not (roles & {"fitting", "offered", "holder", "server"} or _came_late(order, person, at)):
        raise Http404
    return order, roles


def _came_late(order: Order, person: Person, at: datetime) -> bool:
    """Whether it left the hall lately, or an offer to this person ended lately."""
    since = at - HALL_MEMORY
    mine = offered_to(person, at)
    if order.offers.filter(mine, answered_at__gte=since).exclude(state__in=("sent", "spare")).exists():
        return True
    helps = any(post.role in HELPING and post.scope[:6] == order.county for post in posts_at(person, at))
    was_open = journal.lines_of(order).filter(at__gte=since, facts__before=S.OPEN)
    return helps and _may_be_grabbed(order) and was_open.exists()


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


def may_see_door(roles: frozenset[str], order: Order) -> bool:
    """G3: who serves sees the door from setting out on; until then the building is enough."""
    return may_see_contact(roles, order) and (order.state == S.UNDERWAY or bool(roles & {"desk", "reviewer"}))


def asked(asker_ids: Sequence[int], number: str) -> Asker:
    """The place among the askers of that order which a visitor's session was granted; otherwise the same 404.

    What is left of a half-solved order opens with the grant of the order it was born from.
    """
    columns = named(number)
    order = Order.objects.filter(**columns).only("pk", "parent_id").first() if columns and asker_ids else None
    if order is None:
        raise Http404
    granted = Asker.objects.filter(pk__in=asker_ids)
    secrets = granted.filter(order_id=order.parent_id or 0).values("secret_digest")
    asker = order.askers.filter(Q(pk__in=asker_ids) | Q(secret_digest__in=secrets)).order_by("-is_first").first()
    if asker is None:
        raise Http404
    return asker
