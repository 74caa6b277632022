"""What residents were promised: contact goes two years after the end, large pictures after half a year, with proof."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sandan.core import journal, retention
from sandan.core.batches import claimed
from sandan.core.retention import Key, Names, drop, emptied, named, rule
from sandan.intake.models import Category
from sandan.orders.actions import following
from sandan.orders.models import Asker, CallBack, Draft, Order, Pass, PhoneCode, Photo, Review, Ring, Words
from sandan.orders.queries import resident_writing
from sandan.people.models import PeopleImport

KEEP_CONTACT = timedelta(days=2 * 365)
KEEP_PICTURES = timedelta(days=180)
KEEP_SEALED_PICTURES = timedelta(days=365)
KEEP_LISTS = timedelta(days=90)
NOTHING: dict[str, Any] = {"name": None, "phone": None, "phone_digest": None, "phone_tail": ""}
NO_CALLER: dict[str, Any] = {
    "number": None, "name": None, "digest": None, "tail_digest": None, "keep_until": None,
}  # fmt: skip
SEALED = Category.Privacy.SEALED


def forget(*, at: datetime) -> int:
    """Erase what is past its time; returns how many rows lost something. The proofs say which rule, until when."""
    return sum(proof.count for proof in retention.run(RULES, at=at).values())


def _known_askers() -> Q:
    return Q(name__isnull=False) | Q(phone__isnull=False) | Q(phone_digest__isnull=False)


def _holding(cutoff: datetime) -> QuerySet[Order, Order]:
    """Ended orders past the cutoff that still know who asked, where exactly, what was said, how it was liked.

    One that was merged lasts as long as the order that carries it on: its askers wait for that one's answers.
    """
    askers = Asker.objects.filter(_known_askers(), order=OuterRef("pk"))
    words = Words.objects.filter(order=OuterRef("pk"), original__isnull=False)
    rated = Q(Exists(Review.objects.filter(order=OuterRef("pk"), satisfaction__isnull=False)))
    rated |= Q(Exists(CallBack.objects.filter(order=OuterRef("pk"), satisfaction__isnull=False)))
    held = Q(Exists(words)) | Q(Exists(askers)) | Q(door__isnull=False) | Q(satisfaction__isnull=False) | rated
    gone_on = Q(into__isnull=True) | Q(into__is_open=False, into__ended_at__lt=cutoff)
    return Order.objects.filter(held, gone_on, is_open=False, ended_at__lt=cutoff)


def _forget_contacts(keys: Sequence[Key], at: datetime) -> Names:
    """Names, numbers, doors, original words and ratings are gone; the masked text and all counts stay."""
    orders = claimed(Order.objects.filter(pk__in=keys).order_by("pk"), retention.BATCH)
    names = [
        *emptied(Asker.objects.filter(_known_askers(), order__in=orders), **NOTHING),
        *emptied(Words.objects.filter(order__in=orders, original__isnull=False), original=None),
        *emptied(Review.objects.filter(order__in=orders, satisfaction__isnull=False), satisfaction=None),
        *emptied(CallBack.objects.filter(order__in=orders, satisfaction__isnull=False), satisfaction=None),
        *emptied(Order.objects.filter(pk__in=[order.pk for order in orders]), door=None, satisfaction=None),
    ]
    for order in orders:
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="contact")
    return names


def _whole_pictures(cutoff: datetime) -> QuerySet[Photo, Photo]:
    ended = Photo.objects.filter(order__is_open=False, order__ended_at__lt=cutoff, is_thinned=False)
    return ended.exclude(order__privacy=SEALED)


def _thin_pictures(keys: Sequence[Key], at: datetime) -> Names:
    """Only the small copy stays, and nothing of where and when it was taken."""
    photos = claimed(Photo.objects.filter(pk__in=keys, is_thinned=False).order_by("pk"), retention.BATCH)
    for photo in photos:
        photo.large, photo.taken, photo.is_thinned = photo.small.open_bytes(), None, True
        photo.save(update_fields=["large", "taken", "is_thinned"])
    _note(photos, at)
    return named(Photo, [photo.pk for photo in photos])


def _sealed_pictures(cutoff: datetime) -> QuerySet[Photo, Photo]:
    return Photo.objects.filter(order__is_open=False, order__ended_at__lt=cutoff, order__privacy=SEALED)


def _drop_pictures(keys: Sequence[Key], at: datetime) -> Names:
    photos = claimed(Photo.objects.filter(pk__in=keys).order_by("pk").only("pk", "order_id"), retention.BATCH)
    _note(photos, at)
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    return named(Photo, [photo.pk for photo in photos])


def _note(photos: Sequence[Photo], at: datetime) -> None:
    for order in Order.objects.filter(pk__in={photo.order_id for photo in photos}):
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="pictures")


def _callers(cutoff: datetime) -> QuerySet[Ring, Ring]:
    return Ring.objects.filter(keep_until__lte=cutoff)


def _forget_callers(keys: Sequence[Key], _at: datetime) -> Names:
    """Numbers whose time is over; that there was a call stays."""
    rings = claimed(Ring.objects.filter(pk__in=keys).order_by("pk").only("pk"), retention.BATCH)
    return emptied(Ring.objects.filter(pk__in=[ring.pk for ring in rings]), **NO_CALLER)


def _spent_passes(cutoff: datetime) -> QuerySet[Pass, Pass]:
    return Pass.objects.filter(Q(until__lte=cutoff) | Q(ended_at__lte=cutoff), device__isnull=False)


def _forget_devices(keys: Sequence[Key], _at: datetime) -> Names:
    """Which device a pass was for, once it is over; that it was used stays."""
    passes = claimed(Pass.objects.filter(pk__in=keys).order_by("pk").only("pk"), retention.BATCH)
    return emptied(Pass.objects.filter(pk__in=[one.pk for one in passes]), device=None)


def _lists(cutoff: datetime) -> QuerySet[PeopleImport, PeopleImport]:
    return PeopleImport.objects.filter(before__isnull=False, applied_at__lt=cutoff)


def _forget_lists(keys: Sequence[Key], _at: datetime) -> Names:
    """The way back of a list holds names and numbers as they were; after a while nobody goes back any more."""
    lists = claimed(PeopleImport.objects.filter(pk__in=keys).order_by("pk").only("pk"), retention.BATCH)
    return emptied(PeopleImport.objects.filter(pk__in=[one.pk for one in lists]), before=None)


RULES = (
    rule("contact", KEEP_CONTACT, _holding, _forget_contacts),
    rule("pictures", KEEP_PICTURES, _whole_pictures, _thin_pictures),
    rule("sealed_pictures", KEEP_SEALED_PICTURES, _sealed_pictures, _drop_pictures),
    rule("callers", timedelta(0), _callers, _forget_callers),
    rule("devices", timedelta(0), _spent_passes, _forget_devices),
    rule("lists", KEEP_LISTS, _lists, _forget_lists),
    rule("drafts", resident_writing.DRAFT_LIFE, lambda cutoff: Draft.objects.filter(at__lte=cutoff), drop(Draft)),
    rule("codes", following.CODE_KEPT, lambda cutoff: PhoneCode.objects.filter(at__lte=cutoff), drop(PhoneCode)),
)
