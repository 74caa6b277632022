"""连心卡 on a screen: who looks after a grid, the work number to ring, one key to place an order there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import HOTLINE, page, url
from sandan.orders.queries import whistle_card as queries
from sandan.orders.views import resident


@require_safe
def card(request: HttpRequest, grid: str) -> HttpResponse:
    """The card of a grid; open to everybody, as the printed one is. A grid that is no more gives the 404."""
    at = timezone.now()
    found = queries.card_of(grid, at)
    if found is None:
        raise Http404
    community = found.community
    context = resident.about(community) | {
        "card": found, "order_url": f"{url('orders:place')}?c={community.code}&g={found.grid.code}&from=card",
        "supervision": HOTLINE,
    }  # fmt: skip
    return page(request, "orders/whistle_card.html", context)
