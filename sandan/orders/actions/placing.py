"""Placing an order: from the words of a resident to a numbered promise with an owner and a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import joined, journal
from sandan.core.errors import Refused
from sandan.core.models import Entry
from sandan.core.sealed import digest
from sandan.core.serials import next_serial
from sandan.intake.models import Category
from sandan.notices.actions import notices
from sandan.orders import access, clocks
from sandan.orders.actions import beats, duty_paging, resident_consent, saying, sql
from sandan.orders.models import Asker, DataConsent, Order, Words
from sandan.people.models import Person, Unit
from sandan.people.queries import desk_of
from sandan.places.models import Estate, Place

ZONE = ZoneInfo("Asia/Shanghai")
Beside = Callable[[joined.Statement], None]  # adds the rows that are written with an order
NUMBER = "order_number"  # the constraint that no two orders share one


class NotServed(Refused):
    """The community has not been switched on, or the place lies outside the county."""


@dataclass(frozen=True)
class Contact:
    """How to reach the asker; both empty means he wants to stay unnamed."""

    name: str = ""
    phone: str = ""
    may_call: bool = True


@dataclass(frozen=True)
class Ground:
    """Where it is, as far as known: WGS-84 degrees, finest place codes, door under seal."""

    community: Place
    grid: str = ""
    exclusive: str = ""
    micro: str = ""
    estate: Estate | None = None
    building: str = ""
    door: str = ""
    spot: str = ""
    lon: float | None = None
    lat: float | None = None
    confidence: float = 0.0


@dataclass(frozen=True)
class Sending:
    """One message as it came in. `key` is the sender's own: sent twice, it is still one order."""

    key: UUID
    channel: str
    text: str
    ground: Ground
    contact: Contact = field(default_factory=Contact)
    guess: Category | None = None
    urgency: int = 1
    draft: UUID | None = None
    charge: Unit | None = None
    parent: Order | None = None


@dataclass(frozen=True)
class Placed:
    """The order and the secret that opens it to its asker; of a key that had come before no asker and not `is_new`."""

    order: Order
    secret: str
    is_new: bool
    asker: Asker | None = None


def secret_of(key: UUID) -> str:
    """Eight digits that belong to a sending, the same however often it is sent."""
    return f"{int.from_bytes(digest(str(key), 'order secret')[:8], 'big') % 10**8:08d}"


@transaction.atomic
def place(*, sending: Sending, by: Person | None, at: datetime) -> Placed:
    """Make an order of a message. Refuses an empty text, a community that is not served, a place without a desk."""
    return put(sending=sending, by=by, at=at)


def put(*, sending: Sending, by: Person | None, at: datetime) -> Placed:
    """As `place`, inside the caller's own transaction."""
    text = saying.checked(sending.text)
    if not sending.ground.community.takes_orders:
        raise NotServed(_("%(name)s还没有开通点单。请直接打社区电话。") % {"name": sending.ground.community.name})
    order, secret = _new(sending, text, by, at), secret_of(sending.key)
    order.pk, words_pk, asker_pk = joined.keys(Order, Words, Asker)
    words = saying.words_of(order, "report", text, "public", by=by or "clock", at=at)
    asker = _asker(order, sending.contact, secret, is_first=True, at=at)
    words.pk, asker.pk = words_pk, asker_pk

    def beside(statement: joined.Statement) -> None:
        statement.insert(words, asker, beats.custody_of(order, "place", at), _line(order, words, by, at))
        statement.insert(*resident_consent.given(asker, order.channel, at))
        named = [asker.pk] if sending.contact.phone and not sending.parent else []  # a part of an order is no news
        told = notices(order, "place", persons=[order.owner], asker_ids=named, at=at, number=order.full_number)
        statement.insert(*told)
        if sending.draft:
            statement.add(sql.MOVE_PHOTOS, [order.pk, sending.draft])
            statement.add(sql.DROP_DRAFT, [sending.draft])

    twin = _insert_once(order, beside)
    if twin:
        return Placed(twin, secret, False)
    duty_paging.begin(order, at, by or "clock")
    return Placed(order, secret, True, asker)


def _line(order: Order, words: Words, by: Person | None, at: datetime) -> Entry:
    return journal.line(
        order, "place", by=by or "asker", at=at, scope=order.community_id,
        after=order.state, channel=order.channel, words=words.pk, parent=order.parent_id,
    )  # fmt: skip


def _first_owner(sending: Sending, by: Person | None, at: datetime) -> Person:
    """首接负责: the clerk of the organisation that took it in, else the desk of the community."""
    return by if sending.charge and by else desk_of(sending.ground.community.code, at)


def _new(sending: Sending, text: str, by: Person | None, at: datetime) -> Order:
    ground, community = sending.ground, sending.ground.community
    privacy = sending.guess.privacy if sending.guess else Category.Privacy.INSIDE
    order = Order(
        key=sending.key, channel=sending.channel, masked=saying.shown(text), guess=sending.guess,
        urgency=sending.urgency, privacy=privacy, is_anonymous=not sending.contact.phone, community=community,
        street=community.code[:9], county=community.code[:6], grid=ground.grid, exclusive=ground.exclusive,
        micro=ground.micro, estate=ground.estate, building=ground.building, door=ground.door or None,
        spot=saying.shown(ground.spot)[:100], lon=ground.lon, lat=ground.lat, confidence=ground.confidence,
        placed_by=by, owner=_first_owner(sending, by, at), charge=sending.charge, parent=sending.parent,
        on=at.astimezone(ZONE).date(), placed_at=at, touched_at=at,
    )  # fmt: skip
    order.terms = saying.search_terms(order.masked)
    clocks.start(order, at)
    clocks.wind(order, "accept", at, None)
    return order


def _insert_once(order: Order, beside: Beside) -> Order | None:
    """Insert under a fresh number; the order that this key has already, and nothing written, if it has one."""
    try:
        insert_numbered(order, beside)
    except IntegrityError:
        twin = Order.objects.filter(key=order.key).first()
        if twin is None:
            raise
        return twin
    return None


def insert_numbered(order: Order, beside: Beside | None = None) -> None:
    """Insert a new order under the next free number of its community and day; placing waits for no other placing.

    `beside` adds what is written with it, in the same statement; it may name the order's key and number.
    """
    if order.pk is None:
        (order.pk,) = joined.keys(Order)
    used = Order.objects.filter(community=order.community_id, on=order.on).order_by("-serial").values("serial")
    while True:
        try:
            with transaction.atomic():
                order.serial = next_serial(order.community_id, order.on, used)
                statement = joined.Statement()
                statement.insert(order)
                if beside:
                    beside(statement)
                return statement.run()
        except IntegrityError as error:  # somebody ended with this very number: draw again
            if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != NUMBER:
                raise


def add_asker(order: Order, contact: Contact, secret: str, *, is_first: bool, at: datetime) -> Asker:
    """Keep who asked, under seal; an unnamed asker still holds a secret."""
    asker = _asker(order, contact, secret, is_first=is_first, at=at)
    asker.save(force_insert=True)
    DataConsent.objects.bulk_create(resident_consent.given(asker, "join", at))
    return asker


def _asker(order: Order, contact: Contact, secret: str, *, is_first: bool, at: datetime) -> Asker:
    phone = contact.phone
    return Asker(
        order=order, is_first=is_first, name=contact.name or None, phone=phone or None,
        phone_digest=digest(phone, "phone") if phone else None, phone_tail=phone[-4:],
        secret_digest=access.secret_digest(secret), may_call=contact.may_call and bool(phone), at=at,
    )  # fmt: skip
