"""我的信息 for those who serve: who looked at one's number, what is held, a copy of it."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from sandan.core import journal
from sandan.core.pages import page
from sandan.notices.queries import unread_count
from sandan.notices.views.inbox import anybody_with_a_post, frame_of
from sandan.orders.queries import own_data as queries
from sandan.people.access import Request


@require_safe
@anybody_with_a_post
def own_data(request: Request) -> HttpResponse:
    """What is held in outline, and every look at one's own number."""
    context = {
        "own": queries.own(request.user), "looks": queries.looks_at(request.user), "frame": frame_of(request),
        "unread_count": unread_count(request.user),
    }  # fmt: skip
    response = page(request, "orders/own_data.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@anybody_with_a_post
@sensitive_variables("answer")
def own_file(request: Request) -> HttpResponse:
    """All of it as a file; that it was taken leaves a line."""
    journal.write(request.user, "hand_out", by=request.user, at=timezone.now(), scope="", form="file")
    whole = queries.own(request.user).as_json(queries.looks_at(request.user))
    answer = HttpResponse(whole, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="sandan-my-data.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
