"""An asker's own data: a copy of it on request, and erasing what no open order and no law keeps (PIPL 44-47)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sandan.core import consents, journal, retention
from sandan.core.batches import claimed
from sandan.core.errors import NotAllowed, Stale
from sandan.core.retention import Key, Names, emptied, named, rule
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.actions import resident_consent
from sandan.orders.models import Asker, EraseWish, Order, Photo, Ring, Words
from sandan.orders.queries import whistle_phone
from sandan.people.models import Person

State = EraseWish.State
NO_CALLER = {"number": None, "name": None, "digest": None, "tail_digest": None, "keep_until": None}


@transaction.atomic
def hand_out(*, asker: Asker, form: str, at: datetime) -> None:
    """Note that this asker got all that is held about him, as "page" or "file"; refuses a sealed matter."""
    if asker.order.privacy == Category.Privacy.SEALED:
        raise resident_consent.in_person()
    journal.write(asker.order, "hand_out", by="asker", at=at, scope=asker.order.community_id, asker=asker.pk, form=form)


@transaction.atomic
def wish(*, asker: Asker, at: datetime) -> EraseWish:
    """The asker wants his data gone: name, number, callers' log go at once; door, words, photos when all is over.

    A sealed matter is held until the community has made sure who wishes it. Wishing twice changes nothing.
    """
    places = list(resident_consent.family(asker).select_for_update(of=("self",)).select_related("order").order_by("pk"))
    made = {place.pk: _wish_at(place, at) for place in places}
    return made[asker.pk]


def _wish_at(place: Asker, at: datetime) -> EraseWish:
    known = EraseWish.objects.filter(asker=place).exclude(state=State.REFUSED).first()
    if known:
        return known
    is_sealed = place.order.privacy == Category.Privacy.SEALED
    first = {"state": State.HELD, "asked_at": at, "by": None, "decided_at": None}
    wish, _made = EraseWish.objects.update_or_create(asker=place, defaults=first)
    if not is_sealed:
        _carry_out(wish, at)
    order = place.order
    journal.write(order, "wish_erase", by="asker", at=at, scope=order.community_id, asker=place.pk, state=wish.state)
    tell(order, "wish_erase", persons=[order.owner], at=at, number=order.full_number)
    return wish


@transaction.atomic
def decide(*, wish: EraseWish, agrees: bool, by: Person, at: datetime) -> EraseWish:
    """The desk has seen who wishes it: carry it out, or say no. Refuses who is no desk, and what was decided before."""
    wish = EraseWish.objects.select_for_update(of=("self",)).select_related("asker__order__category").get(pk=wish.pk)
    order = wish.asker.order
    if not access.roles_of(order, by, at) & {"desk", "upper"}:
        raise NotAllowed(_("这一件由负责这张单的社区来定。"))
    if wish.state != State.HELD:
        raise Stale(_("这一件已经定过了。"))
    wish.by, wish.decided_at = by, at
    if agrees:
        _carry_out(wish, at)
    else:
        wish.state = State.REFUSED
        wish.save()
    journal.write(order, "decide_erase", by=by, at=at, scope=order.community_id, asker=wish.asker_id, agrees=agrees)
    return wish


def _carry_out(wish: EraseWish, at: datetime) -> None:
    """What can go now goes now, with its proof."""
    place = wish.asker
    names = [*_forget_callers(place), *named(Asker, [place.pk])]
    resident_consent.take_back(place, consents.CONTACT, at)
    is_over = not place.is_first or not place.order.is_open
    if is_over:
        names += _forget_matter(place)
    wish.state, wish.done_at = (State.DONE, at) if is_over else (State.WAITING, None)
    wish.save()
    retention.record(rule="wishes", names=names, at=at)


def _forget_callers(place: Asker) -> list[str]:
    """The number in the callers' logs, wherever it was kept."""
    found = place.order.rings.all() if place.is_first else Ring.objects.none()
    phone = place.phone.open_unlogged() if place.phone else ""
    same = Q(pk__in=found.values("pk")) | (Q(digest=whistle_phone.number_digest(phone)) if phone else Q(pk__in=()))
    return emptied(Ring.objects.filter(same, keep_until__isnull=False), **NO_CALLER)


def _forget_matter(place: Asker) -> list[str]:
    """Door, original words and the pictures that were sent; of a neighbour who joined there are none."""
    if not place.is_first:
        return []
    photos = Photo.objects.filter(order=place.order_id, stage="report")
    keys = list(photos.order_by("pk").values_list("pk", flat=True))
    photos.delete()
    return [
        *emptied(Order.objects.filter(pk=place.order_id, door__isnull=False), door=None),
        *emptied(Words.objects.filter(order=place.order_id, original__isnull=False), original=None),
        *named(Photo, keys),
    ]


def _ripe(_cutoff: datetime) -> QuerySet[EraseWish, EraseWish]:
    return EraseWish.objects.filter(state=State.WAITING, asker__order__is_open=False)


def _finish(keys: Sequence[Key], at: datetime) -> Names:
    """What waited for the end of its order goes now."""
    wishes = claimed(EraseWish.objects.filter(pk__in=keys, state=State.WAITING).order_by("pk"), retention.BATCH)
    names: list[str] = []
    for one in wishes:
        names += _forget_matter(one.asker)
        EraseWish.objects.filter(pk=one.pk).update(state=State.DONE, done_at=at)
        order = one.asker.order
        journal.write(order, "forget", by="clock", at=at, scope=order.community_id, what="wish")
    return names


WISHES = rule("wishes", timedelta(0), _ripe, _finish)
