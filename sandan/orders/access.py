"""Who stands how to an order, and the only way to get one that a user named."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from sandan.core import journal
from sandan.core.sealed import digest
from sandan.intake.models import Category
from sandan.orders import rights
from sandan.orders.models import Asker, Call, Offer, OldNumber, Order, Sending, Share
from sandan.orders.models import partner as partners
from sandan.orders.models import whistle as whistles
from sandan.orders.models.order import Urgency
from sandan.orders.queries import joint, partner, sql_order, whistle
from sandan.orders.queries.ladder_across import is_in_charge, paged
from sandan.orders.queries.member_hall import offered_to
from sandan.orders.queries.standing import Beside, beside
from sandan.orders.workflow import S
from sandan.people.access import posts_of
from sandan.people.models import HELPING, Person, Post, Role

Actor = Person | Asker | Literal["clock"]

DESK_OF_LEVEL = {1: Role.DISPATCHER, 2: Role.DISPATCHER, 3: Role.LIAISON, 4: Role.DISTRICT}
DESKS = set(DESK_OF_LEVEL.values())
ON_THE_GROUND = {Role.GRID_WORKER, Role.GRID_LEADER}
SEES = {"seer", "fitting", "desk", "upper"}  # who may open an order at all
HALL_MEMORY = timedelta(hours=2)  # how long who came too late is told so instead of nothing
NUMBER = re.compile(r"(\d{12})-(\d{4})-(\d{2})(\d{2})-(\d{3,})")


def posts_at(person: Person, at: datetime) -> tuple[Post, ...]:
    """The posts somebody holds now; read once for each Person object."""
    return posts_of(person, at)


def _role_over(order: Order, post: Post) -> set[str]:
    """What one post makes its holder to the order: the table `rights.POSTS` says it."""
    where = {name for name, lies in _lies(order, post).items() if lies}
    return rights.stands(post.role, where, order.level, order.state, order.privacy) if where else set()


def _lies(order: Order, post: Post) -> dict[str, bool]:
    """How the post's place or unit lies to the order."""
    on_ground = any(ground.startswith(post.scope) for ground in grounds(order))
    return {
        "ground": on_ground, "owner": on_ground and order.owner_id == post.person_id,
        "area": any(area.startswith(post.scope) for area in order.areas or ()),
        "county": post.scope[:6] == order.county and _may_be_grabbed(order),
        "charge": bool(order.charge_id) and post.unit_id == order.charge_id,
    }  # fmt: skip


def grounds(order: Order) -> tuple[str, str]:
    """The finest code of its ground, and the exclusive grid it lies in as well."""
    return order.micro or order.grid or order.community_id, order.exclusive


def _may_be_grabbed(order: Order) -> bool:
    return order.category is not None and order.category.may_be_grabbed and order.privacy != Category.Privacy.SEALED


def is_offered(order: Order, found: Beside) -> bool:
    """Whether they are asked now, by the live offer (also to their team, a unit they act for) or the live round."""
    if order.state != S.OFFERED:
        return False
    return found.is_asked if order.next_step == "round_over" else found.is_offered


def roles_of(order: Order, by: Actor, at: datetime) -> frozenset[str]:
    """How `by` stands to the order now: desk, upper, paged, grid, holder, offered, fitting, reviewer and others.

    Of an order that they do not see by post or hand it always makes one statement, `beside`: also of `nothing()`.
    """
    if by == "clock":
        return frozenset({"clock"})
    if isinstance(by, Asker):
        return frozenset() if by.order_id != order.pk else frozenset({"asker" if by.is_first else "joined"})
    assert isinstance(by, Person)
    posts = posts_at(by, at)
    roles = {role for post in posts for role in _role_over(order, post)}
    if order.holder_id == by.pk:
        roles |= {"holder", "seer"} | ({"grid"} if order.level == 1 else set())
    if order.served_by_id == by.pk:
        roles |= {"server", "seer"}
    found = Beside() if roles & SEES and not _may_stand_beside(order, posts) else beside(order, by, at)
    roles |= paged(order, found.page, found.is_searched, posts)
    if any(is_in_charge(order, post, found.department) for post in posts):
        roles.add("seer")
    if order.served_by_id != by.pk and roles & {"desk", "upper"} and by.pk not in (order.helped_by or ()):
        roles.add("reviewer")
    if is_offered(order, found):
        roles |= {"offered", "seer"}
    return frozenset(roles | _helping(order, found))


def _may_stand_beside(order: Order, posts: Sequence[Post]) -> bool:
    """Whether more than post and hand may tie them to it: it burns, is offered, has helpers, or calls their unit."""
    burns = order.urgency == Urgency.BURST
    acts_for_a_unit = any(post.role == Role.UNIT_CLERK for post in posts)
    return order.is_open and (burns or order.state == S.OFFERED or order.helped_by is not None or acts_for_a_unit)


def _helping(order: Order, found: Beside) -> set[str]:
    """called: their unit owes a live whistle something; helper: they, their team or unit joined. Neither sees the desk.

    A partner is no role here: what was sent to them is a row of its own, and nothing else of the order is theirs.
    """
    called = {"called"} if order.is_open and found.is_called else set()
    return called | ({"helper"} if order.is_open and order.helped_by is not None and found.is_helper else set())


def may_whistle(order: Order, person: Person, at: datetime) -> bool:
    """Grid workers and desks over the ground may call departments; of a sealed matter only who answers for it."""
    if order.privacy == Category.Privacy.SEALED:
        return "desk" in roles_of(order, person, at)
    mine = (post for post in posts_at(person, at) if post.role in ON_THE_GROUND | DESKS)
    return any(ground.startswith(post.scope) for post in mine for ground in grounds(order))


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


def may_help_see(what: str, share: Share) -> bool:
    """G3: a helper who goes there sees contact and door as the holder does, until it is handed in."""
    goes, order = share.state == "joined" and share.goes_there, share.order
    return goes and rights.sees(what, {"goer"}, order.state, order.privacy)


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
    if not roles_of(order, person, at) & SEES:
        raise Http404
    return order


def nothing() -> Order:
    """An order that nobody placed: what is absent is asked the same questions, so that one 404 costs what all do."""
    return Order(
        pk=0, community_id="", county="", street="", grid="", exclusive="", micro="", state="", is_open=False, level=2,
        urgency=1, privacy=Category.Privacy.SEALED,
    )  # fmt: skip


def _numbered(number: str) -> Order:
    """The order of that full number, else `nothing()`."""
    columns = parse(number)
    found = sql_order.numbered(columns["community_id"], columns["on"], columns["serial"]) if columns else None
    return found or nothing()


def taking(person: Person, number: str, at: datetime) -> tuple[Order, frozenset[str]]:
    """An order that this person may take, has in hand or served, and their roles; otherwise the 404 of `order_of`.

    Without a role among fitting, offered, holder and server it is one that they could have taken until just now.
    """
    order = _numbered(number)
    roles = roles_of(order, person, at)
    if not (roles & {"fitting", "offered", "holder", "server"} or _came_late(order, person, at)):
        raise Http404
    return order, roles


def _came_late(order: Order, person: Person, at: datetime) -> bool:
    """Whether it left the hall lately, or an offer to this person ended lately. The same statements for every order."""
    since = at - HALL_MEMORY
    answered = Offer.objects.filter(offered_to(person, at), order=order.pk, answered_at__gte=since)
    if answered.exclude(state__in=("sent", "spare")).exists():
        return True
    counties = {post.scope[:6] for post in posts_at(person, at) if post.role in HELPING}
    was_open = bool(counties) and journal.lines_of(order).filter(at__gte=since, facts__before=S.OPEN).exists()
    return was_open and order.county in counties and _may_be_grabbed(order)


def secret_digest(secret: str) -> bytes:
    """What is stored of an asker's secret: a keyed digest; a child of the order opens with the same secret."""
    return digest(re.sub(r"\D", "", secret), "asker secret")


def asker_with_secret(order: Order, secret: str) -> Asker | None:
    """The asker of this order whose secret it is."""
    return order.askers.filter(secret_digest=secret_digest(secret)).first()


def may_see_contact(roles: frozenset[str], order: Order) -> bool:
    """G3: contact is masked until the order is taken, and only for those who serve or answer for it."""
    return rights.sees("contact", roles, order.state, order.privacy)


def may_see_door(roles: frozenset[str], order: Order) -> bool:
    """G3: who serves sees the door from setting out on; until then the building is enough."""
    return may_see_contact(roles, order) and rights.sees("door", roles, order.state, order.privacy)


def may_see_photo(roles: frozenset[str], order: Order) -> bool:
    """G5: of a sensitive matter who has not taken it sees no picture; of a sealed one only who serves or answers."""
    return rights.sees("photo", roles, order.state, order.privacy)


def asked(asker_ids: Sequence[int], number: str) -> Asker:
    """The place among the askers of that order which a visitor's session was granted; otherwise the same 404.

    What is left of a half-solved order opens with the grant of the order it was born from.
    """
    columns = named(number)
    order = Order.objects.filter(**columns).only("pk", "parent_id").first() if columns and asker_ids else None
    order = order or nothing()
    granted = Asker.objects.filter(pk__in=asker_ids)
    secrets = granted.filter(order_id=order.parent_id or 0).values("secret_digest")
    mine = Asker.objects.filter(Q(pk__in=asker_ids) | Q(secret_digest__in=secrets), order=order.pk)
    asker = mine.order_by("-is_first").first() if asker_ids else None
    if asker is None:
        raise Http404
    return asker
