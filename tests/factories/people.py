"""People for tests: single persons, posts, and the cast every access test is told with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sandan.core.names import person_key, sort_key
from sandan.people.models import Person, Post, Role, Team, Unit
from sandan.places.models import Place

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)  # Monday 10 August 2026, 12:00 in Shanghai

COUNTY = "990201"
STREET, OTHER_STREET = "990201001", "990201002"
COMMUNITY, OTHER_COMMUNITY = "990201001001", "990201001002"
GRID, OTHER_GRID = "990201001001001", "990201001001002"

_KINDS = {6: "county", 9: "street", 12: "community", 15: "grid", 17: "micro"}
_NAMES = {
    COUNTY: "清河区", STREET: "银杏街道", OTHER_STREET: "槐荫街道", COMMUNITY: "造纸厂社区",
    OTHER_COMMUNITY: "水务院社区", GRID: "造纸厂第一网格", OTHER_GRID: "造纸厂第二网格",
}  # fmt: skip
_serial = count(1)


def a_place(code: str, lon: float = 112.55, lat: float = 37.86) -> Place:
    """The place of that code with all that lie around it; made once."""
    parent = a_place(code[: {9: 6, 12: 9, 15: 12, 17: 15}[len(code)]], lon, lat) if len(code) > 6 else None
    name = _NAMES.get(code, code)
    facts = {"kind": _KINDS[len(code)], "name": name, "name_key": sort_key(name), "parent": parent}
    place, _ = Place.objects.get_or_create(code=code, defaults={**facts, "lon": lon, "lat": lat})
    return place


def a_person(name: str = "贺连生", **facts: object) -> Person:
    """Somebody without a post; the password cannot be used, tests sign in by force_login."""
    person = Person(**{"login": f"person{next(_serial)}", "name": name, "name_key": person_key(name), **facts})
    person.set_unusable_password()
    person.save()
    return person


def a_post(person: Person, role: str, scope: str, **facts: object) -> Post:
    """A post that began long ago and has no end."""
    return Post.objects.create(**{"person": person, "role": role, "scope": scope, "from_at": LONG_AGO, **facts})


def somebody(name: str, role: str, scope: str, **facts: object) -> Person:
    """A person with one post."""
    unit = facts.pop("unit", None)
    person = a_person(name, **facts)
    a_post(person, role, scope, unit=unit)
    return person


@dataclass(frozen=True)
class Cast:
    """The people of one community, those above it, and the neighbour who must see nothing."""

    dispatcher: Person
    reviewer: Person  # the second dispatcher of the same community
    liaison: Person
    district: Person
    member: Person  # lives in GRID, skilled
    second_member: Person
    grid_worker: Person
    neighbour: Person  # dispatcher of OTHER_COMMUNITY
    auditor: Person
    clerk: Person
    unit: Unit
    team: Team


def a_unit(name: str = "城管局", kind: str = Unit.Kind.DEPARTMENT, scope: str = COUNTY) -> Unit:
    """A unit of the county."""
    return Unit.objects.create(name=name, name_key=sort_key(name), kind=kind, scope=scope)


def a_team(scope: str = COMMUNITY, skills: tuple[str, ...] = ("水暖维修",)) -> Team:
    """A team with a leader and two members, all of them members with posts."""
    leader, *members = (somebody(name, Role.MEMBER, scope) for name in ("丰素珍", "景师古", "聂远"))
    team = Team.objects.create(name="造纸厂老师傅队", scope=scope, leader=leader, skills=list(skills))
    team.members.add(leader, *members)
    return team


def cast() -> Cast:
    """Everybody, with posts that began long ago; places are made where they are missing."""
    for code in (OTHER_STREET, OTHER_COMMUNITY, OTHER_GRID):
        a_place(code)
    grid = a_place(GRID)
    near = {"home": grid, "lon": 112.551, "lat": 37.861}
    unit = a_unit()
    return Cast(
        dispatcher=somebody("周敏", Role.DISPATCHER, COMMUNITY),
        reviewer=somebody("闫可心", Role.DISPATCHER, COMMUNITY),
        liaison=somebody("柏若宁", Role.LIAISON, STREET),
        district=somebody("缪凤英", Role.DISTRICT, COUNTY),
        member=somebody("贺连生", Role.MEMBER, GRID, skills=["水暖维修", "电工"], **near),
        second_member=somebody("茹晓东", Role.MEMBER, GRID, skills=["电工"], **(near | {"lon": 112.56})),
        grid_worker=somebody("宿梅", Role.GRID_WORKER, GRID, **near),
        neighbour=somebody("单玉梅", Role.DISPATCHER, OTHER_COMMUNITY),
        auditor=somebody("乜强", Role.AUDITOR, COUNTY),
        clerk=somebody("甘露", Role.UNIT_CLERK, COUNTY, unit=unit),
        unit=unit,
        team=a_team(),
    )
