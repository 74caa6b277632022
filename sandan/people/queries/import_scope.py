"""Who may bring which list, and whose imports they see."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from sandan.people.models import PeopleImport, Post, Role
from sandan.people.queries.member_scope import KEEPERS, NOBODY

Kind = PeopleImport.Kind
MAY: Mapping[str, frozenset[str]] = {
    Kind.UNITS: frozenset({Role.DISTRICT, Role.OVERSEER}),
    Kind.MEMBERS: KEEPERS | {Role.UNIT_CLERK},
    Kind.POSTS: frozenset({Role.ADMIN, Role.DISTRICT, Role.LIAISON}),
}
EVERY = frozenset[str]().union(*MAY.values())
WHOLE = frozenset({Role.DISTRICT, Role.OVERSEER})  # see what others imported in their area


def may(posts: Iterable[Post], kind: str, county: str) -> bool:
    """Whether these posts let somebody bring such a list to a county; what a row may touch is asked row by row."""
    return any(post.role in MAY[kind] and _touches(post.scope, county) for post in posts)


def kinds(posts: Iterable[Post], county: str) -> list[str]:
    """The kinds of lists somebody may bring there, in the order of the page."""
    held = tuple(posts)
    return [kind for kind in Kind.values if may(held, kind, county)]


def _touches(scope: str, county: str) -> bool:
    return scope.startswith(county) or county.startswith(scope)


def seen_by(posts: Iterable[Post], person: int) -> Q:
    """The imports somebody may see: their own, and of a kind they may bring all of a county that is theirs."""
    found = NOBODY
    for post in posts:
        own = Q(kind__in=[kind for kind, roles in MAY.items() if post.role in roles])
        found |= own & (Q(county__code__startswith=post.scope) if post.role in WHOLE else Q(by=person))
    return found
