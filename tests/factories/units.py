"""Units that report in, for tests: an overseer, a scheme, units with clerks, rosters and members who came."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sandan.core.names import person_key, sort_key
from sandan.people.actions import units_checkin, units_register, units_roster, units_scheme
from sandan.people.actions.units_register import UnitFacts
from sandan.people.actions.units_roster import Entry
from sandan.people.actions.units_scheme import SchemeText
from sandan.people.models import MemberCheckin, Person, Post, Role, RosterRow, Scheme, Unit, UnitCheckin
from sandan.places.models import Place
from tests.factories.people import COMMUNITY, COUNTY, GRID, LONG_AGO, NOON, a_place, somebody

TODAY = date(2026, 8, 10)  # the local day of NOON
TEXT = SchemeText(
    name="双报到双服务双包联双评价", audience="市直机关党组织和在职党员", procedure="摸排、对接、报到",
    tasks="认领岗位和微心愿", review="每年互相打一次分",
)  # fmt: skip
REVIEW = SchemeText(
    name="双报到双评议", word_service="", word_charge="", word_rating="评议", audience="在职党员", procedure="三步",
    tasks="定点服务", review="社区评单位，单位评社区",
)  # fmt: skip


def a_scheme(scope: str = COUNTY, text: SchemeText = TEXT, from_on: date = date(2026, 1, 1)) -> Scheme:
    """A scheme in force."""
    return units_scheme.write_scheme(scope=scope, text=text, from_on=from_on, by="system", at=NOON)


def an_overseer(scope: str = COUNTY, name: str = "房立言") -> Person:
    """The overseer of a county or a city."""
    return somebody(name, Role.OVERSEER, scope)


def a_registered(name: str = "区统计局", scope: str = COUNTY, facts: UnitFacts | None = None) -> Unit:
    """A unit of the register."""
    file = units_register.register_unit(name=name, scope=scope, facts=facts or UnitFacts(), by="system", at=NOON)
    return file.unit


def a_clerk(unit: Unit, name: str = "梅雪") -> Person:
    """The clerk of a unit."""
    return somebody(name, Role.UNIT_CLERK, unit.scope, unit=unit)


def in_community(unit: Unit, code: str = COMMUNITY) -> UnitCheckin:
    """The unit's check-in to a community; a scheme must be there."""
    return units_checkin.check_in_unit(unit=unit, community=a_place(code), by="system", at=NOON)


def a_roster(unit: Unit, names: Iterable[str], on: date = TODAY) -> list[RosterRow]:
    """The unit's roster of that day, in the order of the names given."""
    entries = [Entry(name) for name in names]
    units_roster.hand_in_roster(unit=unit, entries=entries, on=on, by="system", at=NOON)
    rows = {row.name: row for row in RosterRow.objects.live().filter(unit=unit)}
    return [rows[entry.name] for entry in entries]


def came(unit: Unit, names: Sequence[str], grid: str = GRID, at: datetime = LONG_AGO) -> list[Person]:
    """Members who reported in for the unit on a grid, in bulk."""
    a_place(grid)
    people = Person.objects.bulk_create(
        Person(login=f"came{unit.pk}.{grid}.{i}", name=name, name_key=person_key(name), password="!")
        for i, name in enumerate(names)
    )
    posts = Post.objects.bulk_create(Post(person=person, role=Role.MEMBER, scope=grid, from_at=at) for person in people)
    MemberCheckin.objects.bulk_create(
        MemberCheckin(person=person, unit=unit, grid=grid, post=post, how="import", from_at=at)
        for person, post in zip(people, posts, strict=True)
    )
    return people


def communities(names: Sequence[str], street: str = COMMUNITY[:9]) -> list[Place]:
    """Communities of these names in one street."""
    parent = a_place(street)
    return Place.objects.bulk_create(
        Place(code=f"{street}{i:03}", kind="community", name=name, name_key=sort_key(name), parent=parent)
        for i, name in enumerate(names, start=101)
    )
