"""One's own wishes: short messages and e-mail on or off, and which mailbox."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sandan.core.pages import page
from sandan.core.sealed import Sealed
from sandan.notices import actions, channels, queries
from sandan.notices.forms import ReachForm
from sandan.notices.models import Reach
from sandan.notices.views.inbox import anybody_with_a_post, frame_of
from sandan.people.access import Request


@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
@anybody_with_a_post
def reach(request: Request) -> HttpResponse:
    """What is chosen now, and the change of it."""
    form = ReachForm(request.POST) if request.method == "POST" else ReachForm(initial=_chosen(request))
    if request.method == "POST" and form.is_valid():
        actions.choose(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("记下了。"))
        return redirect("notices:reach")
    ways = {"sms": channels.reaches_phones(), "email": channels.reaches_mail()}
    context = {
        "form": form, "ways": ways, "tail": request.user.phone_tail, "frame": frame_of(request),
        "unread_count": queries.unread_count(request.user),
    }  # fmt: skip
    return page(request, "notices/reach.html", context, status=422 if form.errors else 200)


def _chosen(request: Request) -> dict[str, object]:
    chosen = Reach.objects.filter(person=request.user).first() or Reach(person=request.user)
    box = chosen.email
    address = box.open_unlogged() if isinstance(box, Sealed) else ""  # shown to its owner alone
    return {"takes_sms": chosen.takes_sms, "takes_email": chosen.takes_email, "email": address}
