"""Reads about people: the desk in charge, helpers near by, second keys, teams and units."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sandan.calc.ground.distance import EARTH_RADIUS_M
from sandan.core.errors import Refused
from sandan.core.rows import Columns, fetch
from sandan.people.models import HELPING, Person, Post, Role, Team, Unit, scopes_over

# Who answers for a community when no one below does.
_DESK_RANK = {Role.DISPATCHER: 0, Role.LIAISON: 1, Role.DISTRICT: 2}


_PERSON = Columns(Person, "person", without=("phone", "phone_digest"))
_POST, _UNIT = Columns(Post, "post"), Columns(Unit, "unit")
_SIGNED_IN = (
    f"SELECT {_PERSON.sql}, {_POST.sql}, {_UNIT.sql} FROM people_person person "  # noqa: S608 (columns of ours)
    "LEFT JOIN people_post post ON post.person_id = person.id LEFT JOIN people_unit unit ON unit.id = post.unit_id "
    "WHERE person.id = %s AND person.is_active ORDER BY post.id"
)
_DESKS = (
    f"SELECT {_POST.sql}, {_PERSON.sql} FROM people_post post "  # noqa: S608 (columns of ours)
    "JOIN people_person person ON person.id = post.person_id AND person.is_active "
    "WHERE post.scope = ANY(%s) AND post.role = ANY(%s) AND post.from_at <= %s "
    "AND (post.to_at IS NULL OR post.to_at > %s)"
)
# Nearest first by the index person_where: Mercator's map is true in every direction, its order is that of the ground.
_MERCATOR = "POINT({lon}, DEGREES(LN(TAN(RADIANS(45 + {lat} / 2)))))"
_NEAR = f"""
SELECT {_PERSON.sql}, SQRT(POWER((person.lon - %s) * %s, 2) + POWER((person.lat - %s) * %s, 2)) AS metres
FROM people_person person
WHERE person.is_active AND person.lon IS NOT NULL AND person.lat IS NOT NULL
AND (%s OR person.skills && %s::varchar[]) AND person.id <> ALL(%s::bigint[])
AND EXISTS (SELECT FROM people_post post WHERE post.person_id = person.id AND post.role = ANY(%s)
    AND post.scope LIKE %s AND post.from_at <= %s AND (post.to_at IS NULL OR post.to_at > %s))
ORDER BY {_MERCATOR.format(lon="person.lon", lat="person.lat")}
    <-> {_MERCATOR.format(lon="%s::float8", lat="%s::float8")}, person.id
LIMIT %s
"""  # noqa: S608 (columns of ours)


class NoDesk(Refused):
    """Nobody holds a desk over the place: an order there would have no owner."""


@dataclass(frozen=True)
class Helper:
    """A person who could serve: how far the centre of their home grid is, and which of the asked skills they have."""

    person: Person
    metres: float
    skills: tuple[str, ...]

    @property
    def is_in_reach(self) -> bool:
        """Whether it is within the distance the person agreed to."""
        return self.metres <= self.person.reach_metres


def signed_in(pk: int) -> tuple[Person, list[Post]] | None:
    """An active person with all their posts, past ones too; None for nobody. One statement: every request asks it."""
    rows = fetch(_SIGNED_IN, [pk])
    person = _PERSON.instance(rows[0]) if rows else None
    return (person, [post for row in rows if (post := _post(row, person))]) if person else None


def _post(row: Sequence[Any], person: Person) -> Post | None:
    post = _POST.instance(row, _PERSON.count)
    if post:
        post.person, post.unit = person, _UNIT.instance(row, _PERSON.count + _POST.count)
    return post


def _desks(code: str, at: datetime) -> list[Post]:
    """The posts of all desks over a place: nearest rank first, then the narrower scope, then the lower id."""
    rows = fetch(_DESKS, [scopes_over(code), list(_DESK_RANK), at, at])
    return sorted(
        (_desk(row) for row in rows),
        key=lambda post: (_DESK_RANK[Role(post.role)], post.grade == "deputy", -len(post.scope), post.person_id),
    )


def _desk(row: Sequence[Any]) -> Post:
    post, person = _POST.instance(row), _PERSON.instance(row, _POST.count)
    assert post
    assert person
    post.person = person
    return post


def desk_of(community_code: str, at: datetime) -> Person:
    """The person in charge: dispatcher, else the street's liaison, else the district; raises NoDesk for none."""
    posts = _desks(community_code, at)
    if not posts:
        raise NoDesk(_("这里还没有人值守，单子没法交到人手里。请打 12345，或告诉街道。"))
    return posts[0].person


def reviewers(community_code: str, excluding: Collection[int], at: datetime) -> list[Person]:
    """Who may turn the second key there, nearest desk first; never those whose ids are in `excluding`."""
    people = {post.person_id: post.person for post in _desks(community_code, at)}
    return [person for pk, person in people.items() if pk not in excluding]


def holders(role: str, code: str, at: datetime) -> QuerySet[Person]:
    """Active people who hold that role over a place."""
    posts = Post.objects.held(at).over(code).filter(role=role)
    return Person.objects.filter(is_active=True, pk__in=posts.values("person")).order_by("name_key", "pk")


def helpers_near(
    lon: float, lat: float, skills: Collection[str], limit: int, at: datetime, *, county: str = "",
    excluding: Collection[int] = (),
) -> list[Helper]:  # fmt: skip
    """Members and grid workers with one of the skills (any, where none is asked), nearest first; one query."""
    a_degree = radians(1) * EARTH_RADIUS_M  # within a county the ground is flat enough for Pythagoras
    wanted, east = list(skills), a_degree * cos(radians(lat))
    values = [lon, east, lat, a_degree, not wanted, wanted, list(excluding), list(HELPING), f"{county}%", at, at]
    rows = fetch(_NEAR, [*values, lon, lat, limit])
    return [_helper(row, skills) for row in rows]


def _helper(row: Sequence[Any], skills: Collection[str]) -> Helper:
    person = _PERSON.instance(row)
    assert person
    return Helper(person, row[_PERSON.count], tuple(skill for skill in person.skills if skill in skills))


def _touching(code: str) -> Q:
    """Scopes around a place or inside it."""
    around = [code[:n] for n in (2, 4, 6, 9, 12, 15, 17) if n <= len(code)]
    return Q(scope__in=around) | Q(scope__startswith=code)


def teams_of(code: str) -> QuerySet[Team]:
    """Teams that work in an area or in a part of it, with their leaders."""
    return Team.objects.filter(_touching(code), leader__is_active=True).select_related("leader").order_by("name", "pk")


def units_of(code: str, kind: str | None = None) -> QuerySet[Unit]:
    """Units that work in an area or in a part of it, in the order of their names' pinyin."""
    units = Unit.objects.filter(_touching(code))
    return (units.filter(kind=kind) if kind else units).order_by("name_key", "pk")
