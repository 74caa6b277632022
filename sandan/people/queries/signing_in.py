"""Who is signed in: the person of a session with the posts."""

from collections.abc import Sequence
from typing import Any

from sandan.core.rows import Columns, fetch
from sandan.people.models import Person, Post, Unit

_PERSON = Columns(Person, "person", without=("phone", "phone_digest"))
_POST, _UNIT = Columns(Post, "post"), Columns(Unit, "unit")
_SIGNED_IN = (
    f"SELECT {_PERSON.sql}, {_POST.sql}, {_UNIT.sql} FROM people_person person "  # noqa: S608 (columns of ours)
    "LEFT JOIN people_post post ON post.person_id = person.id LEFT JOIN people_unit unit ON unit.id = post.unit_id "
    "WHERE person.id = %s AND person.is_active ORDER BY post.id"
)


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
