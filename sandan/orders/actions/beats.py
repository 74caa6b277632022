"""Take and settle: the first and the last beat of every action on an order."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core import joined, journal
from sandan.core.errors import NotAllowed, Stale
from sandan.core.journal import Fact
from sandan.core.workflow import Move
from sandan.notices.actions import notices
from sandan.notices.models import Notice
from sandan.orders import access, clocks
from sandan.orders.access import Actor
from sandan.orders.actions import ladder
from sandan.orders.models import Asker, Custody, Order, Pause
from sandan.orders.queries import sql_order
from sandan.orders.workflow import ENDED, HELD, MOVES, STANDING, S
from sandan.people.models import Person
from sandan.people.queries import helpers_near

MOST_TOLD = 20  # of an open order, the nearest

WHO = {
    "desk": gettext_lazy("负责这张单的社区"),
    "upper": gettext_lazy("街道或区里"),
    "grid": gettext_lazy("网格里接单的人"),
    "holder": gettext_lazy("接单的人"),
    "offered": gettext_lazy("被派到的人"),
    "fitting": gettext_lazy("附近合适的人"),
    "asker": gettext_lazy("点单的人"),
    "reviewer": gettext_lazy("没经手的人"),
    "clock": gettext_lazy("系统"),
}


def take(verb: str, order: Order, by: Actor, at: datetime, *, as_seen: bool = False) -> tuple[Order, Move]:
    """Lock the order and find the move; refuses with Stale (moved on) or NotAllowed (not this person's move).

    `as_seen` refuses what somebody else has moved since `order` was read, also where the move would still be open.
    """
    locked = lock(order.pk)
    roles = access.roles_of(locked, by, at)
    if as_seen and order.state != locked.state:
        raise Stale(moved_on(locked, verb, by))
    try:
        return locked, MOVES.take(verb, locked.state, roles)
    except Stale as stale:
        raise Stale(moved_on(locked, verb, by)) from stale
    except NotAllowed as refusal:
        move = next(m for m in MOVES.moves if m.verb == verb and locked.state in m.sources)
        raise NotAllowed(
            _("这一步要由%(who)s来办。") % {"who": _("或").join(str(WHO[w]) for w in move.who)}
        ) from refusal


def lock(pk: int) -> Order:
    """Lock the order, then read it with those around it; it remembers how it was read, so that `settle` writes less."""
    order, hand = sql_order.locked(pk)
    order.in_hand = hand
    order.as_locked = _columns(order)
    return order


def _columns(order: Order) -> dict[str, Any]:
    values = ((name, getattr(order, name)) for name in sql_order.ORDER.attnames)
    return {name: list(value) if isinstance(value, list) else value for name, value in values}


def moved_on(order: Order, verb: str, by: Actor) -> str:
    """Why a move is no longer open, in words: who was faster, or where the order stands now."""
    if verb in {"grab", "accept"} and order.holder:
        if order.holder == by:
            return _("这张单已经在您手上了。")
        return _("晚了一步，%(name)s刚接走。") % {"name": order.holder.name}
    return _("这张单已经往前走了，现在是「%(state)s」。请看最新的情况再办。") % {"state": order.info.label}


def settle(
    order: Order,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    to: str | None = None,
    until: datetime | None = None,
    clock: str = "",
    **facts: Fact,
) -> Order:
    """Set the state, wind the clock, hand over custody, save, write the journal, tell the hearers."""
    before = order.state
    at = max(at, order.touched_at)  # who waited for the lock brings an older time; the course never runs backwards
    order.state = to or move.to or order.was
    order.is_open = order.state not in ENDED
    order.ended_at = None if order.is_open else (order.ended_at or at)
    if ladder.follow(order, before, by, at):
        facts["level"] = order.level
    _stop_or_start(order, before, by, at, until)
    clocks.wind(order, clock or move.clock, at, until)
    order.touched_at = at
    if before == S.OFFERED and order.state != S.OFFERED:
        order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    statement = joined.Statement()
    _save(order, statement)
    former = _pass_on(order, move.verb, at, statement)
    actor = "asker" if isinstance(by, Asker) else by
    line = journal.line(
        order, move.verb, by=actor, at=at, scope=order.community_id, before=before, after=order.state, **facts
    )
    statement.insert(line, *_told(order, move, by, at, former))
    statement.run()
    return order


def _save(order: Order, statement: joined.Statement) -> None:
    """Write the columns that have changed since the lock; all of them where nobody looked."""
    now = _columns(order)
    before = order.as_locked or {}
    statement.update(order, [name for name, value in now.items() if name not in before or before[name] != value])
    order.as_locked = now


def _stop_or_start(order: Order, before: str, by: Actor, at: datetime, until: datetime | None) -> None:
    """Standing still stops the finish clock; going on moves the deadline by the time that stood still."""
    if before in STANDING and order.state not in STANDING:
        order.pauses.filter(to_at__isnull=True).update(to_at=at)
        clocks.restart(order, at)
    if order.state not in STANDING:
        return
    if before in STANDING:
        order.pauses.filter(to_at__isnull=True).update(to_at=at)
    else:
        order.was, order.stopped_at = before, at
    person = by if isinstance(by, Person) else order.owner
    Pause.objects.create(
        order=order, kind=order.state, reason=order.reason, by=person, from_at=at,
        until_at=until or clocks.reply_by(at),
    )  # fmt: skip


def custodian(order: Order) -> tuple[Person, str]:
    """Who has the order in hand: the holder while serving (also while that stands still), else the owner."""
    serving = order.state in HELD or (order.state in STANDING and order.was in HELD)
    return (order.holder, "holder") if serving and order.holder else (order.owner, "owner")


def hand_over(order: Order, verb: str, at: datetime) -> Person | None:
    """Close the open custody line and open the next one, in the same instant; an ended order is in nobody's hand.

    Returns who held the order until now, None where it stays in the same hand or its owner had it.
    """
    statement = joined.Statement()
    former = _pass_on(order, verb, at, statement)
    statement.run()
    return former


def _pass_on(order: Order, verb: str, at: datetime, statement: joined.Statement) -> Person | None:
    """As `hand_over`; the next line waits in the statement. The open one is closed before: there is room for one."""
    person, role = custodian(order)
    current = order.in_hand if order.as_locked else order.custody.select_related("person").filter(to_at=None).first()
    if current and order.is_open and current.person_id == person.pk and current.role == role:
        return None
    if current:
        order.custody.filter(pk=current.pk).update(to_at=at)
    order.in_hand = custody_of(order, verb, at) if order.is_open else None
    if order.in_hand:
        statement.insert(order.in_hand)
    return current.person if current and current.role == "holder" else None


def begin_custody(order: Order, verb: str, at: datetime) -> None:
    """Open a custody line for whoever has the order now; for a new order it is the first."""
    custody_of(order, verb, at).save(force_insert=True)


def custody_of(order: Order, verb: str, at: datetime) -> Custody:
    """The row of `begin_custody`, for a caller who writes it with other rows."""
    person, role = custodian(order)
    return Custody(order=order, person=person, role=role, verb=verb, from_at=at)


def _told(order: Order, move: Move, by: Actor, at: datetime, former: Person | None) -> list[Notice]:
    persons: list[Person] = []
    for hearer in move.hearers:
        persons += HEARERS[hearer](order, at)
    if "holder" in move.hearers and former:
        persons.append(former)
    if (order.level > 2 or order.step_count) and move.hearers:
        persons += _below(order)
    asker_ids = asker_ids_of(order) if "asker" in move.hearers else ()
    others = [person for person in persons if person != by]
    return notices(order, move.verb, persons=others, asker_ids=asker_ids, at=at, number=order.full_number)


def offered(order: Order, at: datetime) -> list[Person]:
    """Whom the live offer is for: one person, a team's leader, or all who act for a unit."""
    live = order.offers.filter(state="sent").select_related("person", "team__leader", "unit").first()
    if live is None:
        return []
    if live.person:
        return [live.person]
    if live.team:
        return [live.team.leader]
    return [post.person for post in live.unit.posts.held(at).select_related("person")] if live.unit else []


def _fitting(order: Order, at: datetime) -> list[Person]:
    """The nearest helpers with the skill who go as far as that."""
    if order.lon is None or order.lat is None or order.category is None:
        return []
    near = helpers_near(order.lon, order.lat, order.category.skills, MOST_TOLD, at, county=order.county)
    return [helper.person for helper in near if helper.is_in_reach]


def _below(order: Order) -> list[Person]:
    """The levels below, who had the order before it went up, stay informed."""
    ups = order.steps.filter(verb="escalate", from_level__lt=order.level).select_related("from_person")
    persons = [step.from_person for step in ups if step.from_person_id != order.owner_id]
    if order.level > 2:
        lines = order.custody.filter(role="owner").exclude(person=order.owner_id).select_related("person")
        persons += [line.person for line in lines]
    return persons


HEARERS: dict[str, Callable[[Order, datetime], list[Person]]] = {
    "owner": lambda order, _at: [order.owner],
    "upper": lambda order, _at: [order.owner],  # after a step up the upper level is the owner
    "holder": lambda order, _at: [order.holder] if order.holder else [],
    "server": lambda order, _at: [order.served_by] if order.served_by else [],
    "offered": offered,
    "fitting": _fitting,
    "asker": lambda _order, _at: [],  # askers are no persons of ours: see asker_ids_of
}


def asker_ids_of(order: Order) -> Iterable[int]:
    """Everyone who asked for this, and for the orders merged into it: all of them get the answer."""
    return Asker.objects.filter(order__in=[order.pk, *order.merged.values_list("pk", flat=True)]).values_list(
        "pk", flat=True
    )
