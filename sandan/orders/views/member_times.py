"""The old address of one's own times: they stand on the member's own page now."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sandan.orders.views.member import member_required
from sandan.people.access import Request


@member_required
def times(_request: Request) -> HttpResponse:
    """On to the own page, where the week lies."""
    return HttpResponseRedirect(reverse("people:me") + "#when")
