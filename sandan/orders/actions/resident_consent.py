"""Consent of an asker: kept by purpose and version when something is given, taken back whenever he wishes (G4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sandan.core import consents, journal
from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders.models import Asker, DataConsent, Order

NOTHING = {"name": None, "phone": None, "phone_digest": None, "phone_tail": "", "may_call": False}


class InPerson(Refused):
    """Of a sealed matter nothing is shown or erased by code alone: who holds the slip may be the wrong one."""


def in_person() -> InPerson:
    """The refusal that sends somebody to the desk."""
    return InPerson(_("这件事是封存的。为了您的安全，网上不显示内容。要看、要删，请本人到社区，或打社区电话。"))


class NotGiven(Refused):
    """There is no such consent, or it was taken back before."""


def given(asker: Asker, way: str, at: datetime) -> list[DataConsent]:
    """The rows of what this asker agrees to now, unsaved: a number is one yes, to be rung afterwards another."""
    purposes = [consents.CONTACT] if asker.phone or asker.name else []
    purposes += [consents.CALL_BACK] if asker.may_call else []
    return [
        DataConsent(asker=asker, purpose=purpose, version=consents.CURRENT, way=way[:10], at=at) for purpose in purposes
    ]


def family(asker: Asker) -> QuerySet[Asker, Asker]:
    """All places of this asker: at his order, at the one it was born from and at those born from it."""
    same = Q(order_id=asker.order_id) | Q(order__parent=asker.order_id) | Q(order__parent__parent=asker.order_id)
    if asker.order.parent_id:
        same |= Q(order_id=asker.order.parent_id)
    return Asker.objects.filter(same, secret_digest=asker.secret_digest)


@transaction.atomic
def withdraw(*, asker: Asker, purpose: str, at: datetime) -> None:
    """Take a consent back, everywhere this asker stands; refuses where there is none.

    Without the one to be rung nobody rings; without the one to the contact, name and number are gone at once.
    """
    places = list(family(asker).select_for_update(of=("self",)).select_related("order").order_by("pk"))
    wanted = _wanted(purpose, places)
    if purpose == consents.CONTACT and any(place.order.privacy == Category.Privacy.SEALED for place in places):
        raise in_person()
    if not wanted:
        raise NotGiven(_("这一项没有同意过，或者已经收回了。"))
    for place in wanted:
        take_back(place, purpose, at)


def _wanted(purpose: str, places: list[Asker]) -> list[Asker]:
    """Those that gave it; askers from before consents had rows are judged by what is held of them."""
    if purpose == consents.CALL_BACK:
        return [place for place in places if place.may_call]
    if purpose == consents.CONTACT:
        return [place for place in places if place.phone or place.name]
    return []


def take_back(place: Asker, purpose: str, at: datetime) -> None:
    """The rows of one place, and what follows from it."""
    gone = {"may_call": False} if purpose == consents.CALL_BACK else NOTHING
    purposes = [purpose] if purpose == consents.CALL_BACK else list(consents.PURPOSES)
    Asker.objects.filter(pk=place.pk).update(**gone)
    DataConsent.objects.filter(asker=place, purpose__in=purposes, withdrawn_at=None).update(withdrawn_at=at)
    order = Order.objects.select_for_update(of=("self",)).get(pk=place.order_id)
    if place.is_first and order.needs_call and order.called_at is None:
        Order.objects.filter(pk=order.pk).update(needs_call=False)  # else it would wait for a call nobody may make
    if place.is_first and purpose == consents.CONTACT:
        Order.objects.filter(pk=order.pk).update(is_anonymous=True)
    journal.write(order, "retract", by="asker", at=at, scope=order.community_id, asker=place.pk, purpose=purpose)
