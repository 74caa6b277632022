"""居民的删除要求: of sealed matters the desk makes sure who wishes it, then erases or says no."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders.actions import resident_data
from sandan.orders.queries import desk_wishes
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request


@require_safe
@desk_required
def wishes(request: Request) -> HttpResponse:
    """What waits for this desk, and what goes by itself when its order ends."""
    at = timezone.now()
    found = list(desk_wishes.wishes(desk_codes(request.user, at))[: desk_wishes.MOST])
    context = frame(request, at) | {"held": [one for one in found if one.state == "held"],
                                    "waiting": [one for one in found if one.state == "waiting"]}  # fmt: skip
    response = page(request, "orders/desk_wishes.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@desk_required
def decide(request: Request, pk: int, verb: str) -> HttpResponse:
    """Erase, or refuse; the same 404 for another community's wish as for none."""
    if verb not in ("erase", "refuse"):
        raise Http404
    at = timezone.now()
    wish = get_object_or_404(desk_wishes.wishes(desk_codes(request.user, at)), pk=pk)
    try:
        resident_data.decide(wish=wish, agrees=verb == "erase", by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("删掉了。") if verb == "erase" else _("记下了：不删。请打电话告诉他原因。"))
    return HttpResponseRedirect(reverse("orders:wishes"))
