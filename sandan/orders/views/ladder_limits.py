"""各级时限: how long an item may stay on a level; the district sets it, all desks read it, with its history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders.actions import ladder_limits as actions
from sandan.orders.forms.ladder_limits import LimitForm
from sandan.orders.models import LevelLimit
from sandan.orders.queries import ladder_limits as queries
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request, posts_of
from sandan.people.models import Role


def _sets(request: Request) -> bool:
    return any(post.role == Role.DISTRICT for post in posts_of(request.user, timezone.now()))


@require_http_methods(["GET", "POST"])
@desk_required
def limits(request: Request) -> HttpResponse:
    """The limits in force and what was changed; a POST of the district sets one."""
    at, sets = timezone.now(), _sets(request)
    if request.method == "POST" and not sets:
        raise PermissionDenied
    form = LimitForm(queries.items(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.set_limit(by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("定好了，从现在起按这个算。"))
            return HttpResponseRedirect(reverse("orders:limits"))
    context = frame(request, at) | {
        "form": form, "sets": sets, "rows": queries.in_force(), "history": queries.history(),
        "level_word": queries.level_word, "place": "orders:ladder",
    }  # fmt: skip
    return page(request, "orders/ladder_limits.html", context, status=422 if form.errors else 200)


@require_POST
@desk_required
def limit_drop(request: Request, pk: int) -> HttpResponse:
    """The usual time holds again."""
    row = LevelLimit.objects.filter(pk=pk).first()
    if row is None or not _sets(request):
        raise Http404
    actions.drop_limit(limit=row, by=request.user, at=timezone.now())
    messages.success(request, _("去掉了，又按通常的时间算。"))
    return HttpResponseRedirect(reverse("orders:limits"))
