"""The board as a map: where the open orders of a desk lie, kept up to date."""

from dataclasses import asdict

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.orders.forms.boards_map import ViewForm
from sandan.orders.queries import boards_map as queries
from sandan.orders.queries.boards_filter import Filters
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request
from sandan.places.models import Place


@require_safe
@desk_required
def board_map(request: Request) -> HttpResponse:
    """The plan of the desk's first area with an empty layer; the orders come as data."""
    at = timezone.now()
    codes = desk_codes(request.user, at)
    focus = Place.objects.filter(pk=codes[0][:12]).only("code", "name", "west", "south", "east", "north").first()
    if focus is None:
        raise Http404
    context = {
        "focus": focus, "county": focus.code[:6], "unplaced": queries.unplaced(codes), "filters": Filters(),
        "tiles": settings.MAP_TILES, "approval": settings.MAP_APPROVAL,
    }  # fmt: skip
    return page(request, "orders/boards_map.html", frame(request, at) | context)


@require_safe
@desk_required
def board_map_orders(request: Request) -> HttpResponse:
    """What lies in the window that the address names: heaps from afar, single orders when near."""
    at = timezone.now()
    form = ViewForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"error": "window"}, status=422)
    found = queries.plan(desk_codes(request.user, at), form.view(), at)
    return JsonResponse(
        {"total": found.total, "heaps": [asdict(heap) for heap in found.heaps], "orders": found.orders},
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip
