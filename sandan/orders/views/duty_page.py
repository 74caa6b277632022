"""The big page of who was paged: what happened, where, and one press."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.notices.queries import unread_count
from sandan.orders import access
from sandan.orders.actions import duty_paging
from sandan.orders.models import Order, Page
from sandan.orders.queries import desk_order, ladder_order
from sandan.orders.queries.rows import HIDDEN
from sandan.people.access import Request, role_required
from sandan.people.models import Role

ACTS = {"respond": duty_paging.respond, "hand_on": duty_paging.hand_on}


@require_http_methods(["GET", "POST"])
@role_required(*Role)
def paged(request: Request, number: str) -> HttpResponse:
    """What one was woken for; a press answers it or wakes the next. Who came too late reads who has it."""
    at = timezone.now()
    order, roles = _order_of(request, number, at)
    refusal = ""
    act = ACTS.get(request.POST.get("act", ""))
    if request.method == "POST" and act:
        try:
            act(order=order, by=request.user, at=at)
            return _onward(request, number, at)
        except Refused as no:
            refusal = str(no)
    context = _context(request, order, roles, refusal)
    return page(request, "orders/duty_page.html", context, status=422 if refusal else 200)


def _order_of(request: Request, number: str, at: datetime) -> tuple[Order, frozenset[str]]:
    """An order this person was paged for or may see at a desk; otherwise the same 404.

    Who was paged and is no longer needed still reads that it is over, without a word of what it was.
    """
    try:
        order = access.order_of(request.user, number, at)
        return order, access.roles_of(order, request.user, at)
    except Http404:
        columns = access.named(number)
        was = Order.objects.filter(**columns, pagings__pages__person=request.user).first() if columns else None
        if was is None:
            raise
        return was, frozenset()


def _onward(request: Request, number: str, at: datetime) -> HttpResponse:
    """To the order where he may go on with it, else back here."""
    if request.POST.get("act") == "hand_on":
        messages.success(request, _("转给下一位了。"))
        return HttpResponseRedirect(reverse("orders:paged", args=[number]))
    messages.success(request, _("您在处理，别的人不再叫了。"))
    try:
        roles = access.roles_of(access.order_of(request.user, number, at), request.user, at)
    except Http404:
        roles = frozenset()
    name = "detail" if "desk" in roles else "paged"
    return HttpResponseRedirect(reverse(f"orders:{name}", args=[number]))


def _context(request: Request, order: Order, roles: frozenset[str], refusal: str) -> dict[str, Any]:
    found = ladder_order.searches(order)
    search = found[0] if found else None
    mine = Page.objects.filter(paging__order=order, person=request.user).order_by("-pk").first()
    is_hidden = order.privacy in HIDDEN
    return {
        "order": order, "roles": roles, "may_see": "seer" in roles or "desk" in roles, "refusal": refusal,
        "search": search, "mine": mine,
        "matter": _("内容是密封的，应了以后到单子里看。") if is_hidden else order.masked,
        "place_name": "" if is_hidden else desk_order.place_name(order), "unread_count": unread_count(request.user),
        "may_press": search is not None and search.is_open and bool(roles & {"paged", "desk", "upper"}),
        "may_hand_on": mine is not None and mine.state in ("sent", "missed") and search is not None and search.is_open,
        "minutes": duty_paging.PAGE_MINUTES,
    }  # fmt: skip
