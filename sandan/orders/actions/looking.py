"""Looking at what is sealed leaves a line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from sandan.core import journal, looks
from sandan.core.models import Look
from sandan.orders.models import Order, Photo
from sandan.people.models import Person

SEALED = {"contact": ("name", "phone"), "door": ("door",), "words": ("original",)}


@transaction.atomic
def at_sealed(*, order: Order, what: str, by: Person, why: str, at: datetime) -> dict[str, dict[str, str]]:
    """The clear fields behind `what` (a key of SEALED) by row, as "asker7": {"name": ..., "phone": ...}.

    Each look leaves a line that the asker may ask for. The caller has asked the room's access.
    """
    return {
        f"{row._meta.model_name}{row.pk}": {
            field: looks.reveal(row, field, by=by, why=why, at=at, scope=order.community_id) for field in SEALED[what]
        }
        for row in _rows(order, what)
    }


def _rows(order: Order, what: str) -> list[Any]:
    if what == "contact":
        return list(order.askers.order_by("-is_first", "pk"))
    return [order] if what == "door" else list(order.words.filter(kind="report").order_by("pk"))


@transaction.atomic
def at_several(
    *, order: Order, wanted: Iterable[str], by: Person, why: str, at: datetime
) -> dict[str, dict[str, dict[str, str]]]:
    """The same for several keys of SEALED in one go."""
    return {what: at_sealed(order=order, what=what, by=by, why=why, at=at) for what in wanted}


@transaction.atomic
def at_photo(*, photo: Photo, size: str, by: Person, at: datetime) -> None:
    """Somebody opened a photo of a personal or sealed matter; the asker may ask who."""
    order = photo.order
    assert order is not None
    Look.objects.create(at=at, person=by, subject="orders.order", subject_id=order.pk, field="photo", why="photo")
    journal.write(order, "look", by=by, at=at, scope=order.community_id, field="photo", photo=photo.pk, size=size)
