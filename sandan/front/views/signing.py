"""Signing in by password and out, and the first page of one's day."""

from django.conf import settings
from django.contrib.auth import logout as sign_out
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page, url, url_or_none
from sandan.front import actions, queries
from sandan.front.forms import LoginForm
from sandan.front.views.admitting import admit, source_of
from sandan.front.views.outside import ways
from sandan.notices.channels import reaches_phones


def _tried(request: HttpRequest, form: LoginForm) -> HttpResponse | None:
    """The way in for who typed the form; otherwise None, and the form says why."""
    if not form.is_valid():
        return None
    typed, password = form.cleaned_data["login"], form.cleaned_data["password"]
    try:
        person = actions.attempt(typed=typed, password=password, source=source_of(request), at=timezone.now())
        if person is not None:
            return admit(request, person, how="password", wanted=form.cleaned_data["next"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    form.add_error(None, _("登录名或密码不对。看看大小写有没有按错，再试一次。"))
    return None


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login of members and staff; residents need none."""
    form = LoginForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and (way_in := _tried(request, form)):
        return way_in
    context = {
        "form": form,
        "follow": url_or_none("orders:follow"),
        "by_code": reaches_phones(),
        "ways": ways(),
        "demo": queries.demo_logins(timezone.now()) if settings.DEMO else None,
        "demo_password": queries.DEMO_PASSWORD,
    }
    return page(request, "front/login.html", context, status=422 if form.errors else 200)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out, and home."""
    sign_out(request)
    return HttpResponseRedirect(url("front:home"))


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Each role to the first page of its day; whoever has none, home."""
    person = request.user
    return HttpResponseRedirect(queries.start_of(person, timezone.now()) or url("front:home"))


@login_required
@require_POST
def awake(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (the guard before it has noted the activity)
    """204: somebody is typing; a long text must not be lost to the idle clock."""
    return HttpResponse(status=204)
