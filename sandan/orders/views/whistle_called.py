"""The called unit's pages: what its clerk answers in one press, on a phone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders import access
from sandan.orders.actions import whistle
from sandan.orders.forms import whistle as whistle_forms
from sandan.orders.forms.desk_moves import MoveForm
from sandan.orders.models import Call
from sandan.orders.queries import joint, whistle_phone, whistle_side
from sandan.orders.queries import whistle as queries
from sandan.orders.queries.desk_order import place_name
from sandan.orders.queries.rows import HIDDEN, cut
from sandan.orders.views.member import address, drawn, member_required
from sandan.people.access import Request

FORMS: dict[str, type[forms.Form]] = {
    "come": MoveForm, "decline": whistle_forms.NoForm, "arrive": MoveForm, "report": whistle_forms.ReportForm,
    "judge": whistle_forms.JudgeForm,
}  # fmt: skip
ACTS: dict[str, Callable[..., Call]] = {
    "come": whistle.come, "decline": whistle.decline, "arrive": whistle.arrive, "report": whistle.report,
    "judge": whistle.judge,
}  # fmt: skip
SAID: dict[str, str | Promise] = {
    "come": gettext_lazy("说了来，吹哨的人知道了。到了点「到了」。"),
    "decline": gettext_lazy("说了来不了，吹哨的人知道了。"),
    "arrive": gettext_lazy("记下到了。办完写一句。"),
    "report": gettext_lazy("记下了，辛苦。说说这声哨吹得怎么样。"),
    "judge": gettext_lazy("记下了，谢谢。"),
}
OPEN: dict[str, tuple[str, ...]] = {  # what may be pressed in which state, the next right one first
    "sent": ("come", "decline", "arrive"),
    "missed": ("come", "decline", "arrive"),
    "coming": ("arrive", "report", "decline"),
    "arrived": ("report",),
}


@require_safe
@member_required
def beside(request: Request) -> HttpResponse:
    """What others ask of me: whistles for my units, orders to help with; and the key for a phone call."""
    at = timezone.now()
    context = {
        "now": at, "called": queries.called(request.user, at), "shares": joint.mine(request.user, at),
        "stand": whistle_phone.stand_of(request.user, at), "place_of": place_of, "matter_of": matter_of,
        "states": whistle_side.STATES, "is_part": bool(request.htmx),
    }  # fmt: skip
    return drawn(request, "orders/whistle_beside.html", context, part="lists" if request.htmx else None)


def matter_of(order: Any) -> str:
    """One line of an order for somebody beside it; of a personal matter its kind, of a sealed one its department."""
    if order.privacy not in HIDDEN:
        return cut(order.masked)
    category = order.category
    if category is None:
        return ""
    return str(category.department if order.privacy == Category.Privacy.SEALED else category.name)


def place_of(order: Any) -> str:
    """The building at most; of a personal matter the community."""
    return order.community.name if order.privacy in HIDDEN else (place_name(order) or order.community.name)


@require_safe
@member_required
def called(request: Request, number: str) -> HttpResponse:
    """One whistle for my unit: what is asked, where, until when; two large keys."""
    at = timezone.now()
    return _called(request, access.call_of(request.user, number, at), at)


@require_POST
@member_required
def called_move(request: Request, number: str, verb: str) -> HttpResponse:
    """One answer; a refusal comes back as a sentence with status 422."""
    at = timezone.now()
    call = access.call_of(request.user, number, at)
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST)
    if form.is_valid():
        try:
            ACTS[verb](call=call, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(SAID[verb]))
            return HttpResponseRedirect(address("called", number))
    fresh = access.call_of(request.user, number, at)
    return _called(request, fresh, at, verb=verb, form=form, status=422)


def _called(
    request: Request, call: Call, at: datetime, *, verb: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    order, is_live = call.whistle.order, access.is_called(call)
    verbs = OPEN.get(call.state, ()) if is_live else ()
    if call.judged_by_id is None and call.state != "dropped" and (call.state in ("done", "declined") or not is_live):
        verbs = (*verbs, "judge")
    bound = {verb: form} if form is not None else {}
    context = {
        "call": call, "order": order, "now": at, "is_live": is_live, "verbs": verbs, "refused": verb,
        "forms": {one: bound.get(one) or _form(one) for one in {*verbs, *bound}},
        "place": place_of(order), "matter": matter_of(order), "is_hidden": order.privacy in HIDDEN,
        "state": whistle_side.STATES[call.state],
    }  # fmt: skip
    return drawn(request, "orders/whistle_called.html", context, status=status)


def _form(verb: str) -> forms.Form:
    form = FORMS[verb]()
    form.auto_id = f"{verb}_%s"
    return form
