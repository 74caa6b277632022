"""Every column that holds words or persons has a level; what is contact or sealed lies under seal (G2, G3)."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from sandan.core.levels import Level, Levels, level_of
from sandan.core.sealed import SealedBytesField, SealedTextField
from sandan.front import rights as front
from sandan.intake import rights as intake
from sandan.notices import rights as notices
from sandan.orders import rights as orders
from sandan.people import rights as people

ROOMS = (people, notices, intake, orders, front)
LEVELS: Levels = {label: names for room in ROOMS for label, names in room.LEVELS.items()}
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.UUIDField, ArrayField)
PEOPLE = ("people.Person", "orders.Asker")
HOW = "{label}.{field} has no level: add it to LEVELS in sandan/{room}/rights.py as public, inside, contact or sealed"
# In clear on purpose: the last four digits for a colleague's eye; a hash that is no secret's; ids that are no words.
ROOM = {"core": "people", "places": "people"}  # the lowest rooms' lines stand with the room above them
IN_CLEAR = {"password", "phone_tail"}


def columns() -> Iterator[tuple[str, models.Field]]:  # type: ignore[type-arg]
    """Every column of ours that holds words or points at a person."""
    for model in apps.get_models():
        if not model.__module__.startswith("sandan."):
            continue
        for field in model._meta.concrete_fields:
            at_people = field.is_relation and field.related_model._meta.label in PEOPLE  # type: ignore[union-attr]
            if at_people or isinstance(field, (*WORDS, SealedTextField, SealedBytesField)):
                yield model._meta.label, field


class TestColumns:
    def test_have_a_level(self) -> None:
        missing = [
            HOW.format(label=label, field=field.name, room=ROOM.get(label.partition(".")[0], label.partition(".")[0]))
            for label, field in columns()
            if not level_of(LEVELS, label, field.name)
        ]
        assert missing == []

    def test_of_contact_and_seal_hold_no_clear_text(self) -> None:
        """G3: by construction: such a column is a sealed one, a digest, or on the short list."""
        wrong = [f"{label}.{field.name}" for label, field in columns() if not is_kept(label, field)]
        assert wrong == []


def is_kept(label: str, field: models.Field) -> bool:  # type: ignore[type-arg]
    """Whether the type of a column keeps what its level promises."""
    level: Level | None = level_of(LEVELS, label, field.name)
    if isinstance(field, SealedTextField | SealedBytesField):
        return level in ("contact", "sealed")
    if level == "contact":
        return field.name in IN_CLEAR
    digests = isinstance(field, models.BinaryField | models.UUIDField)
    return level != "sealed" or digests or field.name in (*IN_CLEAR, "key", "subject")


class TestTable:
    def test_names_no_column_that_is_no_more(self) -> None:
        known = {
            f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields
        }
        listed = {
            f"{label}.{name}" for label, rows in LEVELS.items() for names in rows.values() for name in names.split()
        }
        assert listed - known == set()
