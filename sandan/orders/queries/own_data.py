"""What is held about somebody of ours: the rows of which he is the person, and who looked at what is his."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from sandan.core.models import Look
from sandan.core.sealed import Sealed, SealedBytesField, SealedTextField
from sandan.orders.queries import resident_data
from sandan.orders.queries.resident_data import Seen
from sandan.people.models import Person

ROOMS = ("people", "notices", "front")  # where rows are about a person; those of the orders are about matters
SHOWN_SEALED = {"people.Person.phone", "notices.Reach.email"}  # the others are keys, which nobody needs to read
NEVER = ("password", "session", "token", "secret", "name_key")  # what opens a door, and what machines sort by
MOST = 1000  # rows of one table


@dataclass(frozen=True)
class Own:
    """The person's own row, the rows of other tables by table, and how many rows of the orders name him."""

    person: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    served: dict[str, int]

    def as_json(self, looks: tuple[Seen, ...]) -> str:
        """The same for a machine, with who looked."""
        seen = [{"at": one.at, "who": one.who, "what": one.what, "why": one.why} for one in looks]
        whole = {"person": self.person, "tables": self.tables, "served": self.served, "looks": seen}
        return json.dumps(whole, ensure_ascii=False, indent=1, default=str)


def own(person: Person) -> Own:
    """All of it; one statement a table."""
    found = Person.objects.get(pk=person.pk)
    return Own(
        person=_row(found),
        tables={
            model._meta.label: [_row(row) for row in rows]
            for model, field in _about(*ROOMS)
            if (rows := list(model._default_manager.filter(**{field: person.pk}).order_by("pk")[:MOST]))
        },
        served={
            model._meta.label: count
            for model, field in _about("orders")
            if (count := model._default_manager.filter(**{field: person.pk}).count())
        },
    )


def _about(*rooms: str) -> Iterator[tuple[type[models.Model], str]]:
    """Tables with a column "person" that leads to a person."""
    for room in rooms:
        for model in apps.get_app_config(room).get_models():
            if any(field.name == "person" and field.related_model is Person for field in model._meta.concrete_fields):
                yield model, "person"


def _row(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: _value(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if _is_shown(field) or not (isinstance(field, models.BinaryField) or any(word in field.name for word in NEVER))
    }


def _is_shown(field: Any) -> bool:
    return isinstance(field, SealedTextField | SealedBytesField) and field.place in SHOWN_SEALED


def _value(field: Any, value: Any) -> Any:
    """As it is; what is sealed in clear for the one it is about."""
    if isinstance(value, Sealed):
        return value.open_unlogged() if _is_shown(field) else ""
    return value.isoformat() if isinstance(value, datetime | date) else value


def looks_at(person: Person) -> tuple[Seen, ...]:
    """Who looked at his number, the latest first; three statements."""
    mine = Q(subject="people.person", subject_id=person.pk)
    return resident_data.seen(list(Look.objects.filter(mine).select_related("person").order_by("-at", "-pk")[:200]))
