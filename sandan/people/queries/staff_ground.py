"""The ground with its staff: communities with their leaders (R108), and the places where somebody is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sandan.core.rows import fetch
from sandan.people.queries.staff import HELD

_WITHOUT = {
    "community": "role = 'grid_leader' AND scope = place.code",
    "grid": "role = 'grid_worker' AND grade <> 'helper' AND scope = place.code",
    "street": "role = 'liaison' AND grade <> 'deputy' AND scope = place.code",
}
_GAPS = f"""
SELECT place.code, place.name, upper.name FROM places_place place
LEFT JOIN places_place upper ON upper.code = place.parent_id
WHERE place.valid_to IS NULL AND place.kind = %(kind)s AND place.code LIKE ANY(%(codes)s) AND NOT EXISTS (
    SELECT FROM people_post p JOIN people_person person ON person.id = p.person_id AND person.is_active
    WHERE {HELD} AND {{without}})
ORDER BY place.code
"""  # noqa: S608 (words of ours)


def gaps(kind: str, codes: Sequence[str], at: datetime) -> list[tuple[str, str, str]]:
    """The streets, communities or grids without a liaison, a leader or a worker: code, name, what it lies in."""
    statement = _GAPS.format(without=_WITHOUT[kind])
    values = {"at": at, "kind": kind, "codes": [f"{code}%" for code in codes]}
    return [(code, name, upper or "") for code, name, upper in fetch(statement, values)]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """R108: a community with its leader and how much staff it has."""

    code: str
    name: str
    street: str
    phone: str
    leaders: str
    desks: str
    grids: int
    workers: int
    helpers: int


_COMMUNITIES = f"""
WITH held AS MATERIALIZED (
    SELECT left(p.scope, 12) AS community, p.scope, p.role, p.grade, person.name FROM people_post p
    JOIN people_person person ON person.id = p.person_id AND person.is_active
    WHERE {HELD} AND p.scope LIKE ANY(%(codes)s) AND p.role IN ('grid_leader', 'grid_worker', 'dispatcher')
), told AS (
    SELECT community, string_agg(name, '、' ORDER BY name) FILTER (WHERE role = 'grid_leader') AS leaders,
        string_agg(name, '、' ORDER BY name) FILTER (WHERE role = 'dispatcher') AS desks,
        count(*) FILTER (WHERE role = 'grid_worker' AND grade <> 'helper') AS workers,
        count(*) FILTER (WHERE role = 'grid_worker' AND grade = 'helper') AS helpers
    FROM held GROUP BY community
), cells AS (SELECT left(code, 12) AS community, count(*) AS grids FROM places_place
    WHERE kind = 'grid' AND valid_to IS NULL AND code LIKE ANY(%(codes)s) GROUP BY 1)
SELECT place.code, place.name, street.name, place.phone, coalesce(leaders, ''), coalesce(desks, ''),
    coalesce(grids, 0), coalesce(workers, 0), coalesce(helpers, 0)
FROM places_place place LEFT JOIN places_place street ON street.code = place.parent_id
LEFT JOIN told ON told.community = place.code LEFT JOIN cells ON cells.community = place.code
WHERE place.kind = 'community' AND place.valid_to IS NULL AND place.code LIKE ANY(%(codes)s) ORDER BY place.code
"""  # noqa: S608 (words of ours)


def communities(codes: Sequence[str], at: datetime) -> list[CommunityLine]:
    """The register of communities of these areas, each with its leader. One statement."""
    values = {"at": at, "codes": [f"{code}%" for code in codes]}
    return [CommunityLine(*row) for row in fetch(_COMMUNITIES, values)]  # type: ignore[arg-type]
