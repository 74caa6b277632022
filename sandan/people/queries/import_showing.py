"""What the pages of imports print: the lists somebody brought, and a plan in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from sandan.people.models import PeopleImport, Post
from sandan.people.queries import import_scope, import_words

SHOWN = 200  # of the things that come or change, and of remarks


def imports(posts: Sequence[Post], person: int, county: str) -> QuerySet[PeopleImport]:
    """The imports somebody may see, the newest first, without what lies under seal."""
    rows = PeopleImport.objects.filter(import_scope.seen_by(posts, person), county=county)
    return rows.exclude(state=PeopleImport.State.DRAFT).select_related("by").defer("file", "before").order_by("-id")


def applied_import(number: int) -> PeopleImport | None:
    """An import by its number, drafts left out."""
    return PeopleImport.objects.exclude(state=PeopleImport.State.DRAFT).defer("file").filter(pk=number).first()


def groups(turns: Sequence[Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What comes and what changes by thing: thing, what, number, and the first rows as (row, text, more)."""
    found: dict[tuple[str, str], list[Any]] = {}
    for turn in turns:
        found.setdefault((turn.thing, turn.what), []).append(turn)
    return [
        {
            "thing": import_words.THING_WORDS[thing], "what": what, "number": len(rows),
            "rows": [(turn.where.row, turn.text, names.get(turn.more, turn.more)) for turn in rows[:SHOWN]],
        }
        for (thing, what), rows in found.items()
    ]  # fmt: skip
