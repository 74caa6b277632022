"""One matter, several askers; one message, several matters: join, merge, split, withdraw."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.intake.models import Category
from sandan.orders import access, clocks
from sandan.orders.actions import beats, claiming, duty_paging, partner, placing, saying
from sandan.orders.models import Asker, DataConsent, Order
from sandan.orders.queries.rows import HIDDEN
from sandan.orders.workflow import S
from sandan.people.models import Person


class CannotJoin(Refused):
    """The order is of a kind that others may not see, or it is over."""


class StillWanted(Refused):
    """Neighbours asked for the same: one of them cannot take it back for all."""


class CannotMerge(Refused):
    """An order does not merge into itself, into an ended one, or into another community's."""


@dataclass(frozen=True)
class Merged:
    """One more asker of an order; no secret where this phone had asked before: the old one holds."""

    order: Order
    secret: str


@transaction.atomic
def join(*, order: Order, key: UUID, contact: placing.Contact, at: datetime) -> Merged:
    """ "我也是": one more asker of the same matter; joining twice with one phone or one key changes nothing."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not order.is_open or order.privacy not in (Category.Privacy.PUBLIC, Category.Privacy.INSIDE):
        raise CannotJoin(_("这一单不能一起报了。请单独点一单。"))
    secret = placing.secret_of(key)
    if order.askers.filter(secret_digest=access.secret_digest(secret)).exists():
        return Merged(order, secret)
    if contact.phone and order.askers.filter(phone_digest=digest(contact.phone, "phone")).exists():
        return Merged(order, "")
    asker = placing.add_asker(order, contact, secret, is_first=False, at=at)
    Order.objects.filter(pk=order.pk).update(asker_count=F("asker_count") + 1)
    journal.write(order, "join", by="asker", at=at, scope=order.community_id, asker=asker.pk)
    return Merged(order, secret)


def _lock_both(*pks: int | None) -> None:
    """Two orders are always locked in the same order, so that two desks never wait for each other."""
    list(Order.objects.select_for_update(of=("self",)).filter(pk__in=[pk for pk in pks if pk]).order_by("pk"))


@transaction.atomic
def merge(*, order: Order, into: Order, by: Person, at: datetime) -> Order:
    """The same matter reported twice: this one ends in the other, its askers get the other's answers."""
    _lock_both(order.pk, into.pk)
    order, move = beats.take("merge", order, by, at)
    target = Order.objects.select_for_update(of=("self",)).get(pk=into.pk)
    is_mine = isinstance(by, Person) and bool(access.roles_of(target, by, at) & access.SEES)
    if target.pk == order.pk or not target.is_open or target.community_id != order.community_id or not is_mine:
        raise CannotMerge(_("只能并到本社区另一张没办完的单里。"))
    if order.merged.exists():
        raise CannotMerge(_("已经有别的单并进这一张了，请把那边并过来。"))
    order.was, order.into = order.state, target
    settled = beats.settle(order, move, by=by, at=at, into=target.pk)
    Order.objects.filter(pk=target.pk).update(asker_count=F("asker_count") + order.asker_count)
    journal.write(target, "merge_in", by=by, at=at, scope=target.community_id, source=order.pk)
    return settled


@transaction.atomic
def unmerge(*, order: Order, by: Person, at: datetime) -> Order:
    """Not the same after all: the order goes on by itself, with its own number and clock."""
    _lock_both(order.pk, order.into_id)
    order, move = beats.take("unmerge", order, by, at)
    target = Order.objects.select_for_update(of=("self",)).get(pk=order.into_id or 0)
    order.into = None
    Order.objects.filter(pk=target.pk).update(asker_count=F("asker_count") - order.asker_count)
    settled = beats.settle(order, move, by=by, at=at, source=target.pk)
    duty_paging.begin(settled, at, by)
    return settled


def copy_of(order: Order, text: str, at: datetime, *, verb: str, due_at: datetime | None = None) -> Order:
    """A new order beside or under another one: same place, same category, own number; custody and journal begun."""
    child = Order(
        key=uuid4(), channel=order.channel, guess=order.guess, category=order.category, urgency=order.urgency,
        privacy=order.privacy, is_anonymous=order.is_anonymous, community_id=order.community_id, street=order.street,
        county=order.county, grid=order.grid, exclusive=order.exclusive, micro=order.micro, estate_id=order.estate_id,
        building=order.building, door=order.door, spot=order.spot, lon=order.lon, lat=order.lat,
        confidence=order.confidence, placed_by=order.placed_by, owner=order.owner, parent=order, masked="",
        on=at.astimezone(placing.ZONE).date(), placed_at=at, touched_at=at, clock_from=order.clock_from,
        limit_value=order.limit_value, limit_unit=order.limit_unit, clock=order.clock, due_at=due_at or order.due_at,
        state=S.JUDGED if order.category else S.RECEIVED, judged_at=order.judged_at, answered_at=order.answered_at,
        due_is_provisional=order.due_is_provisional,
    )  # fmt: skip
    child.masked = saying.shown(saying.checked(text))
    child.terms = saying.search_terms(child.masked)
    clocks.wind(child, "dispatch", at, None)
    placing.insert_numbered(child)
    words = saying.say(child, "report", text, "public", by="clock", at=at)
    beats.begin_custody(child, verb, at)
    journal.write(
        child, verb, by="system", at=at, scope=child.community_id, after=child.state, parent=order.pk, words=words.pk
    )
    return child


@transaction.atomic
def split(*, order: Order, parts: list[tuple[Category, str]], by: Person, at: datetime) -> list[Order]:
    """A message with several matters: the first part stays under this number, each further one gets its own."""
    order, move = beats.take("split", order, by, at)
    if len(parts) < 2:
        raise Refused(_("拆单至少要分成两件事。"))
    if not all(category.is_request for category, _text in parts):
        raise Refused(_("拆出来的每一件都要是诉求。感谢、广告、闲聊不用拆。"))
    first, *others = parts
    order.words.filter(kind="report").update(audience="inside")  # the whole message holds the other parts' words too
    if first[0].privacy in HIDDEN and order.privacy not in HIDDEN:
        partner.take_back(order, by, at)
    order.category, order.privacy, order.owner = first[0], first[0].privacy, by
    order.judged_at, order.answered_at = order.judged_at or at, order.answered_at or at
    clocks.judged(order, first[0])
    words = saying.say(order, "report", first[1], "public", by=by, at=at)
    order.masked, order.terms = words.masked, saying.search_terms(words.masked)
    born = [_part(order, category, text, at) for category, text in others]
    settled = beats.settle(order, move, by=by, at=at, words=words.pk, parts=[child.pk for child in born])
    return [settled, *born]


def _part(order: Order, category: Category, text: str, at: datetime) -> Order:
    child = copy_of(order, text, at, verb="split_off")
    child.category, child.privacy, child.state = category, category.privacy, S.JUDGED
    clocks.judged(child, category)
    clocks.wind(child, "dispatch", at, None)
    child.save()
    first = order.askers.get(is_first=True)
    copy_asker(first, child, at)
    return child


def copy_asker(asker: Asker, order: Order, at: datetime) -> Asker:
    """The same person asks for the new order too; the values are sealed anew, what he agreed to comes along."""
    copy = Asker.objects.create(
        order=order, is_first=True, name=asker.name.open_unlogged() if asker.name else None,
        phone=asker.phone.open_unlogged() if asker.phone else None, phone_digest=asker.phone_digest,
        phone_tail=asker.phone_tail, secret_digest=asker.secret_digest, may_call=asker.may_call, at=at,
    )  # fmt: skip
    rows = [DataConsent(asker=copy, purpose=one.purpose, version=one.version, way=one.way, at=one.at)
            for one in asker.consents.filter(withdrawn_at=None)]  # fmt: skip
    DataConsent.objects.bulk_create(rows)
    return copy


@transaction.atomic
def withdraw(*, order: Order, by: Asker, at: datetime) -> Order:
    """The asker needs it no longer; whoever was on the way is told."""
    order, move = beats.take("withdraw", order, by, at)
    claiming.let_go(order, "withdraw", at)
    if order.asker_count > 1:
        raise StillWanted(_("还有邻居也报了这件事，单子要接着办。您可以不用管它了。"))
    order.outcome = "withdrawn"
    return beats.settle(order, move, by=by, at=at)
