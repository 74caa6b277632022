"""From a message to the page on which this person deals with the order."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sandan.orders import access
from sandan.orders.queries import duty
from sandan.orders.views.desk import ANSWERS
from sandan.orders.views.member import HELPERS, address
from sandan.people.access import EVERYBODY, Request, role_required
from sandan.people.models import Person


@require_safe
@role_required(*EVERYBODY)
def go(request: Request, number: str) -> HttpResponse:
    """To the page for their part in it; a helper whose part is over hears so, everybody else gets the 404."""
    at = timezone.now()
    try:
        return HttpResponseRedirect(address(_page(request.user, number, at), number))
    except Http404:
        if not any(post.role in HELPERS for post in access.posts_at(request.user, at)):
            raise
    messages.info(request, _("这张单已经不在您手上了，也不在大厅里。"))
    return HttpResponseRedirect(address("mine"))


def _page(person: Person, number: str, at: datetime) -> str:
    """The name of the page; raises Http404 where the order is absent or not theirs."""
    beside = access.part_of(person, number, at)
    if beside:
        return beside
    try:
        roles = access.roles_of(access.order_of(person, number, at), person, at)
    except Http404:
        if duty.was_paged(person, number):
            return "paged"  # where it says who has it now
        access.taking(person, number, at)
        return "hall_order"
    if "paged" in roles:
        return "paged"
    if "holder" in roles or ("server" in roles and not roles & ANSWERS):
        return "task"
    return "hall_order" if roles & {"fitting", "offered"} and not roles & ANSWERS else "detail"
