"""Passes: the community lifts the limits for a neighbour who reports a lot, or for a device of its own."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders.actions import limiting
from sandan.orders.forms.desk_passes import PassForm
from sandan.orders.models import Pass
from sandan.orders.queries import desk_passes
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request


@require_http_methods(["GET", "POST"])
@desk_required
def passes(request: Request) -> HttpResponse:
    """Give a pass, shown once; those that are in force, each with a button that ends it."""
    at = timezone.now()
    codes = desk_codes(request.user, at)
    form = PassForm(request.POST or None, desk_passes.communities(codes))
    code = ""
    if form.is_valid():
        code = limiting.issue(by=request.user, at=at, **form.cleaned_data)
    context = {"form": form, "code": code, "passes": desk_passes.in_force(codes, at), "minutes": desk_passes.MINUTES}
    context["most"] = desk_passes.most_an_hour()
    status = 422 if form.errors else 200
    response = page(request, "orders/desk_passes.html", frame(request, at) | context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@desk_required
def withdraw(request: Request, pk: int) -> HttpResponse:
    """End a pass; the same 404 for another community's as for none."""
    at = timezone.now()
    given = get_object_or_404(Pass.objects.filter(desk_passes.over(desk_codes(request.user, at))), pk=pk)
    try:
        limiting.withdraw(given=given, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("放行码收回了。"))
    return HttpResponseRedirect(reverse("orders:passes"))
