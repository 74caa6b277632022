"""The register of staff: who holds which post where, a page of it in one statement, its figures in two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sandan.core.rows import fetch
from sandan.people.models import Post, Role
from sandan.people.queries.member_scope import inside
from sandan.places.models import Place

PAGE = 200
SOON = timedelta(days=30)
KEEPERS = frozenset({Role.DISPATCHER, Role.LIAISON, Role.DISTRICT, Role.ADMIN, Role.GRID_LEADER})
APPOINTERS = frozenset({Role.LIAISON, Role.DISTRICT, Role.ADMIN})
Words = str | Promise

# The kinds of staff posts: role, grades, and the word on the page. A grade of "" is a post without one.
KINDS: dict[str, tuple[str, tuple[str, ...], Words]] = {
    "leader": (Role.GRID_LEADER, ("",), _("网格长")),
    "full": (Role.GRID_WORKER, ("full", ""), _("专职网格员")),
    "part": (Role.GRID_WORKER, ("part",), _("兼职网格员")),
    "helper": (Role.GRID_WORKER, ("helper",), _("网格辅助员")),
    "dispatcher": (Role.DISPATCHER, ("",), _("社区派单员")),
    "liaison": (Role.LIAISON, ("",), _("街道联络员")),
    "deputy": (Role.LIAISON, ("deputy",), _("联络员副手")),
    "district": (Role.DISTRICT, ("",), _("区级值班")),
}
GRID_KINDS = ("leader", "full", "part", "helper")
DESK_KINDS = ("dispatcher", "liaison", "deputy", "district")
SHOWS: dict[str, Words] = {"double": _("一人多岗"), "ending": _("30 天内到期")}
_KIND_OF = {(role, grade): kind for kind, (role, grades, _word) in KINDS.items() for grade in grades}
HELD = "p.from_at <= %(at)s AND (p.to_at IS NULL OR p.to_at > %(at)s)"
_LIST = f"""
SELECT p.id, p.person_id, person.name, person.phone_tail, p.role, p.grade, p.scope, place.name, upper.name, p.shift,
    p.from_at, p.to_at, (SELECT count(*) FROM people_post o WHERE o.person_id = p.person_id
        AND o.role = ANY(%(all_roles)s) AND o.from_at <= %(at)s AND (o.to_at IS NULL OR o.to_at > %(at)s)),
    count(*) OVER ()
FROM people_post p JOIN people_person person ON person.id = p.person_id AND person.is_active
LEFT JOIN places_place place ON place.code = p.scope
LEFT JOIN places_place upper ON upper.code = left(p.scope, 12) AND length(p.scope) > 12
WHERE {HELD} AND p.scope LIKE ANY(%(codes)s) AND (p.role || ':' || p.grade) = ANY(%(kinds)s)
    AND (%(q)s = '' OR strpos(person.name, %(q)s) > 0 OR person.phone_tail = %(q)s OR lower(person.login) = %(q)s)
    AND (%(until)s::timestamptz IS NULL OR p.to_at <= %(until)s)
    AND (NOT %(double)s OR (SELECT count(*) FROM people_post o WHERE o.person_id = p.person_id
        AND (o.role || ':' || o.grade) = ANY(%(kinds)s) AND o.scope LIKE ANY(%(codes)s)
        AND o.from_at <= %(at)s AND (o.to_at IS NULL OR o.to_at > %(at)s)) > 1)
ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 (words of ours)
_BY_PLACE = "p.scope, p.role, p.grade, person.name_key, p.id"
_BY_PERSON = "person.name_key, person.id, p.id"
_COUNTS = f"""
WITH held AS (
    SELECT p.person_id, p.role, p.grade, p.scope, p.to_at FROM people_post p
    JOIN people_person person ON person.id = p.person_id AND person.is_active
    WHERE {HELD} AND p.scope LIKE ANY(%(codes)s) AND (p.role || ':' || p.grade) = ANY(%(kinds)s)
), each AS (SELECT person_id, count(*) AS posts FROM held GROUP BY person_id)
SELECT role || ':' || grade, count(*), count(DISTINCT person_id) FROM held GROUP BY 1
UNION ALL SELECT 'people', count(*), coalesce(sum(posts), 0) FROM each
UNION ALL SELECT 'double', count(*), coalesce(sum(posts), 0) FROM each WHERE posts > 1
UNION ALL SELECT 'ending', count(*), count(DISTINCT person_id) FROM held WHERE to_at <= %(until)s
"""  # noqa: S608 (words of ours)
_GROUND = f"""
WITH held AS (
    SELECT DISTINCT p.scope, CASE p.role WHEN 'liaison' THEN 'street' WHEN 'grid_leader' THEN 'community'
        ELSE 'grid' END AS kind FROM people_post p
    JOIN people_person person ON person.id = p.person_id AND person.is_active
    WHERE {HELD} AND p.scope LIKE ANY(%(codes)s) AND (p.role = 'grid_leader' OR p.role = 'liaison'
        AND p.grade <> 'deputy' OR p.role = 'grid_worker' AND p.grade <> 'helper'))
SELECT place.kind, count(*), count(held.scope) FROM places_place place
LEFT JOIN held ON held.scope = place.code AND held.kind = place.kind
WHERE place.valid_to IS NULL AND place.kind IN ('street', 'community', 'grid') AND place.code LIKE ANY(%(codes)s)
GROUP BY place.kind
"""  # noqa: S608 (words of ours)


@lru_cache(maxsize=2048)
def term_words(from_at: datetime, to_at: datetime | None) -> str:
    """A term in days: 「2026-02-06 起」, or with its last day; posts often begin together."""
    begins = timezone.localtime(from_at).date().isoformat()
    if to_at is None:
        return gettext("%(day)s 起") % {"day": begins}
    last = timezone.localtime(to_at - timedelta(microseconds=1)).date().isoformat()
    return gettext("%(day)s 至 %(last)s") % {"day": begins, "last": last}


@dataclass(frozen=True, slots=True)
class Line:
    """One post of the register: whose, what, where, when, and how many staff posts the same person holds in all."""

    pk: int
    person: int
    name: str
    tail: str
    kind: str
    scope: str
    place: str
    community: str
    shift: str
    from_at: datetime
    to_at: datetime | None
    posts: int

    @property
    def word(self) -> str:
        """What the post is called."""
        return str(KINDS[self.kind][2])

    @property
    def term(self) -> str:
        """From when to when."""
        return term_words(self.from_at, self.to_at)

    @property
    def shift_word(self) -> str:
        """When the day's work is."""
        return str(Post.Shift(self.shift).label) if self.shift else ""


@dataclass(frozen=True)
class Register:
    """A page of the register, and how many posts the whole list has."""

    lines: Sequence[Line]
    total: int
    first: int

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.lines) - 1


@dataclass(frozen=True)
class Wanted:
    """What the page asks for: areas, kinds, words, a special view, and where to begin."""

    codes: tuple[str, ...]
    kinds: tuple[str, ...] = GRID_KINDS
    q: str = ""
    show: str = ""
    offset: int = 0
    is_whole: bool = False

    def values(self, at: datetime) -> dict[str, Any]:
        """As the statements take them."""
        return {
            "at": at, "codes": [f"{code}%" for code in self.codes], "q": self.q.strip().lower(), "offset": self.offset,
            "kinds": [f"{KINDS[kind][0]}:{grade}" for kind in self.kinds for grade in KINDS[kind][1]],
            "until": at + SOON if self.show == "ending" else None, "double": self.show == "double",
            "limit": None if self.is_whole else PAGE, "all_roles": [role for role, _grades, _word in KINDS.values()],
        }  # fmt: skip


def register(wanted: Wanted, at: datetime) -> Register:
    """The lines of these areas; by place, those of several posts by person. One statement."""
    order = _BY_PERSON if wanted.show == "double" else _BY_PLACE
    rows = fetch(_LIST.format(order=order), wanted.values(at))  # type: ignore[arg-type]
    lines = [_line(row) for row in rows]
    return Register(lines, rows[0][13] if rows else 0, wanted.offset + 1)


def _line(row: Sequence[Any]) -> Line:
    pk, person, name, tail, role, grade, scope, place, upper, shift, from_at, to_at, posts, _total = row
    return Line(
        pk, person, name, tail, _KIND_OF[role, grade], scope, place or "", upper or "", shift, from_at, to_at, posts
    )  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """How many posts and people; and on the ground, of each kind of place how many there are and have somebody."""

    posts: dict[str, int]
    people: int
    post_count: int
    doubles: int
    double_posts: int
    ending: int
    ground: dict[str, tuple[int, int]]

    @property
    def workers(self) -> int:
        """Full and part-time workers together, as the source counts them."""
        return self.posts.get("full", 0) + self.posts.get("part", 0)

    @property
    def surplus(self) -> int:
        """By how many the posts outnumber the people."""
        return self.post_count - self.people


def figures(codes: Sequence[str], at: datetime, kinds: Sequence[str] = GRID_KINDS) -> Figures:
    """R106, R107: the figures of the grid's staff in these areas, contradictions included. Two statements."""
    values = Wanted(tuple(codes), tuple(kinds)).values(at) | {"until": at + SOON}
    found = {name: (int(n), int(m)) for name, n, m in fetch(_COUNTS, values)}  # type: ignore[arg-type]
    posts: dict[str, int] = {}
    for name, (count, _people) in found.items():
        if ":" in name:
            role, grade = name.split(":")
            posts[_KIND_OF[role, grade]] = posts.get(_KIND_OF[role, grade], 0) + count
    ground = {kind: (int(n), int(m)) for kind, n, m in fetch(_GROUND, values)}  # type: ignore[arg-type]
    people, double = found["people"], found["double"]
    return Figures(posts, *people, *double, found["ending"][0], ground)


OTHERS: dict[str, Words] = {Role.PARTNER: _("外单位经办人"), Role.DAY_WORKER: _("一日网格员")}
ROLES = frozenset(role for role, _grades, _word in KINDS.values()) | set(OTHERS)


def word_of(post: Post) -> str:
    """What a post is called on the page; every role of `ROLES` has a word."""
    kind = _KIND_OF.get((post.role, post.grade))
    return str(KINDS[kind][2] if kind else OTHERS[post.role])


def posts_of(person: int, codes: Sequence[str]) -> list[Post]:
    """All staff posts of somebody in these areas, past ones too, those of now first. One statement."""
    rows = Post.objects.filter(inside(codes, "scope"), person=person, role__in=ROLES)
    return list(rows.select_related("person", "unit", "next__person").order_by(F("to_at").desc(nulls_first=True), "pk"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """What the places of these codes are called in full: a grid after its community. One statement."""
    wanted = set(codes)
    around = {code[:12] for code in wanted}
    names = dict(Place.objects.filter(code__in=wanted | around).values_list("code", "name"))
    return {
        code: f"{names.get(code[:12], '')} {names.get(code, '')}".strip() if len(code) > 12 else names.get(code, code)
        for code in wanted
    }


def partners(codes: Sequence[str], at: datetime) -> list[Post]:
    """R117: who acts for outside units in these areas, unit by unit; those whose term is over last."""
    rows = Post.objects.filter(inside(codes, "scope"), role=Role.PARTNER, unit__isnull=False)
    return sorted(
        rows.select_related("person", "unit"),
        key=lambda post: (
            post.to_at is not None and post.to_at <= at,
            post.unit.name_key if post.unit else "",
            post.pk,
        ),
    )
