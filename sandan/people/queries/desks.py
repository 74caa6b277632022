"""Who answers for a place: the desk in charge, second keys, holders of a role."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.rows import Columns, fetch
from sandan.people.models import Person, Post, Role, scopes_over

# Who answers for a community when no one below does.
_DESK_RANK = {Role.DISPATCHER: 0, Role.LIAISON: 1, Role.DISTRICT: 2}

_PERSON = Columns(Person, "person", without=("phone", "phone_digest"))
_POST = Columns(Post, "post")
_DESKS = (
    f"SELECT {_POST.sql}, {_PERSON.sql} FROM people_post post "  # noqa: S608 (columns of ours)
    "JOIN people_person person ON person.id = post.person_id AND person.is_active "
    "WHERE post.scope = ANY(%s) AND post.role = ANY(%s) AND post.from_at <= %s "
    "AND (post.to_at IS NULL OR post.to_at > %s)"
)


class NoDesk(Refused):
    """Nobody holds a desk over the place: an order there would have no owner."""


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
