"""Which tables belong to an order, and what a copy does with each of their columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from django.apps import apps
from django.db import models

from sandan.core.models import Entry
from sandan.core.sealed import SealedBytesField, SealedTextField
from sandan.notices.models import Notice
from sandan.orders.models import Asker, Knock, Offer, Order, Photo, Words
from sandan.people.models import Person

LEFT_OUT = (Photo, Knock)  # a million pictures would fill a disk; tries at doors are nobody's course
STAMPED = {"era", "tx", "recorded_at"}  # the database fills them in
FACT_ROWS: dict[str, type[models.Model]] = {
    "words": Words, "parent": Order, "into": Order, "source": Order, "parts": Order, "asker": Asker, "offer": Offer,
}  # fmt: skip


class Way(Enum):
    """What becomes of a value in a copy."""

    KEEP = auto()
    ID = auto()
    ROW = auto()  # the id of another row of the same family
    PERSON = auto()
    TIME = auto()
    DAY = auto()
    SEALED = auto()
    FACTS = auto()
    SCOPE = auto()  # a place code of the order's own area
    TEXT = auto()  # the report's words, masked
    REPORT = auto()  # the report's words under seal
    GIVEN = auto()  # what the copy has of its own: its number, its place, its words


GIVEN: dict[type[models.Model], tuple[str, ...]] = {
    Order: (
        "community_id", "street", "grid", "exclusive", "micro", "on", "serial", "key", "masked", "terms", "estate_id",
        "building", "door", "lon", "lat",
    ),
    Asker: ("name", "phone", "phone_digest", "phone_tail", "secret_digest"),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its name, its way, and for ROW the table the id leads to."""

    name: str
    way: Way
    to: str = ""
    label: str = ""  # for SEALED: the place it is sealed for


@dataclass(frozen=True)
class Table:
    """One table of a family: `tie` is the column that leads to the order."""

    name: str
    columns: tuple[Column, ...]
    tie: str
    subject: str = ""

    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _parts() -> Iterator[type[models.Model]]:
    """The models of the orders' room that lead to an order by a foreign key, but those left out."""
    for model in apps.get_app_config("orders").get_models():
        ties = [field for field in model._meta.local_concrete_fields if field.name == "order"]
        if ties and model not in LEFT_OUT:
            yield model


@cache
def tables() -> dict[str, Table]:
    """All tables of a family by name, the orders themselves first, the journal and the notices last."""
    parts: list[type[models.Model]] = list(_parts())
    every: list[type[models.Model]] = [*parts, Order]
    kin = {model: model._meta.db_table for model in every}
    found = [_table(Order, kin, "id"), *(_table(part, kin, "order_id") for part in parts)]
    found += [_table(model, kin, "subject_id", Order._meta.label_lower) for model in (Entry, Notice)]
    return {table.name: table for table in found}


def _table(model: type[models.Model], kin: dict[type[models.Model], str], tie: str, subject: str = "") -> Table:
    fields = [field for field in model._meta.local_concrete_fields if field.column not in STAMPED]
    return Table(model._meta.db_table, tuple(_column(model, field, kin) for field in fields), tie, subject)


def _column(
    model: type[models.Model], field: "models.Field[object, object]", kin: dict[type[models.Model], str]
) -> Column:
    name, remote = field.column or "", field.related_model
    if field.primary_key:
        return Column(name, Way.ID)
    if name in GIVEN.get(model, ()):
        return Column(name, Way.GIVEN)
    if remote in kin:
        return Column(name, Way.ROW, kin[remote])
    if remote is Person or name == "actor_id":
        return Column(name, Way.PERSON)
    if name in ("subject_id", "asker_id"):
        return Column(name, Way.ROW, kin[Order if name == "subject_id" else Asker])
    if isinstance(field, SealedTextField | SealedBytesField):
        return Column(name, Way.SEALED, label=field.place)
    return Column(name, _plain(field))


def _plain(field: "models.Field[object, object]") -> Way:
    if isinstance(field, models.DateTimeField):
        return Way.TIME
    if isinstance(field, models.DateField):
        return Way.DAY
    if isinstance(field, models.JSONField):
        return Way.FACTS
    return Way.SCOPE if field.column == "scope" else Way.KEEP
