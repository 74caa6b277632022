"""Signing in by phone: ask for six figures, type them. The phone waits in the session under seal."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.core.sealed import digest, seal, unseal
from sandan.front import actions, queries
from sandan.front.forms import FiguresForm, PhoneForm
from sandan.front.views.admitting import admit
from sandan.front.views.greeting import remember
from sandan.notices.channels import is_stage, reaches_phones

DEVICE = "login_device"  # the cookie that names this browser, at random
KNOWN = "login_known"  # the cookie that says which phones signed in here, as short digests, signed
WAITING = "front_phone"
MOST_KNOWN = 4
LABEL = "front.session.phone"


def _device(request: HttpRequest) -> str:
    return request.COOKIES.get(DEVICE, "") or secrets.token_urlsafe(16)


def _device_digest(name: str) -> bytes:
    return digest(name, "login device")


def _short(phone: str) -> str:
    return digest(phone, "login known").hex()[:16]


def _known(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.COOKIES.get(KNOWN, ""), salt=KNOWN))
    except signing.BadSignature:
        return []


def _require_way() -> None:
    if not reaches_phones():
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def code_ask(request: HttpRequest) -> HttpResponse:
    """Which phone the code goes to."""
    _require_way()
    form = PhoneForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        phone, name = form.cleaned_data["phone"], _device(request)
        try:
            actions.ask_code(
                phone=phone, device=_device_digest(name), is_known=_short(phone) in _known(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            box = base64.b64encode(seal(phone.encode(), LABEL)).decode()
            request.session[WAITING] = {"phone": box, "next": form.cleaned_data["next"]}
            response = HttpResponseRedirect(url("front:code_type"))
            remember(response, DEVICE, name)
            return response
    return page(request, "front/code_ask.html", {"form": form}, status=422 if form.errors else 200)


def _waiting(request: HttpRequest) -> tuple[str, str]:
    """The phone a code was asked for on this browser, and the page that was wanted; "" for none."""
    note = request.session.get(WAITING) or {}
    try:
        return (unseal(base64.b64decode(note["phone"]), LABEL).decode(), str(note["next"])) if note else ("", "")
    except (KeyError, ValueError, InvalidTag):
        return "", ""


@require_http_methods(["GET", "HEAD", "POST"])
def code_type(request: HttpRequest) -> HttpResponse:
    """The six figures, and in."""
    _require_way()
    phone, wanted = _waiting(request)
    if not phone:
        return HttpResponseRedirect(url("front:code_ask"))
    device = _device_digest(_device(request))
    form = FiguresForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.enter_with_code(
                phone=phone, device=device, code=form.cleaned_data["code"], at=timezone.now()
            )
            request.session.pop(WAITING, None)
            response = admit(request, person, how="code", wanted=wanted)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            kept = [_short(phone), *(one for one in _known(request) if one != _short(phone))][:MOST_KNOWN]
            remember(response, KNOWN, signing.dumps(kept, salt=KNOWN))
            return response
    context = {
        "form": form,
        "phone": f"{phone[:3]} **** {phone[-4:]}",
        "number": phone,
        "shown": queries.stage_code(phone, device) if is_stage() and settings.DEMO else "",
        "lead": _("验证码已经发往 %(phone)s") % {"phone": f"{phone[:3]} **** {phone[-4:]}"},
    }
    return page(request, "front/code_type.html", context, status=422 if form.errors else 200)
