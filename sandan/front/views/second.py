"""The second proof: after the first one at the door, and again before what is sealed or grave."""

import json
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.front import actions, queries
from sandan.front.forms import AgainForm, FiguresForm
from sandan.front.models import Factor
from sandan.front.views.admitting import let_in, note, pending, source_of
from sandan.front.views.greeting import way_back
from sandan.people.access import Request
from sandan.people.models import Person

QUESTION = "front_question"  # what the session remembers of a question to a passkey


def site_of(request: HttpRequest) -> actions.Site | None:
    """Where passkeys are good: over https or on this very machine, by name; None elsewhere."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if not request.is_secure() and host != "localhost":
        return None
    return actions.Site(host=host, origin=f"{request.scheme}://{request.get_host()}")


def _question(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The question to somebody's passkeys for the page, remembered in the session; None where there are none."""
    keys = [one for one in queries.factors_of(person) if one.kind == Factor.Kind.PASSKEY]
    site = site_of(request)
    if not keys or site is None:
        return None
    options, state = actions.begin_proving(site=site, factors=keys)
    request.session[QUESTION] = state
    return options


def answer_of(request: HttpRequest) -> Any:
    """What the browser's key answered; None for what is no JSON."""
    try:
        return json.loads(request.POST.get("answer", ""))
    except ValueError:
        return None


def _proved(request: HttpRequest, person: Person, form: FiguresForm, at: datetime) -> str | None:
    """How the second proof was given; None, and the form says why, where it was not."""
    try:
        if "answer" in request.POST:
            site, state = site_of(request), request.session.pop(QUESTION, None)
            if site is None or state is None:
                raise actions.WrongKey(_("问得太久了，请再按一次。"))
            actions.prove_key(site=site, person=person, state=state, answer=answer_of(request), at=at)
            return "passkey"
        if not form.is_valid():
            return None
        how = actions.prove(person=person, typed=form.cleaned_data["code"], source=source_of(request), at=at)
    except Refused as refusal:
        form.errors.clear()
        form.add_error(None, str(refusal))
        return None
    if how is None:
        form.add_error("code", _("数字不对，或者刚刚用过。等验证器换下一组数字，再试一次。"))
    return how


@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """After the password or the code: the figures of an app, one from the paper, or a passkey."""
    found = pending(request)
    if found is None:
        return HttpResponseRedirect(url("front:login"))
    person, first = found
    form = FiguresForm(request.POST or None)
    if request.method == "POST" and (how := _proved(request, person, form, timezone.now())):
        try:
            return let_in(request, person, how=f"{first['how']} {how}"[:20], wanted=first["next"], has_second=True)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "question": _question(request, person), "has_app": queries.app_of(person) is not None}
    return page(request, "front/second.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Request) -> HttpResponse:
    """Who is signed in proves it once more: by the second factor where there is one, else by password."""
    person = request.user
    if queries.has_second(person):
        return _again_by_factor(request, person)
    form = AgainForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        try:
            typed, source = form.cleaned_data["password"], source_of(request)
            if actions.attempt(typed=person.login, password=typed, source=source, at=timezone.now()):
                return _back(request, form.cleaned_data["next"])
            form.add_error("password", _("密码不对。看看大小写有没有按错，再试一次。"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return page(request, "front/again.html", {"form": form, "question": None}, status=422 if form.errors else 200)


def _again_by_factor(request: Request, person: Person) -> HttpResponse:
    form = FiguresForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and _proved(request, person, form, timezone.now()):
        return _back(request, request.POST.get("next", ""))
    context = {"form": form, "question": _question(request, person)}
    return page(request, "front/again.html", context, status=422 if form.errors else 200)


def _back(request: Request, wanted: str) -> HttpResponse:
    at = timezone.now().timestamp()
    note(request, proved=at, at=at)
    return HttpResponseRedirect(way_back(request, wanted) if wanted else url("front:safety"))
