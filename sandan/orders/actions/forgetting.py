"""What residents were promised: contact goes two years after the end, large pictures after half a year."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from sandan.core import journal
from sandan.core.batches import claimed, in_steps
from sandan.orders.models import Asker, Order, Photo, Words

KEEP_CONTACT = timedelta(days=2 * 365)
KEEP_PICTURES = timedelta(days=180)
MOST = 20_000  # rows in one night: several times what a large district adds in a day, else the promise is never kept
BATCH = 10  # rows in one transaction: so long are they locked


def forget(*, at: datetime) -> int:
    """Erase what is past its time; returns how many rows lost something. The journal keeps that, and when."""
    return sum(in_steps(_walk(step, at), MOST) for step in (_forget_contacts, _thin_pictures))


def _walk(step: Callable[[datetime, int], list[int]], at: datetime) -> Callable[[], int]:
    """The step from where it was the last time: a night passes once over all that is long forgotten, not each time."""
    last = 0

    def go_on() -> int:
        nonlocal last
        keys = step(at, last)
        last = keys[-1] if keys else last
        return len(keys)

    return go_on


def _ended(at: datetime, keep: timedelta) -> dict[str, object]:
    return {"is_open": False, "ended_at__lt": at - keep}


def _forget_contacts(at: datetime, after: int) -> list[int]:
    """Names, numbers, doors and original words are gone; the masked text and all counts stay."""
    known = Words.objects.filter(order=OuterRef("pk"), original__isnull=False)
    ended = Order.objects.filter(Exists(known), pk__gt=after, **_ended(at, KEEP_CONTACT))
    orders = claimed(ended.order_by("pk"), BATCH)
    Asker.objects.filter(order__in=orders).update(name=None, phone=None, phone_digest=None, phone_tail="")
    Words.objects.filter(order__in=orders).update(original=None)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(door=None)
    for order in orders:
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="contact")
    return [order.pk for order in orders]


def _thin_pictures(at: datetime, after: int) -> list[int]:
    """Only the small copy stays, and nothing of where and when it was taken."""
    old = {f"order__{name}": value for name, value in _ended(at, KEEP_PICTURES).items()}
    photos = claimed(Photo.objects.filter(**old, pk__gt=after, is_thinned=False).order_by("pk"), BATCH)
    for photo in photos:
        photo.large, photo.taken, photo.is_thinned = photo.small.open_bytes(), None, True
        photo.save(update_fields=["large", "taken", "is_thinned"])
    for order in Order.objects.filter(pk__in={photo.order_id for photo in photos}):
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="pictures")
    return [photo.pk for photo in photos]
