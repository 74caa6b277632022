"""When I have time: the member's own page; what it holds is used for proposals and limits alone (R018)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.orders.forms.member_times import DAYS, PARTS, TimesForm, start_of
from sandan.orders.views.member import address, drawn, member_required
from sandan.people import actions
from sandan.people.access import Request


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def times(request: Request) -> HttpResponse:
    """The week as a table of ticks, and days away; a post replaces both."""
    form = TimesForm(request.POST if request.method == "POST" else None, initial=start_of(request.user))
    if form.is_valid():
        try:
            actions.set_times(weekly=form.weekly(), away=form.away(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("away_to", str(refusal))
        else:
            messages.success(request, _("记下了。以后按这个时间推给您。"))
            return HttpResponseRedirect(address("mine"))
    context = {
        "form": form, "ticked": form["free"].value() or [], "days": list(enumerate(DAYS)),
        "parts": [(code, label) for code, (label, _begin, _end) in PARTS.items()],
    }  # fmt: skip
    return drawn(request, "orders/member_times.html", context, status=422 if form.errors else 200)
