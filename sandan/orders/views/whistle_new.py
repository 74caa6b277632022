"""A whistle for a place: the order is opened along with it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.orders.actions import placing, whistle
from sandan.orders.forms.whistle import NewForm, why_none
from sandan.orders.queries import whistle as queries
from sandan.orders.queries.whistle_phone import Stand, stand_of
from sandan.orders.views.desk import address
from sandan.orders.views.member import drawn
from sandan.people.access import Request, role_required
from sandan.people.models import Role

ground_required = role_required(Role.GRID_WORKER, Role.GRID_LEADER, Role.DISPATCHER)


@require_http_methods(["GET", "POST"])
@ground_required
def whistle_new(request: Request) -> HttpResponse:
    """What is wrong, where, whom to call; one press for both."""
    at = timezone.now()
    stand = stand_of(request.user, at)
    if stand is None:
        raise Http404
    units = list(queries.callable_units(stand.community.code, at))
    form = NewForm(units, stand.community, request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        try:
            blown = whistle.blow_at(**_said(form, stand), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("单子 %s 开好了，哨也吹出去了。") % blown.order.number)
            return HttpResponseRedirect(address("side", blown.order.full_number))
    context = {"form": form, "now": at, "stand": stand, "why_none": "" if units else why_none()}
    return drawn(request, "orders/whistle_new.html", context, status=422 if form.errors else 200)


def _said(form: NewForm, stand: Stand) -> dict[str, Any]:
    told = form.cleaned_data
    here = placing.Ground(community=stand.community, grid=stand.grid)
    sending = placing.Sending(
        key=told["key"], channel="patrol", text=told["text"], ground=told["ground"] or here,
    )  # fmt: skip
    return {"sending": sending, **{name: told[name] for name in ("units", "ask", "spot", "meet_at")}}
