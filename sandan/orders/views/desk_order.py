"""One order at the desk: its course, its moves, its proofs, and who looked at what is sealed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders import access, actions
from sandan.orders.actions import desk, looking
from sandan.orders.forms import desk_moves
from sandan.orders.models import Order
from sandan.orders.queries import desk_inbox, desk_order, ladder_order, lights, reasons, sql_sheet, timeline
from sandan.orders.views import desk_buttons
from sandan.orders.views.desk import address, frame, order_of, posts_of, staff_required
from sandan.people.access import Request


@require_safe
@staff_required
def detail(request: Request, number: str) -> HttpResponse:
    """The whole order, and what may be done about it now."""
    at = timezone.now()
    order, roles = order_of(request, number, at)
    return _drawn(request, order, roles, at)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def move(request: Request, number: str, verb: str) -> HttpResponse:
    """One move of the table with what it asks for; a refusal comes back as a sentence with status 422.

    To be read it is the form alone for a swap, else the order's page with this form open.
    """
    at = timezone.now()
    order, roles = order_of(request, number, at)
    if verb not in desk_moves.FORMS:
        raise Http404
    if request.method != "POST":
        return _asked(request, order, roles, at, verb)
    form = desk_moves.form_of(verb, order, at, request.POST)
    if form.is_valid():
        try:
            _act(verb)(order=order, by=request.user, at=at, **form.cleaned_data)
            return _done(request, order, verb, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    order, roles = order_of(request, number, at)
    return _drawn(request, order, roles, at, verb=verb, form=form, status=422)


def _asked(request: Request, order: Order, roles: frozenset[str], at: datetime, verb: str) -> HttpResponse:
    if not request.htmx:
        return _drawn(request, order, roles, at, verb=verb)
    one = next((one for one in desk_buttons.buttons(order, roles, at, verb) if one.verb == verb), None)
    if one is None:
        raise Http404
    return page(request, "orders/desk_move_form.html", {"order": order, "one": one})


def _act(verb: str) -> Callable[..., Any]:
    acts: dict[str, Callable[..., Any]] = {"call_back": desk.called}
    found: Callable[..., Any] = acts.get(verb) or getattr(actions, verb)
    return found


def _done(request: Request, order: Order, verb: str, at: datetime) -> HttpResponse:
    """Back to the order, with a word; a swap gets the body of the page as it now stands."""
    messages.success(request, desk_buttons.done(verb) % order.number)
    if not request.htmx:
        return HttpResponseRedirect(address("detail", order.full_number))
    fresh, roles = order_of(request, order.full_number, at)
    return _drawn(request, fresh, roles, at)


@require_POST
@staff_required
def reveal(request: Request, number: str) -> HttpResponse:
    """Contact, door or original words in clear, once; each leaves a line that the asker may ask for."""
    at = timezone.now()
    order, roles = order_of(request, number, at)
    what = request.POST.get("what", "")
    if what not in looking.SEALED:
        raise Http404
    if not access.may_see_contact(roles, order):
        raise PermissionDenied(_("这一项现在不给看：要等接了单，或由负责这张单的社区来看。"))
    opened = looking.at_sealed(order=order, what=what, by=request.user, why="desk", at=at)
    return _drawn(request, order, roles, at, opened={what: opened})


def _drawn(
    request: Request, order: Order, roles: frozenset[str], at: datetime, *, verb: str = "",
    form: forms.Form | None = None, opened: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    waiting = desk_inbox.waiting(posts_of(request.user, at)).count()
    context = _course(order, at) | {
        "order": order, "buttons": desk_buttons.buttons(order, roles, at, verb or request.GET.get("do", ""), form),
        "opened": opened or {}, "may_see": access.may_see_contact(roles, order),
        "waits": desk_buttons.waits(order, roles), "roles": roles, **frame(request.user, at, waiting),
    }  # fmt: skip
    part = "sheet" if request.htmx else None
    return page(request, "orders/desk_order.html", context, part=part, status=status)


def _course(order: Order, at: datetime) -> dict[str, Any]:
    """What happened so far, ready to be drawn."""
    running, sheet = lights.running(order), sql_sheet.sheet(order.pk)
    return {
        "now": at, "light": lights.light_of(running, at), "left": desk_order.time_left(order, at),
        "lines": timeline.of(order, "desk", at), "bar": desk_order.custody_bar(order, sheet.custody, at),
        "times": desk_order.times(order, sheet.pauses, at), "stops": desk_order.stops(sheet.pauses, sheet.extensions),
        "looks": desk_order.looks(sheet.looks), "askers": sheet.askers, "calls": desk_order.calls(sheet.calls),
        "relatives": desk_order.relatives(order) if sheet.below or order.parent_id or order.into_id else [],
        "proofs": desk_buttons.proofs(order, {photo.stage for photo in sheet.stages}), "offers": sheet.offers,
        "place_name": desk_order.place_name(order), "channel": reasons.CHANNELS.get(order.channel, order.channel),
        "passed_to": reasons.WHERE.get(order.handed_to, order.handed_to),
        "rungs": ladder_order.steps(order) if order.step_count or order.level != 2 else [],
        "searches": ladder_order.searches(order), "advice": ladder_order.advice(order, at),
    }  # fmt: skip
