"""One sheet of A4 for a notice board: how to place an order, where, by which number, what happens next."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sandan.core.pages import HOTLINE, page, url
from sandan.orders import clocks
from sandan.orders.models.order import Urgency
from sandan.orders.queries import resident_writing

PLACES: dict[str, Promise] = {  # where a sheet hangs or a link is posted: its code says so in every order (R053)
    "board": _("宣传栏"),
    "meeting": _("群众会"),
    "wechat": _("微信公众号"),
    "group": _("居民群"),
}


@dataclass(frozen=True)
class Way:
    """One place for the sheet: its code, its name, the address of its sheet."""

    code: str
    name: str
    href: str


def qr(text: str) -> str:
    """A QR code as an inline drawing, error correction M, without size: the style gives it."""
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return mark_safe(drawing.replace("<svg ", '<svg shape-rendering="crispEdges" ', 1))


@require_safe
def sheet(request: HttpRequest, community: str) -> HttpResponse:
    """The sheet of a community; `?from=` says where it will hang."""
    place = resident_writing.community(community)
    if place is None:
        raise Http404
    here = request.GET.get("from", "board")
    here = here if here in PLACES else "board"
    address = request.build_absolute_uri(f"{url('orders:place')}?c={place.code}&from={here}")
    own = url("orders:sheet", place.code)
    context = {
        "community": place, "street": place.parent, "phone": place.phone or HOTLINE, "address": address,
        "qr": qr(address), "ways": [Way(code, str(name), f"{own}?from={code}") for code, name in PLACES.items()],
        "here": here, "first_hours": clocks.FIRST_LOOK_MINUTES // 60,
        "urgent_hours": clocks.accept_minutes(None, Urgency.URGENT) // 60, "reopen_days": clocks.REOPEN_DAYS,
        "printed": _month(timezone.now()),
    }  # fmt: skip
    return page(request, "orders/resident_sheet.html", context)


def _month(at: datetime) -> dict[str, int]:
    local = timezone.localtime(at)
    return {"year": local.year, "month": local.month}
