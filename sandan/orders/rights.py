"""Who sees what of an order, as one table: a post makes somebody stand to it, the standing opens what its state allows.

`access` reads these lines and nothing else; the page 谁能看什么 prints them. What may be *done* stands in `workflow`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sandan.core.levels import Levels
from sandan.intake.models import Category
from sandan.orders.workflow import ENDED, HELD, STATES, S
from sandan.people.models import HELPING, Role

EVERY = frozenset(STATES)
OPEN = EVERY - ENDED
PLAIN = frozenset({Category.Privacy.PUBLIC.value, Category.Privacy.INSIDE.value})
CONTACT, SEALED = frozenset({Category.Privacy.CONTACT.value}), frozenset({Category.Privacy.SEALED.value})
ANY = frozenset(Category.Privacy.values)
DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
RUNGS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Gives:
    """One line: a post of these roles makes its holder `stands`, where it lies so to an order of these levels.

    `where`: ground (the post's place is the order's or around it), owner (the same, and the holder answers for it),
    area (a place that the step up named), county, charge (the post's unit took it in itself).
    """

    roles: tuple[str, ...]
    stands: tuple[str, ...]
    where: str
    levels: tuple[int, ...] = RUNGS
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


# the level of every column of this room that holds words or persons
LEVELS: Levels = {
    "orders.CardRun": {"inside": "scope by size"},
    "orders.CardIssue": {"inside": "grid", "sealed": "digest"},
    "orders.Custody": {"inside": "person role verb"},
    "orders.Offer": {"inside": "person state by reason"},
    "orders.Pause": {"inside": "kind reason by"},
    "orders.Extension": {"inside": "by reason"},
    "orders.Review": {"inside": "asker person word"},
    "orders.CallBack": {"inside": "by channel word"},
    "orders.Check": {"inside": "person result"},
    "orders.Duty": {"inside": "scope person by"},
    "orders.Paging": {"inside": "answered_by"},
    "orders.Page": {"inside": "person scope state"},
    "orders.PhoneCode": {"sealed": "phone_digest digest code"},
    "orders.Knock": {"sealed": "source"},
    "orders.GrabRule": {"inside": "county"},
    "orders.Claim": {"inside": "person county how verb"},
    "orders.Round": {"inside": "by lead result"},
    "orders.Consent": {"inside": "person reason"},
    "orders.Share": {"inside": "person state asked_by answered_by reason agreed_by"},
    "orders.Step": {"inside": "verb reason by from_person to_person areas"},
    "orders.LevelLimit": {},
    "orders.Pass": {"inside": "by", "sealed": "code_digest device"},
    "orders.OldNumber": {"inside": "community"},
    "orders.Order": {
        "inside": (
            "street county grid exclusive micro channel masked terms areas privacy building spot "
            "placed_by owner holder served_by closed_by helped_by state was outcome reason word "
            "handed_to limit_unit clock next_step"
        ),
        "sealed": "key",
        "contact": "door",
    },
    "orders.Sending": {"inside": "by place state person reason"},
    "orders.DataConsent": {"inside": "asker purpose version way"},
    "orders.EraseWish": {"inside": "asker state by"},
    "orders.Whistle": {"inside": "by spot end reason ended_by"},
    "orders.Call": {"inside": "state person reason next_step starred_by judged_by"},
    "orders.Ring": {"inside": "person scope", "contact": "number name", "sealed": "digest tail_digest"},
    "orders.Words": {"inside": "kind audience masked person", "sealed": "original"},
    "orders.Asker": {"contact": "name phone phone_tail", "sealed": "phone_digest secret_digest"},
    "orders.Draft": {"sealed": "key content"},
    "orders.Photo": {"inside": "stage person", "sealed": "large small taken"},
}
