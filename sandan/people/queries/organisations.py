"""The organisation tree beside the grid tree: counts by level with their gaps, a community's tree. Nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.core.rows import fetch
from sandan.people.models import CentreHousehold, Organisation, Person, Role
from sandan.people.queries.member_scope import inside
from sandan.people.queries.staff import KEEPERS
from sandan.places.models import Place

READERS = KEEPERS | {Role.ORG_KEEPER, Role.OVERSEER}
LEVELS: dict[str, tuple[str, "str | Promise", "str | Promise"]] = {
    "committee": ("community", _("社区党委"), _("社区")),
    "branch": ("grid", _("网格党支部"), _("普通网格")),
    "group": ("micro", _("微网格党小组"), _("微网格")),
}
_COUNTS = """
SELECT place.kind, count(*), count(o.id) FROM places_place place
LEFT JOIN people_organisation o ON o.scope = place.code
    AND o.from_at <= %(at)s AND (o.to_at IS NULL OR o.to_at > %(at)s)
WHERE place.valid_to IS NULL AND place.kind IN ('community', 'grid', 'micro') AND place.code LIKE ANY(%(codes)s)
GROUP BY place.kind
"""
_BY_COMMUNITY = """
SELECT left(place.code, 12), place.kind, count(*), count(o.id) FROM places_place place
LEFT JOIN people_organisation o ON o.scope = place.code
    AND o.from_at <= %(at)s AND (o.to_at IS NULL OR o.to_at > %(at)s)
WHERE place.valid_to IS NULL AND place.kind IN ('community', 'grid', 'micro') AND place.code LIKE ANY(%(codes)s)
GROUP BY 1, 2
"""
_GAPS = """
SELECT place.code, place.name, upper.name FROM places_place place
LEFT JOIN places_place upper ON upper.code = left(place.code, 12)
WHERE place.valid_to IS NULL AND place.kind = %(kind)s AND place.code LIKE ANY(%(codes)s) AND NOT EXISTS (
    SELECT FROM people_organisation o
    WHERE o.scope = place.code AND o.from_at <= %(at)s AND (o.to_at IS NULL OR o.to_at > %(at)s))
ORDER BY place.code
"""


@dataclass(frozen=True)
class Level:
    """R116: how many places of a level there are, and how many of them have an organisation."""

    key: str
    word: str
    ground: str
    places: int
    there: int

    @property
    def missing(self) -> int:
        """How many places of the level lack one."""
        return self.places - self.there


def _values(codes: Sequence[str], at: datetime) -> dict[str, object]:
    return {"at": at, "codes": [f"{code}%" for code in codes]}


def levels(codes: Sequence[str], at: datetime) -> list[Level]:
    """The three levels of these areas, from the community down. One statement."""
    found = {kind: (int(n), int(there)) for kind, n, there in fetch(_COUNTS, _values(codes, at))}  # type: ignore[arg-type]
    return [
        Level(key, str(word), str(ground), *found.get(kind, (0, 0))) for key, (kind, word, ground) in LEVELS.items()
    ]


def households(codes: Sequence[str], at: datetime) -> int:
    """R116: centre households of these areas."""
    return CentreHousehold.objects.held(at).within(*codes).count()


def gaps(level: str, codes: Sequence[str], at: datetime) -> list[tuple[str, str, str]]:
    """The places of a level without an organisation: code, name, community. One statement."""
    rows = fetch(_GAPS, {**_values(codes, at), "kind": LEVELS[level][0]})  # type: ignore[arg-type]
    return [(code, name, upper or "") for code, name, upper in rows]


@dataclass(frozen=True)
class CommunityLine:
    """A community's share: whether it has a committee, branches of grids, groups of micro-grids, households."""

    code: str
    name: str
    has_committee: bool
    grids: int
    branches: int
    micro: int
    groups: int
    households: int


def communities(codes: Sequence[str], at: datetime) -> list[CommunityLine]:
    """All communities of these areas. Three statements."""
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for code, kind, n, there in fetch(_BY_COMMUNITY, _values([c[:12] for c in codes], at)):  # type: ignore[arg-type]
        counts.setdefault(code, {})[kind] = (n, there)
    names = dict(Place.objects.filter(code__in=counts, kind=Place.Kind.COMMUNITY).values_list("code", "name"))
    homes: dict[str, int] = {}
    scopes = CentreHousehold.objects.held(at).within(*[c[:12] for c in codes]).values_list("scope")
    for scope, count in scopes.annotate(n=Count("id")):
        homes[scope[:12]] = homes.get(scope[:12], 0) + count
    return [
        CommunityLine(
            code, names[code], bool(kinds.get("community", (0, 0))[1]), *kinds.get("grid", (0, 0)),
            *kinds.get("micro", (0, 0)), homes.get(code, 0),
        )
        for code, kinds in sorted(counts.items()) if code in names
    ]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A place of the tree with its organisation, if it has one, its households and what lies below."""

    code: str
    place: str
    organisation: Organisation | None
    level: str
    households: int
    below: tuple["Node", ...] = ()


def tree(community: Place, at: datetime) -> Node:
    """R115: committee, branches, groups, households of a community along its grids. Three statements."""
    kinds = {kind: level for level, (kind, _word, _ground) in LEVELS.items()}
    cells = list(
        Place.objects.current().within(community.code).filter(kind__in=kinds).order_by("code")
        .values_list("code", "name", "kind", "parent_id")
    )  # fmt: skip
    known = {row.scope: row for row in Organisation.objects.held(at).within(community.code)}
    counted = CentreHousehold.objects.held(at).within(community.code).values_list("scope").annotate(n=Count("id"))
    homes = dict(counted)

    def node(code: str, name: str, kind: str) -> Node:
        below = tuple(node(c, n, k) for c, n, k, parent in cells if parent == code and k != kind)
        own = homes.get(code, 0) + sum(child.households for child in below)
        return Node(code, name, known.get(code), kinds[kind], own, below)

    return node(community.code, community.name, Place.Kind.COMMUNITY)


def has_point(person: Person, at: datetime) -> bool:
    """Whether their household is a volunteer point now."""
    return CentreHousehold.objects.held(at).filter(person=person).exists()


def points(codes: Sequence[str], at: datetime) -> list[CentreHousehold]:
    """R199: the centre households of these areas, by place. One statement."""
    rows = CentreHousehold.objects.held(at).filter(inside(codes, "scope"))
    return list(rows.select_related("person").order_by("scope", "pk"))
