"""Call-backs: the list, one press for nobody there, a short form for what was heard."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders import access
from sandan.orders.actions import desk
from sandan.orders.forms.boards import CallForm
from sandan.orders.models import Order
from sandan.orders.queries import boards_calls as queries
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.queries.rows import HIDDEN, hidden_matter
from sandan.orders.views.boards_frame import cursor_of, desk_required, frame, turned, where
from sandan.people.access import Request


@require_safe
@desk_required
def calls(request: Request) -> HttpResponse:
    """Whose word is missing; a refresh gets the rows alone."""
    at = timezone.now()
    board, found = queries.calls(desk_codes(request.user, at), request.user, at, cursor_of(request))
    context = frame(request, at) | {
        "calls": found, "total": board.total_words, "where": where(board), "here": request.get_full_path(),
        "before": turned(request, board.before), "after": turned(request, board.after),
    }  # fmt: skip
    return page(request, "orders/boards_calls.html", context, part="live" if request.htmx else None)


@require_http_methods(["GET", "POST"])
@desk_required
def call(request: Request, number: str) -> HttpResponse:
    """The short form for an asker who was reached, and keeping what he said."""
    order = _order(request, number)
    form = CallForm(request.POST or None)
    if form.is_valid():
        try:
            desk.called(order=order, is_reached=True, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s 回访记下了。") % order.number)
            return HttpResponseRedirect(reverse("orders:calls"))
    return page(request, "orders/boards_call.html", _asked(request, order, form), status=422 if form.errors else 200)


def _asked(request: Request, order: Order, form: CallForm) -> dict[str, Any]:
    is_hidden = order.privacy in HIDDEN
    return frame(request, timezone.now()) | {
        "order": order, "form": form, "is_hidden": is_hidden,
        "matter": hidden_matter(order.privacy) if is_hidden else order.masked,
    }  # fmt: skip


@require_POST
@desk_required
def missed(request: Request, number: str) -> HttpResponse:
    """Nobody answered: one try more."""
    order = _order(request, number)
    try:
        desk.called(order=order, is_reached=False, channel="phone", by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%s 没接通，记了一次。") % order.number)
    return HttpResponseRedirect(reverse("orders:calls"))


def _order(request: Request, number: str) -> Order:
    """The order, for somebody who may review it; the same 404 as if it were absent for all others."""
    at = timezone.now()
    order = access.order_of(request.user, number, at)
    if "reviewer" not in access.roles_of(order, request.user, at):
        raise Http404
    return order
