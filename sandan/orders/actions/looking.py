"""Looking at what is sealed leaves a line."""

from datetime import datetime

from django.db import transaction

from sandan.core import journal
from sandan.core.models import Look
from sandan.orders.models import Photo
from sandan.people.models import Person


@transaction.atomic
def at_photo(*, photo: Photo, size: str, by: Person, at: datetime) -> None:
    """Somebody opened a photo of a sealed matter; the asker may ask who."""
    order = photo.order
    assert order is not None
    Look.objects.create(at=at, person=by, subject="orders.order", subject_id=order.pk, field="photo", why="photo")
    journal.write(order, "look", by=by, at=at, scope=order.community_id, field="photo", photo=photo.pk, size=size)
