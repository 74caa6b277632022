"""The line on which a board hears that something moved in its areas."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core import live as journal_news
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.views.boards_frame import desk_required
from sandan.people.access import Request


@require_safe
@desk_required
def live(request: Request) -> HttpResponseBase:
    """Server-sent events without content: the page asks anew for what it may see. 204 where the house is full."""
    codes = desk_codes(request.user, timezone.now())
    if not journal_news.READER.enter():
        return HttpResponse(status=204)
    response = StreamingHttpResponse(journal_news.events(codes), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy passes each line on at once
    return response
