"""接到电话: one tap opens an order; what follows has a page of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.orders import access
from sandan.orders.actions import whistle_phone
from sandan.orders.forms.whistle_phone import CompleteForm, PickUpForm
from sandan.orders.models import Order, Ring
from sandan.orders.queries import whistle_phone as queries
from sandan.orders.queries.whistle_phone import Stand
from sandan.orders.views.member import address, drawn
from sandan.people.access import Request, role_required

picker_required = role_required(*queries.PICKERS)


def _stand(request: Request, at: datetime) -> Stand:
    stand = queries.stand_of(request.user, at)
    if stand is None:
        raise Http404
    return stand


@sensitive_post_parameters("phone", "name", "text", "tail")
@require_http_methods(["GET", "POST"])
@picker_required
def phone(request: Request) -> HttpResponse:
    """The one key; beside it the last four digits of somebody who agreed to be known: sent, never in an address."""
    at = timezone.now()
    stand = _stand(request, at)
    if request.method != "POST":
        return _drawn(request, stand, PickUpForm(initial={"key": uuid4()}), at)
    if "tail" in request.POST:
        return _looked(request, stand, at)
    form = PickUpForm(request.POST)
    if form.is_valid():
        try:
            known = _ring(stand, request.POST["known"], at) if request.POST.get("known") else None
            order = whistle_phone.pick_up(by=request.user, at=at, known=known, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s 开好了。说的什么、在哪里，下面慢慢补。") % order.number)
            return HttpResponseRedirect(address("phone_more", order.full_number))
    return _drawn(request, stand, form, at, status=422)


def _looked(request: Request, stand: Stand, at: datetime) -> HttpResponse:
    form, tail = PickUpForm(initial={"key": uuid4()}), request.POST["tail"].strip()
    try:
        found = whistle_phone.look_for(tail=tail, by=request.user, at=at)
    except Refused as refusal:
        return _drawn(request, stand, form, at, trouble=str(refusal), status=422)
    return _drawn(request, stand, form, at, tail=tail, known=found)


def _ring(stand: Stand, pk: str, at: datetime) -> Ring:
    found = Ring.objects.filter(pk=int(pk) if pk.isdecimal() else 0, scope=stand.scope, keep_until__gt=at).first()
    if found is None:
        raise Http404
    return found


def _drawn(
    request: Request, stand: Stand, form: PickUpForm, at: datetime, *, tail: str = "", known: Sequence[Ring] = (),
    trouble: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "stand": stand, "form": form, "now": at, "tail": tail, "known": known, "trouble": trouble,
        "rings": queries.rings_of(request.user), "may_complete": queries.may_complete,
    }  # fmt: skip
    return drawn(request, "orders/whistle_phone.html", context, status=status)


@require_POST
@picker_required
def phone_forget(request: Request, pk: int) -> HttpResponse:
    """A caller does not want to be known any more."""
    at = timezone.now()
    whistle_phone.forget_caller(ring=_ring(_stand(request, at), str(pk), at), by=request.user, at=at)
    messages.success(request, _("忘掉了，这个号码不再记着。"))
    return HttpResponseRedirect(address("phone"))


@sensitive_post_parameters("phone", "name", "text", "place")
@require_http_methods(["GET", "POST"])
@picker_required
def phone_more(request: Request, number: str) -> HttpResponse:
    """What follows after the tap, by who took the call, until the desk has judged."""
    at = timezone.now()
    order = access.order_of(request.user, number, at)
    if order.placed_by_id != request.user.pk:
        raise Http404
    form = CompleteForm(order.community, request.POST or None)
    if form.is_valid():
        try:
            whistle_phone.complete(order=order, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s 补上了。") % order.number)
            return HttpResponseRedirect(address("phone"))
    return _more(request, order, form, at)


def _more(request: Request, order: Order, form: forms.Form, at: datetime) -> HttpResponse:
    context: dict[str, Any] = {
        "order": order, "form": form, "now": at, "is_open": queries.may_complete(order, request.user),
        "has_phone": order.askers.filter(is_first=True).exclude(phone_tail="").exists(),
        "is_empty": order.masked == whistle_phone.NOTHING_YET,
    }  # fmt: skip
    return drawn(request, "orders/whistle_phone_more.html", context, status=422 if form.errors else 200)
