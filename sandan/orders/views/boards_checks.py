"""Field checks: drawing a sample, and writing down what was seen."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders.actions import checking
from sandan.orders.forms.boards import CheckForm, DrawForm
from sandan.orders.models import Check, Order
from sandan.orders.queries.boards_scope import desk_codes, over
from sandan.orders.queries.rows import HIDDEN, board_rows
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request

MOST_FILES = 9


@require_http_methods(["GET", "POST"])
@desk_required
def checks(request: Request) -> HttpResponse:
    """My visits, and drawing new ones; matters under seal are not visited."""
    at = timezone.now()
    form = DrawForm(request.POST or None)
    if form.is_valid():
        among = over(desk_codes(request.user, at)).exclude(privacy__in=HIDDEN)
        try:
            drawn = checking.draw(among=among, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("抽了 %s 件。") % len(drawn))
            return HttpResponseRedirect(reverse("orders:checks"))
    owed = list(checking.open_of(request.user))
    rows = {row.id: row for row in board_rows(Order.objects.filter(pk__in=[check.order_id for check in owed]), at)}
    context = {"form": form if form.is_bound else DrawForm(), "owed": [(c, rows[c.order_id]) for c in owed]}
    return page(request, "orders/boards_checks.html", frame(request, at) | context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_required
def check(request: Request, pk: int) -> HttpResponse:
    """One visit of mine; the same 404 for another's as for none."""
    at = timezone.now()
    visit = get_object_or_404(Check.objects.select_related("order"), pk=pk, person=request.user, done_at=None)
    form = CheckForm(request.POST or None)
    if form.is_valid():
        pictures = [file.read() for file in request.FILES.getlist("photos")[:MOST_FILES] if file]
        try:
            checking.record(check=visit, pictures=pictures, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s 走访记下了。") % visit.order.number)
            return HttpResponseRedirect(reverse("orders:checks"))
    row = board_rows(Order.objects.filter(pk=visit.order_id), at)[0]
    context = frame(request, at) | {"visit": visit, "row": row, "form": form}
    return page(request, "orders/boards_check.html", context, status=422 if form.errors else 200)
