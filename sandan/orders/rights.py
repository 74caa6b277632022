"""Who sees what of an order, as one table: a post makes somebody stand to it, the standing opens what its state allows.

`access` reads these lines and nothing else; the page 谁能看什么 prints them. What may be *done* stands in `workflow`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandan.intake.models import Category
from sandan.orders.workflow import ENDED, HELD, STATES, S
from sandan.people.models import HELPING, Role

EVERY = frozenset(STATES)
OPEN = EVERY - ENDED
PLAIN = frozenset({Category.Privacy.PUBLIC.value, Category.Privacy.INSIDE.value})
CONTACT, SEALED = frozenset({Category.Privacy.CONTACT.value}), frozenset({Category.Privacy.SEALED.value})
ANY = frozenset(Category.Privacy.values)
DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Gives:
    """One line: a post of these roles makes its holder `stands`, where it lies so to an order of these levels.

    `where`: ground (the post's place is the order's or around it), owner (the same, and the holder answers for it),
    area (a place that the step up named), county, charge (the post's unit took it in itself).
    """

    roles: tuple[str, ...]
    stands: tuple[str, ...]
    where: str
    levels: tuple[int, ...] = LEVELS
    states: frozenset[str] = EVERY
    privacy: frozenset[str] = ANY


POSTS = (
    Gives((Role.GRID_WORKER, Role.GRID_LEADER, Role.DISPATCHER), ("seer",), "ground"),
    Gives((Role.LIAISON, Role.DISTRICT), ("upper", "seer"), "ground"),
    Gives((Role.DISPATCHER,), ("desk",), "ground", levels=(1, 2)),
    Gives((Role.LIAISON,), ("desk",), "ground", levels=(3,)),
    Gives((Role.DISTRICT,), ("desk",), "ground", levels=(4,)),
    Gives(DESKS, ("desk",), "owner"),  # who answers for it, also where the post is of another level
    Gives(DESKS, ("seer",), "area", privacy=ANY - SEALED),
    Gives((Role.UNIT_CLERK,), ("desk", "seer"), "charge"),
    Gives(HELPING, ("fitting",), "county", states=frozenset({S.OPEN}), privacy=ANY - SEALED),
)


@dataclass(frozen=True)
class Sight:
    """One line: who stands so sees this of an order in these states, of these kinds of matter.

    order: that it is there, its words masked, its building; contact: name and phone; door; photo. Contact, door and
    original words open one by one, and each look is written down for the resident. `goer` is a helper who goes there.
    """

    what: str
    stands: tuple[str, ...]
    states: frozenset[str] = OPEN
    privacy: frozenset[str] = ANY


SIGHTS = (
    Sight("order", ("seer", "desk", "upper", "fitting"), EVERY),
    Sight("contact", ("desk", "reviewer"), OPEN, PLAIN | CONTACT),
    Sight("contact", ("desk",), OPEN, SEALED),
    Sight("contact", ("holder",), OPEN),
    Sight("contact", ("goer",), HELD, PLAIN | CONTACT),
    Sight("door", ("desk", "reviewer"), OPEN, PLAIN | CONTACT),
    Sight("door", ("desk",), OPEN, SEALED),
    Sight("door", ("holder",), frozenset({S.UNDERWAY})),
    Sight("door", ("goer",), frozenset({S.UNDERWAY}), PLAIN | CONTACT),
    Sight("photo", ("seer", "desk", "upper", "fitting", "holder", "server", "helper", "called"), EVERY, PLAIN),
    Sight("photo", ("desk", "upper", "reviewer", "holder", "server", "helper"), EVERY, CONTACT),
    Sight("photo", ("desk", "holder"), OPEN, SEALED),
)


def sees(what: str, stands: Collection[str], state: str, privacy: str) -> bool:
    """Whether one of these standings opens that of an order in this state, of this kind of matter."""
    return any(
        line.what == what and state in line.states and privacy in line.privacy and set(line.stands) & set(stands)
        for line in SIGHTS
    )


def stands(role: str, where: Collection[str], level: int, state: str, privacy: str) -> set[str]:
    """How a post of that role makes its holder stand to an order that lies so to it."""
    return {
        standing
        for line in POSTS
        if role in line.roles and line.where in where and level in line.levels
        if state in line.states and privacy in line.privacy
        for standing in line.stands
    }  # fmt: skip
