"""Whose members and service posts somebody may see: by place as staff, by unit as its clerk; by nothing else (G1)."""

from collections.abc import Iterable

from django.db.models import Q

from sandan.people.models import Post, Role

KEEPERS = frozenset({Role.DISPATCHER, Role.LIAISON, Role.DISTRICT})  # who keep the register of an area
POST_KEEPERS = KEEPERS | {Role.GRID_LEADER}  # who offer service posts there
READERS = KEEPERS | {Role.UNIT_CLERK}
# Powers that stand apart, accounts of others, and of one day: none of them becomes a member's.
NO_MEMBERS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.PARTNER, Role.DAY_WORKER})
NOBODY = Q(pk__in=[])


def areas(posts: Iterable[Post], roles: Iterable[str] = KEEPERS) -> tuple[str, ...]:
    """The place codes over which these posts give one of the roles, those inside another left out."""
    wanted, kept = frozenset(roles), list[str]()
    for code in sorted({post.scope for post in posts if post.role in wanted}, key=lambda code: (len(code), code)):
        if not any(code.startswith(wider) for wider in kept):
            kept.append(code)
    return tuple(kept)


def units(posts: Iterable[Post]) -> tuple[int, ...]:
    """The units somebody is the clerk of."""
    return tuple(sorted({post.unit_id for post in posts if post.role == Role.UNIT_CLERK and post.unit_id}))


def inside(codes: Iterable[str], field: str) -> Q:
    """Rows whose code in `field` lies in one of these areas."""
    found = NOBODY
    for code in codes:
        found |= Q(**{f"{field}__startswith": code})
    return found


def seen_by(posts: Iterable[Post]) -> Q:
    """The check-ins that the holder of these posts may see."""
    held = tuple(posts)
    return inside(areas(held), "grid") | Q(unit__in=units(held))
