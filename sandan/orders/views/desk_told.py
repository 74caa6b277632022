"""Who was told of an order, by what, and whether it arrived: a part of the desk's page that is fetched by itself."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.notices.queries import deliveries_of
from sandan.notices.queries.ledger import Told
from sandan.orders.models import Asker
from sandan.orders.views.desk import order_of, staff_required
from sandan.people.access import Request


@require_safe
@staff_required
def told(request: Request, number: str) -> HttpResponse:
    """The latest first; a page of its own where no script fetched it."""
    order, _roles = order_of(request, number, timezone.now())
    first = Asker.objects.filter(order=order, is_first=True).values_list("pk", flat=True).first()
    context = {"order": order, "lines": [_line(line, first) for line in deliveries_of(order)]}
    return page(request, "orders/desk_told.html", context, part="lines" if request.htmx else None)


def _line(line: Told, first: int | None) -> dict[str, object]:
    asker = _("点单人") if line.asker_id == first else _("同报的人")
    who = line.name or asker
    return {"at": line.at, "who": who, "text": line.text, "ways": line.ways, "is_missed": line.is_missed}
