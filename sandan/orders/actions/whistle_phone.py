"""接到电话: one tap opens an order, the rest follows; callers are known again only where they agreed, for a time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal, tallies
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.core.sealed import Sealed, digest
from sandan.core.tallies import Try
from sandan.orders import limits
from sandan.orders.actions import beats, placing, resident_consent, saying, whistle
from sandan.orders.models import Asker, DataConsent, Order, Ring
from sandan.orders.queries import resident_writing
from sandan.orders.queries import whistle_phone as queries
from sandan.people.models import Person

KEEP = timedelta(days=180)  # since the last call
NOTHING_YET = "来电请帮忙，详情稍后补。"  # the words of an order until somebody writes what it is about


class NoGround(Refused):
    """The person takes no calls: no grid or community is his."""


class TooManyLooks(Refused):
    """More looks for callers than one person needs in an hour."""


class NotKnown(Refused):
    """The caller is not known here any more."""


@transaction.atomic
def pick_up(
    *, key: UUID, by: Person, at: datetime, phone: str = "", name: str = "", text: str = "", keep: bool = False,
    known: Ring | None = None,
) -> Order:  # fmt: skip
    """Open an order for a call at once, in the grid of who took it; the same key is the same order.

    `known` is a caller of this ground who agreed to be known; `keep` says that this one agrees now.
    """
    stand = queries.stand_of(by, at)
    if stand is None:
        raise NoGround(_("您没有网格，接不了这种电话。请用「代点」。"))
    contact = _contact(known, stand.scope, at) if known else placing.Contact(name, phone)
    danger = resident_writing.alarm(text) if text.strip() else None
    sending = placing.Sending(
        key=key, channel="phone", text=text.strip() or NOTHING_YET, contact=contact,
        ground=placing.Ground(community=stand.community, grid=stand.grid),
        guess=danger.category if danger else None, urgency=danger.urgency if danger else 1,
    )  # fmt: skip
    placed = placing.put(sending=sending, by=by, at=at)
    if placed.is_new:
        _log(placed.order, stand.scope, contact if keep and not known else None, by, at)
        if known:
            Ring.objects.filter(pk=known.pk, keep_until__isnull=False).update(keep_until=at + KEEP)
    return placed.order


def _contact(known: Ring, scope: str, at: datetime) -> placing.Contact:
    """Name and number from the log into the order, under seal on both sides: nobody sees them here."""
    ring = Ring.objects.filter(pk=known.pk, scope=scope, keep_until__gt=at).first()
    if ring is None or not isinstance(ring.number, Sealed):
        raise NotKnown(_("这位不在记下的来电里了。请重新问号码。"))
    name = ring.name.open_unlogged() if isinstance(ring.name, Sealed) else ""
    return placing.Contact(name, ring.number.open_unlogged())


def _log(order: Order, scope: str, kept: placing.Contact | None, by: Person, at: datetime) -> None:
    ring = Ring(person=by, scope=scope, order=order, at=at)
    if kept and kept.phone:
        ring.number, ring.name, ring.keep_until = kept.phone, kept.name or None, at + KEEP
        ring.digest = queries.number_digest(kept.phone)
        ring.tail_digest = queries.tail_digest(scope, kept.phone[-queries.TAIL :])
    ring.save()
    whistle.note(order, "ring", by, at, ring=ring.pk, kept=ring.keep_until is not None)


def look_for(*, tail: str, by: Person, at: datetime) -> list[Ring]:
    """Callers of one's own ground who agreed to be known, by the exact last four digits; counted, and so many an hour.

    The count is a statement of its own: call it outside of a transaction. Each look leaves a line, without the digits.
    """
    stand = queries.stand_of(by, at)
    if stand is None:
        raise NoGround(_("您没有网格，接不了这种电话。请用「代点」。"))
    if not queries.is_tail(tail):
        raise NotKnown(_("写来电号码的最后四位数字。"))
    if tallies.count([Try(limits.CALLERS, digest(str(by.pk), "caller look"))], at):
        raise TooManyLooks(_("这一小时认了太多次。直接开单，再问一声号码。"))
    found = queries.known(stand.scope, tail, at)
    journal.write(by, "ring_look", by=by, at=at, scope=stand.scope, found=len(found))
    return found


@transaction.atomic
def complete(
    *, order: Order, by: Person, at: datetime, text: str = "", phone: str = "", name: str = "",
    ground: placing.Ground | None = None, keep: bool = False,
) -> Order:  # fmt: skip
    """What follows after the tap: words, place, number. Only who took the call, and until the desk has judged."""
    order = beats.lock(order.pk)
    if order.placed_by_id != by.pk:
        raise NotAllowed(_("谁接的电话谁来补。"))
    if not queries.may_complete(order, by):
        raise Stale(_("社区已经看过这一单，要补的话请直接告诉社区。"))
    if text.strip():
        _add_words(order, text, by, at)
    if ground and ground.community.code == order.community_id:
        _place(order, ground)
    if phone:
        _add_contact(order, placing.Contact(name, phone), keep, at)
    order.save()
    whistle.note(order, "ring_more", by, at)
    return order


def _add_words(order: Order, text: str, by: Person, at: datetime) -> None:
    words = saying.say(order, "report", text, "public", by=by, at=at)
    is_first = order.masked == NOTHING_YET
    if is_first:
        order.words.filter(kind="report", masked=NOTHING_YET).exclude(pk=words.pk).update(audience="inside")
    order.masked = words.masked if is_first else f"{order.masked}\n{words.masked}"
    order.terms = saying.search_terms(order.masked)


def _place(order: Order, ground: placing.Ground) -> None:
    order.estate, order.building, order.door = ground.estate, ground.building, ground.door or None
    order.grid, order.exclusive, order.micro = ground.grid or order.grid, ground.exclusive, ground.micro
    order.spot, order.lon, order.lat = saying.shown(ground.spot)[:100], ground.lon, ground.lat
    order.confidence = ground.confidence


def _add_contact(order: Order, contact: placing.Contact, keep: bool, at: datetime) -> None:
    """The number of an asker who had none yet; the one who called is the first asker."""
    asker = order.askers.get(is_first=True)
    if asker.phone is not None:
        raise Stale(_("这一单已经留了电话，没有改。"))
    Asker.objects.filter(pk=asker.pk).update(
        name=_sealed("name", contact.name), phone=_sealed("phone", contact.phone), phone_tail=contact.phone[-4:],
        phone_digest=digest(contact.phone, "phone"), may_call=True,
    )  # fmt: skip
    DataConsent.objects.bulk_create(resident_consent.given(order.askers.get(is_first=True), order.channel, at))
    order.is_anonymous = False
    ring = order.rings.order_by("pk").first()
    if keep and ring and ring.keep_until is None:
        ring.number, ring.name, ring.keep_until = contact.phone, contact.name or None, at + KEEP
        ring.digest = queries.number_digest(contact.phone)
        ring.tail_digest = queries.tail_digest(ring.scope, contact.phone[-queries.TAIL :])
        ring.save()


def _sealed(field: str, value: str) -> Sealed | None:
    return Sealed.of(value, f"orders.Asker.{field}") if value else None


@transaction.atomic
def forget_caller(*, ring: Ring, by: Person, at: datetime) -> int:
    """The caller does not want to be known any more: all that was kept of this number on this ground is gone."""
    stand = queries.stand_of(by, at)
    if stand is None or ring.scope != stand.scope or ring.digest is None:
        raise NotKnown(_("这位不在记下的来电里了。"))
    kept = Ring.objects.filter(scope=ring.scope, digest=bytes(ring.digest))
    journal.write(ring, "forget", by=by, at=at, scope=ring.scope, what="caller")
    return kept.update(number=None, name=None, digest=None, tail_digest=None, keep_until=None)
