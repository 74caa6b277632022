"""The ladder's rows and times: on which level an order stands, its steps, how long it may stay there.

Level 1 is the grid: a worker or leader whose own post covers the ground has the order in hand or served it. Level 2 is
the community, 3 the street, 4 the district. docs/decisions/0011-ladder.md says it in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.orders import clocks
from sandan.orders.access import ON_THE_GROUND, Actor, grounds, posts_at
from sandan.orders.models import LevelLimit, Order, Step, Words
from sandan.orders.models.ladder import TOP_LEVEL
from sandan.orders.models.order import Urgency
from sandan.orders.queries import lights
from sandan.orders.workflow import ENDED, HELD, STANDING, S
from sandan.people.models import Person

GRID, COMMUNITY, STREET = 1, 2, 3
# The usual time on a level, as a share of the order's own limit, from the arrival there (the community's: from placing)
SHARE = {GRID: 0.5, COMMUNITY: 1.0, STREET: 0.5}
_STAYS = HELD | STANDING | ENDED | {S.SERVED, S.REVIEWED}


@dataclass(frozen=True)
class Allowed:
    """The time on a level in minutes of the order's clock, and whether the clock then steps up by itself."""

    minutes: float
    is_step: bool


def allowed(order: Order) -> Allowed:
    """What the office decided for this item and level, else the usual share; danger steps, the ordinary is proposed."""
    own = own_limit(order)
    if own:
        return Allowed(own.minutes, own.is_step)
    limit = lights.limit_minutes(order.limit_value, order.limit_unit, clocks.kind_of(order))
    return Allowed(SHARE[order.level] * limit, order.urgency > Urgency.ORDINARY)


def own_limit(order: Order) -> LevelLimit | None:
    """The office's own limit of the item on this level; urgent orders keep the urgent limits."""
    if order.category_id is None or order.urgency > Urgency.ORDINARY:
        return None
    return LevelLimit.objects.filter(category=order.category_id, level=order.level).first()


def arrive(order: Order, at: datetime) -> None:
    """Set when the time on the level it has reached is up; on the top there is none."""
    order.climb_at = None
    if order.level >= TOP_LEVEL:
        return
    if order.level == COMMUNITY and not order.step_count:
        own = own_limit(order)
        if own:
            order.climb_at = _after(order, order.clock_from, own.minutes)
        return
    up_at = _after(order, at, allowed(order).minutes)
    is_due_first = order.level == GRID and order.due_at is not None and at < order.due_at < up_at
    order.climb_at = order.due_at if is_due_first else up_at


def _after(order: Order, since: datetime, minutes: float) -> datetime:
    return clock.add_minutes(calendar(), since, minutes, clocks.kind_of(order))


def step(
    order: Order, verb: str, to_level: int, *, at: datetime, by: Actor, reason: str = "", to: Person | None = None,
    words: Words | None = None, areas: Sequence[str] = (),
) -> Step:  # fmt: skip
    """Write the step and set the order's level; the caller saves the order. A proposal leaves the level."""
    person = by if isinstance(by, Person) else None
    row = Step.objects.create(
        order=order, verb=verb, from_level=order.level, to_level=to_level, reason=reason, by=person, at=at,
        from_person=_answered(order, person), to_person=to, words=words, areas=list(areas) or None,
    )  # fmt: skip
    if verb == "escalate":
        order.step_count += 1
    if verb != "propose":
        order.level = to_level
    return row


def _answered(order: Order, by: Person | None) -> Person:
    """Who had it on the level it leaves: in the grid whoever served it, else its owner."""
    if order.level == GRID:
        return order.holder or order.served_by or by or order.owner
    return order.owner


def is_of_the_grid(order: Order, person: Person, at: datetime) -> bool:
    """Whether somebody holds a post of the grid over this ground, and takes it himself, for no team and no unit."""
    if order.team_id or order.unit_id:
        return False
    posts = [post for post in posts_at(person, at) if post.role in ON_THE_GROUND]
    return any(ground.startswith(post.scope) for post in posts for ground in grounds(order))


def follow(order: Order, before: str, by: Actor, at: datetime) -> bool:
    """Into the grid when its own worker takes the order, out of it when he no longer has it. Whether it moved."""
    if order.level > COMMUNITY:
        return False
    to_level = order.level if order.state in _STAYS else COMMUNITY
    if order.state == S.TAKEN and before in (S.OPEN, S.OFFERED) and order.holder:
        to_level = GRID if is_of_the_grid(order, order.holder, at) else COMMUNITY
    if to_level == order.level:
        return False
    if to_level == GRID:
        step(order, "take", GRID, at=at, by=by, to=order.holder)
        arrive(order, at)
    else:
        step(order, "back", COMMUNITY, at=at, by=by, reason=order.reason, to=order.owner)
        order.climb_at = None
    return True
