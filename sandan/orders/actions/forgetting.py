"""What residents were promised: contact goes two years after the end, large pictures after half a year."""

from datetime import datetime, timedelta

from django.db import transaction

from sandan.core import journal
from sandan.orders.models import Asker, Order, Photo, Words

KEEP_CONTACT = timedelta(days=2 * 365)
KEEP_PICTURES = timedelta(days=180)
MOST = 500  # orders in one go; the next run takes the next ones


def forget(*, at: datetime) -> int:
    """Erase what is past its time; returns how many orders lost something. The journal keeps that, and when."""
    return _forget_contacts(at) + _thin_pictures(at)


def _ended(at: datetime, keep: timedelta) -> dict[str, object]:
    return {"is_open": False, "ended_at__lt": at - keep}


@transaction.atomic
def _forget_contacts(at: datetime) -> int:
    """Names, numbers, doors and original words are gone; the masked text and all counts stay."""
    known = Order.objects.filter(**_ended(at, KEEP_CONTACT), words__original__isnull=False).distinct()
    orders = list(Order.objects.filter(pk__in=known.values("pk")).order_by("pk")[:MOST])
    Asker.objects.filter(order__in=orders).update(name=None, phone=None, phone_digest=None, phone_tail="")
    Words.objects.filter(order__in=orders).update(original=None)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(door=None)
    for order in orders:
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="contact")
    return len(orders)


@transaction.atomic
def _thin_pictures(at: datetime) -> int:
    """Only the small copy stays, and nothing of where and when it was taken."""
    old = {f"order__{name}": value for name, value in _ended(at, KEEP_PICTURES).items()}
    photos = list(Photo.objects.filter(**old, is_thinned=False).select_related("order").order_by("pk")[:MOST])
    for photo in photos:
        photo.large, photo.taken, photo.is_thinned = photo.small.open_bytes(), None, True
        photo.save(update_fields=["large", "taken", "is_thinned"])
    orders = {photo.order.pk: photo.order for photo in photos if photo.order}
    for order in orders.values():
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="pictures")
    return len(orders)
