"""Following one's order: the way in by number and secret or by phone, the progress, and the asker's own moves."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.notices import channels
from sandan.orders import access, actions, limits
from sandan.orders.actions import closing, following, limiting
from sandan.orders.forms.resident_follow import CodeForm, PhoneForm, ReviewForm, SayForm, SecretForm
from sandan.orders.models import Asker, PhoneCode
from sandan.orders.queries import resident_progress, resident_writing
from sandan.orders.views import resident
from sandan.orders.workflow import MOVES, S

FORMS: dict[str, type[forms.Form]] = {
    "answer": SayForm, "review": ReviewForm, "dissent": SayForm, "reopen": SayForm, "withdraw": forms.Form,
}  # fmt: skip


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Three ways in: number and secret, a code to the phone where codes reach phones, or a call."""
    if request.method == "POST":
        ways = {"secret": _by_secret}
        if channels.reaches_phones():
            ways |= {"phone": _ask_code, "code": _by_code}
        return ways.get(request.POST.get("way", ""), _by_secret)(request)
    return _doors(request)


def _doors(request: HttpRequest, status: int = 200, **given: Any) -> HttpResponse:
    community = resident.came_from(request)
    county = resident_writing.home_county(community.code if community else "")
    context = {
        "secret_form": SecretForm(initial={"community": community.code if community else ""}),
        "phone_form": PhoneForm() if channels.reaches_phones() else None, "code_form": None, "demo_code": "",
        "streets": resident_writing.communities(county.code) if county else [],
        "mine_orders": resident_progress.orders_of(resident.granted(request), timezone.now()),
    } | given | resident.about(community)  # fmt: skip
    response = page(request, "orders/resident_follow.html", context, status=status)
    resident.name_device(request, response)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _status_of(refusal: Refused) -> int:
    return 429 if isinstance(refusal, following.TooManyTries | limiting.Flood) else 422


def _by_secret(request: HttpRequest) -> HttpResponse:
    form = SecretForm(request.POST)
    if not form.is_valid():
        return _doors(request, 422, secret_form=form)
    orders = resident_progress.spoken(form.cleaned_data["columns"])
    try:
        askers = following.open_with_secret(
            orders=orders, secret=form.cleaned_data["secret"], source=resident.source_of(request), at=timezone.now()
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _doors(request, _status_of(refusal), secret_form=form)
    resident.grant(request, askers)
    opened = next(order for order in orders if any(asker.order_id == order.pk for asker in askers))
    return HttpResponseRedirect(url("orders:progress", opened.full_number))


def _ask_code(request: HttpRequest) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _doors(request, 422, phone_form=form)
    phone = form.cleaned_data["phone"]
    try:
        resident.refuse_flood(request, {limits.CODES: 1})
        row = following.send_code(phone=phone, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _doors(request, _status_of(refusal), phone_form=form)
    return _doors(request, code_form=CodeForm(initial={"phone": phone}), demo_code=_shown(row))


def _shown(row: PhoneCode) -> str:
    """The code itself, in a demo only, where no message reaches anybody."""
    box: Any = row.code
    code: str = box.open_unlogged() if settings.DEMO and box else ""
    return code


def _by_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _doors(request, 422, code_form=form)
    try:
        askers = following.open_with_code(**form.cleaned_data, at=timezone.now())
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return _doors(request, _status_of(refusal), code_form=form)
    if not askers:
        return _doors(request, 422, empty=_("这个号码没有留过单子。可能留的是别的号码，也可能没留电话，用单号查。"))
    resident.grant(request, askers)
    return HttpResponseRedirect(url("orders:follow"))


@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """What is true now, what to do, what happened."""
    asker = access.asked(resident.granted(request), number)
    return _progress(request, asker, timezone.now())


def _progress(
    request: HttpRequest, asker: Asker, now: datetime, verb: str = "", form: forms.Form | None = None
) -> HttpResponse:
    shown = resident_progress.of(asker, now)
    order = shown.order
    open_moves = {move.verb for move in MOVES.open_to(order.state, access.roles_of(order, asker, now))}
    if order.state == S.SERVED:
        open_moves.discard("dissent")  # the review asks the same question with all three answers
    until = closing.reopen_until(order.ended_at) if order.state == S.CLOSED and order.ended_at else None
    if until and now > until:
        open_moves.discard("reopen")
    drawn = {name: form if name == verb and form else FORMS[name]() for name in FORMS if name in open_moves}
    refused = form if form is not None and verb not in drawn else None
    context = {"shown": shown, "order": order, "forms": drawn, "refused": refused, "reopen_until": until}
    response = page(
        request, "orders/resident_progress.html", context | resident.about(order.community),
        status=422 if form and form.errors else 200,
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    return response


@sensitive_post_parameters("text")
@require_POST
def progress_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The asker's move: answer, review, say it is not solved, reopen, withdraw."""
    now = timezone.now()
    asker = access.asked(resident.granted(request), number)
    form = FORMS.get(verb, forms.Form)(request.POST)
    if form.is_valid():
        try:
            _move(asker, verb, form.cleaned_data, now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _thanks(verb))
            return HttpResponseRedirect(url("orders:progress", number))
    return _progress(request, asker, now, verb, form)


def _move(asker: Asker, verb: str, data: dict[str, Any], now: datetime) -> None:
    order = asker.order
    if verb == "answer":
        actions.answer(order=order, text=data["text"], by=asker, at=now)
    elif verb == "review":
        actions.review(order=order, by=asker, at=now, **data)
    elif verb == "dissent":
        actions.dissent(order=order, reason="not_solved", by=asker, at=now, text=data["text"])
    elif verb == "reopen":
        actions.reopen(order=order, reason="not_solved", by=asker, at=now, text=data["text"])
    elif verb == "withdraw":
        actions.withdraw(order=order, by=asker, at=now)
    else:
        raise Refused(_("这一步不在这里办。请打社区电话。"))


def _thanks(verb: str) -> str:
    return {
        "answer": _("您的话收到了，接着办。"),
        "review": _("您的话收到了，谢谢。"),
        "dissent": _("收到，重新办，还是这个单号。"),
        "reopen": _("重新打开了，还是这个单号。"),
        "withdraw": _("撤回了。还要办，再点一次就行。"),
    }[verb]
