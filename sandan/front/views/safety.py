"""登录与安全: one's own second factors, sessions, outside logins and password."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.front import actions, queries
from sandan.front.forms import FiguresForm, NewPasswordForm
from sandan.front.kinds import device_of
from sandan.front.models import Factor, Link, Visit
from sandan.front.views.admitting import BACKEND, is_proved, marks_of, note, source_of
from sandan.front.views.outside import ways, words
from sandan.front.views.second import QUESTION, answer_of, site_of
from sandan.people.access import Request

View = Callable[..., HttpResponse]


def proved(view: View) -> View:
    """Only for who has proved within the last minutes who they are; others do so first and come back."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_proved(request, timezone.now()):
            back = request.get_full_path() if request.method in ("GET", "HEAD") else url("front:safety")
            return HttpResponseRedirect(f"{url('front:again')}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def said(device: str) -> str:
    """Two words for a device, e.g. 手机 · 微信."""
    known = {
        "phone": _("手机"), "tablet": _("平板"), "windows": _("Windows 电脑"), "mac": _("苹果电脑"),
        "linux": _("Linux 电脑"), "wechat": _("微信"), "wecom": _("企业微信"), "dingtalk": _("钉钉"),
        "feishu": _("飞书"), "edge": "Edge", "firefox": "Firefox", "chrome": _("谷歌内核浏览器"), "safari": "Safari",
    }  # fmt: skip
    found = [known[word] for word in device.split() if word in known]
    return " · ".join(found) or _("别的设备")


@login_required
@require_safe
def safety(request: Request) -> HttpResponse:
    """Everything about one's own login on one page."""
    person, at = request.user, timezone.now()
    key = actions.key_digest(request.session.session_key)
    is_required = settings.SECOND_FACTOR == "required" and queries.wants_second(person, at)
    factors, links = queries.factors_of(person), queries.links_of(person)
    context = {
        "factors": factors,
        "has_app": any(one.kind == Factor.Kind.TOTP for one in factors),
        "paper_left": queries.paper_left(person),
        "visits": [(one, said(one.device), bytes(one.key) == key) for one in queries.visits_of(person, at)],
        "links": [(one, words().get(one.provider, one.provider)) for one in links],
        "ways": [way for way in ways() if way["code"] not in {one.provider for one in links}],
        "may_have_keys": site_of(request) is not None,
        "must": is_required and not factors,
        "said": said,
    }
    return page(request, "front/safety.html", context)


@proved
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: Request) -> HttpResponse:
    """Set up an app that counts time: scan, type the first figures."""
    person, at = request.user, timezone.now()
    form = FiguresForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            actions.confirm_app(person=person, typed=form.cleaned_data["code"], at=at)
            return _set_up(request)
        factor = queries.waiting_app(person) if request.method == "POST" else None
        factor = factor or actions.begin_app(person=person, at=at)
    except actions.AlreadySet as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(url("front:safety"))
    except Refused as refusal:
        form.add_error("code", str(refusal))
        factor = queries.waiting_app(person)
    if factor is None:
        return HttpResponseRedirect(url("front:app"))
    secret = factor.secret.open_unlogged()
    context = {
        "form": form,
        "picture": segno.make(actions.address_of(factor), error="m").svg_data_uri(scale=5, border=2),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    }
    return page(request, "front/app.html", context, status=422 if form.errors else 200)


def _set_up(request: Request) -> HttpResponse:
    """The first factor brings ten codes on paper along."""
    note(request, second=True)
    if queries.paper_left(request.user):
        messages.success(request, _("添好了，下次登录会用到。"))
        return HttpResponseRedirect(url("front:safety"))
    return _paper(request)


def _paper(request: Request) -> HttpResponse:
    codes = actions.new_paper(person=request.user, at=timezone.now())
    return page(request, "front/paper.html", {"codes": codes}, headers={"Cache-Control": "no-store"})


@proved
@require_POST
def paper(request: Request) -> HttpResponse:
    """Ten new codes to write down; the old ones are void."""
    if not queries.has_second(request.user):
        raise Http404
    return _paper(request)


@proved
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: Request) -> HttpResponse:
    """Add a passkey; only where browsers have any."""
    site = site_of(request)
    if site is None:
        raise Http404
    person, trouble = request.user, ""
    if request.method == "POST":
        state, device = request.session.pop(QUESTION, None), device_of(request.headers.get("User-Agent", ""))
        try:
            actions.add(
                site=site, person=person, state=state or {}, answer=answer_of(request), device=device, at=timezone.now()
            )
            return _set_up(request)
        except Refused as refusal:
            trouble = str(refusal)
    options, state = actions.begin_adding(site=site, person=person)
    request.session[QUESTION] = state
    context = {"question": options, "trouble": trouble}
    return page(request, "front/passkey.html", context, status=422 if trouble else 200)


@proved
@require_POST
def drop(request: Request) -> HttpResponse:
    """One's own factor, session, outside login, or all other sessions: away with it. POST what=…, id=…"""
    person, at = request.user, timezone.now()
    what, pk = request.POST.get("what", ""), request.POST.get("id", "")
    own = {"factor": Factor, "visit": Visit, "link": Link}
    row = own[what]._default_manager.filter(person=person, pk=pk).first() if what in own and pk.isdecimal() else None
    try:
        if what == "others":
            actions.end_all(person=person, by=person, at=at, keep=request.session.session_key or "")
        elif isinstance(row, Factor):
            actions.drop_factor(factor=row, at=at)
        elif isinstance(row, Visit):
            actions.end_one(visit=row, by=person, at=at)
        elif isinstance(row, Link):
            actions.unbind(link=row, at=at)
        else:
            raise Http404
        messages.success(request, _("办好了。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(url("front:safety"))


@sensitive_post_parameters("old", "new", "twice")
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """A new password; other sessions end. Who came by code or with the keeper's password need not know the old one."""
    marks, person = marks_of(request), request.user
    knows_not = bool(marks.get("must_change")) or str(marks.get("how", "")).startswith("code")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.change_password(
                person=person, old=None if knows_not else values["old"], new=values["new"],
                keep=request.session.session_key or "", source=source_of(request), at=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("old" if isinstance(refusal, actions.WrongPassword) else "new", str(refusal))
        else:
            return _in_anew(request, marks)
    context = {"form": form, "asks_old": not knows_not, "must": bool(marks.get("must_change"))}
    return page(request, "front/password.html", context, status=422 if form.errors else 200)


def _in_anew(request: Request, marks: dict[str, Any]) -> HttpResponse:
    """This session goes on under a new key; Django ends those made with the old password."""
    actions.end_all(person=request.user, by=request.user, at=timezone.now())
    request.signed_in_by = str(marks.get("how", "password"))  # type: ignore[attr-defined]
    sign_in(request, request.user, backend=BACKEND)
    note(request, second=marks.get("second", False), how=marks.get("how", "password"), must_change=False)
    messages.success(request, _("新密码记好了。别的设备要重新登录。"))
    return HttpResponseRedirect(url("front:safety"))
