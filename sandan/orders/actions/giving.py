"""Giving an order to somebody: the grab window, offers with spare names, refusal without loss."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sandan.core.errors import Refused, Stale
from sandan.notices.actions import tell
from sandan.orders import clocks
from sandan.orders.actions import beats, claiming, consenting, duty_paging, saying
from sandan.orders.models import Offer, Order
from sandan.orders.queries import member_fit, member_hands
from sandan.orders.queries.member_rules import rules_of
from sandan.orders.workflow import S
from sandan.people.models import Person, Team, Unit


class NotForGrabbing(Refused):
    """The catalogue keeps this matter for dispatch."""


class NotFitting(Refused):
    """One of the limits of grabbing is met; the text says which, and what to do or from when it is open."""


class NobodyNamed(Refused):
    """An offer needs at least one name."""


@transaction.atomic
def open_up(*, order: Order, by: Person, at: datetime, then_best: bool = False) -> Order:
    """Open the grab window; the journal keeps who of the desk said yes to a review-coded matter.

    `then_best`: where nobody grabs, the best names are asked in turn by itself instead of coming back to the desk.
    """
    order, move = beats.take("open_up", order, by, at)
    if order.category is None or not order.category.may_be_grabbed:
        raise NotForGrabbing(_("这类事不能抢，请直接派给合适的人。"))
    order.then_best = then_best
    return beats.settle(order, move, by=by, at=at, grab=order.category.grab, then_best=then_best)


def grab(*, order: Order, by: Person, at: datetime) -> Order:
    """Take an open order; one wins, the others hear who has it, most of them from one reading without any lock.

    Locks: the order's row, then the person's; every limit is checked under both (decision 0010).
    """
    refuse_taken(order, by)
    return _grab(order, by, at)


def refuse_taken(order: Order, by: Person) -> None:
    """Raise Stale for an order that has left the hall; one statement, and nobody is waited for."""
    seen = Order.objects.select_related("holder").only("state", "holder__name").get(pk=order.pk)
    if seen.state != S.OPEN:
        raise Stale(beats.moved_on(seen, "grab", by))


@transaction.atomic
def _grab(order: Order, by: Person, at: datetime) -> Order:
    order, move = beats.take("grab", order, by, at)
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)  # one's grabs are counted one by one
    rules, hands = rules_of(order.category_id, order.county), member_hands.hands_of(by, at)
    why = member_fit.why_not(order, by, hands, rules, at)
    if why:
        raise NotFitting(why)
    order.team = order.unit = None
    return claiming.take_over(order, move, by, at, how="grab")


@transaction.atomic
def offer(*, order: Order, to: Sequence[Person | Team | Unit], by: Person, at: datetime) -> Order:
    """Offer the order to the first name; the others stand by and are asked in turn when the one before says no."""
    order, move = beats.take("offer", order, by, at, as_seen=True)
    if not to:
        raise NobodyNamed(_("还没选人。请至少选一位。"))
    batch = put_names(order, to, by, at)
    return beats.settle(order, move, by=by, at=at, batch=batch, names=len(to))


def put_names(order: Order, to: Sequence[Person | Team | Unit], by: Person, at: datetime) -> int:
    """The names of a new list stand ready and the first is asked; an older list is dropped. Returns its number."""
    order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    batch = int(order.offers.aggregate(last=Max("batch"))["last"] or 0) + 1
    Offer.objects.bulk_create(
        Offer(order=order, batch=batch, rank=rank, state="spare", by=by, at=at, **{_slot(name): name})
        for rank, name in enumerate(dict.fromkeys(to), start=1)
    )
    send_next(order, at)
    return batch


def _slot(name: Person | Team | Unit) -> str:
    return "person" if isinstance(name, Person) else "team" if isinstance(name, Team) else "unit"


def send_next(order: Order, at: datetime) -> Offer | None:
    """Ask the next spare name; returns the offer that is now out, or None when the list is used up."""
    spare = order.offers.filter(state="spare").order_by("batch", "rank").first()
    if spare is None:
        return None
    spare.state, spare.answer_by = "sent", clocks.soon(order, at, clocks.ANSWER_MINUTES[order.urgency])  # type: ignore[index]
    spare.save(update_fields=["state", "answer_by"])
    return spare


@transaction.atomic
def accept(*, order: Order, by: Person, at: datetime) -> Order:
    """Say yes: to an offer for oneself, one's team or one's unit, or in a round in which several are asked."""
    order, move = beats.take("accept", order, by, at)
    if consenting.is_live(order):
        return consenting.say_yes(order, move, by, at)
    live = order.offers.select_related("team", "unit").get(state="sent")
    Offer.objects.filter(pk=live.pk).update(state="accepted", answered_at=at)
    order.team, order.unit = live.team, live.unit
    return claiming.take_over(order, move, by, at, how="accept", offer=live.pk)


@transaction.atomic
def decline(*, order: Order, reason: str, by: Person, at: datetime) -> Order:
    """Say no, with a reason and without loss; the next spare name is asked at once."""
    order, move = beats.take("decline", order, by, at)
    if consenting.is_live(order):
        return consenting.say_no(order, move, reason, by, at)
    order.offers.filter(state="sent").update(state="refused", answered_at=at, reason=reason)
    return pass_to_next(order, move, by, at, reason=reason)


def pass_to_next(order: Order, move: Any, by: Any, at: datetime, **facts: Any) -> Order:
    """After a no or no answer: the next spare name, or back to the desk."""
    live = send_next(order, at)
    if live is None:
        return beats.settle(order, move, by=by, at=at, **facts)
    settled = beats.settle(order, move, by=by, at=at, to=order.state, clock="answer", **facts)
    tell(order, "offer", persons=beats.offered(order, at), at=at, number=order.full_number)
    return settled


@transaction.atomic
def release(*, order: Order, reason: str, by: Person, at: datetime, words: str = "") -> Order:
    """Give an order back; its number and deadline stay, the desk has it again. Within an hour it costs nothing."""
    order, move = beats.take("release", order, by, at)
    order.reason, former = reason, order.holder_id
    is_counted = claiming.give_back(order, by, at)
    note = saying.say(order, "reason", words, "inside", by=by, at=at).pk if words else None
    order.holder = order.team = order.unit = order.underway_at = None
    settled = beats.settle(order, move, by=by, at=at, reason=reason, former=former, words=note, counted=is_counted)
    if by.pk == former:  # where the desk takes it away somebody is awake
        duty_paging.begin(settled, at)
    return settled
