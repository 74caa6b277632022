"""Giving an order to somebody: the grab window, offers with spare names, refusal without loss."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from sandan.calc.ground.distance import metres as metres_between
from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import clocks
from sandan.orders.actions import beats, saying
from sandan.orders.models import Offer, Order
from sandan.orders.workflow import HELD
from sandan.people.models import Person, Team, Unit

MOST_OPEN_GRABS = 2


class NotForGrabbing(Refused):
    """The catalogue keeps this matter for dispatch."""


class NotFitting(Refused):
    """The member lacks the skill, is too far away, or has his hands full."""


class NobodyNamed(Refused):
    """An offer needs at least one name."""


@transaction.atomic
def open_up(*, order: Order, by: Person, at: datetime) -> Order:
    """Open the grab window; review-coded matters are opened by the desk's own hand, which is its yes."""
    order, move = beats.take("open_up", order, by, at)
    if order.category is None or order.category.grab == Category.Grab.NO:
        raise NotForGrabbing(_("这类事不能抢，请直接派给合适的人。"))
    return beats.settle(order, move, by=by, at=at)


@transaction.atomic
def grab(*, order: Order, by: Person, at: datetime) -> Order:
    """Take an open order; one wins, the others hear who has it. Limits are checked inside the winning transaction."""
    order, move = beats.take("grab", order, by, at)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # two hands of one person are counted one by one
    _refuse_unfitting(order, by)
    order.team = order.unit = None
    return _taken(order, move, by, at)


def _refuse_unfitting(order: Order, person: Person) -> None:
    if order.category and order.category.skills and not set(order.category.skills) & set(person.skills):
        raise NotFitting(
            _("这单要会%(skills)s。您的本领里还没有，可以在「我的」里补上。")
            % {"skills": "、".join(order.category.skills)}
        )
    held = Order.objects.filter(is_open=True, holder=person, state__in=sorted(HELD)).count()
    if held >= MOST_OPEN_GRABS:
        raise NotFitting(_("您手上已有 %(count)s 单没办完，办好一单再抢。") % {"count": held})
    metres = distance_to(order, person)
    if metres is not None and metres > person.reach_metres and not _same_grid(order, person):
        raise NotFitting(
            _("离您 %(metres)s 米，超过您定的 %(reach)s 米。") % {"metres": round(metres), "reach": person.reach_metres}
        )


def _same_grid(order: Order, person: Person) -> bool:
    return bool(order.grid) and person.home_id == order.grid


def distance_to(order: Order, person: Person) -> float | None:
    """Metres from the person's home grid to the matter, None where one of them is unknown."""
    if None in (order.lon, order.lat, person.lon, person.lat):
        return None
    return metres_between((person.lon, person.lat), (order.lon, order.lat))  # type: ignore[arg-type]


def _taken(order: Order, move: Any, by: Person, at: datetime, **facts: Any) -> Order:
    order.holder, order.taken_at = by, at
    return beats.settle(order, move, by=by, at=at, **facts)


@transaction.atomic
def offer(*, order: Order, to: Sequence[Person | Team | Unit], by: Person, at: datetime) -> Order:
    """Offer the order to the first name; the others stand by and are asked in turn when the one before says no."""
    order, move = beats.take("offer", order, by, at, as_seen=True)
    if not to:
        raise NobodyNamed(_("还没选人。请至少选一位。"))
    order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    batch = (order.offers.aggregate(last=Max("batch"))["last"] or 0) + 1
    Offer.objects.bulk_create(
        Offer(order=order, batch=batch, rank=rank, state="spare", by=by, at=at, **{_slot(name): name})
        for rank, name in enumerate(dict.fromkeys(to), start=1)
    )
    send_next(order, at)
    return beats.settle(order, move, by=by, at=at, batch=batch, names=len(to))


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
    """Say yes to an offer, for oneself, one's team or one's unit."""
    order, move = beats.take("accept", order, by, at)
    live = order.offers.select_related("team", "unit").get(state="sent")
    Offer.objects.filter(pk=live.pk).update(state="accepted", answered_at=at)
    order.team, order.unit = live.team, live.unit
    return _taken(order, move, by, at, offer=live.pk)


@transaction.atomic
def decline(*, order: Order, reason: str, by: Person, at: datetime) -> Order:
    """Say no, with a reason and without loss; the next spare name is asked at once."""
    order, move = beats.take("decline", order, by, at)
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
    """Give an order back; its number and deadline stay, the desk has it again."""
    order, move = beats.take("release", order, by, at)
    order.reason, former = reason, order.holder_id
    note = saying.say(order, "reason", words, "inside", by=by, at=at).pk if words else None
    order.holder = order.team = order.unit = order.underway_at = None
    return beats.settle(order, move, by=by, at=at, reason=reason, former=former, words=note)


def live_offer_for(person: Person) -> Q:
    """Orders whose live offer is for this person, a team or a unit of theirs."""
    sent = Q(offers__state="sent")
    mine = Q(offers__person=person) | Q(offers__team__members=person) | Q(offers__unit__posts__person=person)
    return sent & mine
