"""Helpers near by, nearest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from sandan.calc.ground.distance import EARTH_RADIUS_M
from sandan.core.rows import Columns, fetch
from sandan.people.models import HELPING, Person

_PERSON = Columns(Person, "person", without=("phone", "phone_digest"))
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
