"""吹哨与联办: the part of an order's page that shows who was called, who helps and what went out, and its moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders import access
from sandan.orders.actions import joint, partner, whistle
from sandan.orders.forms import joint as joint_forms
from sandan.orders.forms import partner as partner_forms
from sandan.orders.forms import whistle as whistle_forms
from sandan.orders.models import Call, Order
from sandan.orders.queries import reasons
from sandan.orders.queries import whistle as queries
from sandan.orders.queries import whistle_side as sides
from sandan.orders.queries.whistle_side import Side
from sandan.orders.views.desk import STAFF, address, post_label
from sandan.people.access import EVERYBODY, Request, role_required

NAMES: dict[str, tuple[str | Promise, str, str | Promise]] = {  # verb: button, icon, what is said when it is done
    "blow": (gettext_lazy("吹哨"), "speakerphone", gettext_lazy("哨吹出去了，应了会告诉您。")),
    "more": (gettext_lazy("再叫单位"), "plus", gettext_lazy("又叫了。")),
    "end": (gettext_lazy("收哨"), "check", gettext_lazy("收哨了。给来的单位评个分。")),
    "off": (gettext_lazy("撤哨"), "x", gettext_lazy("哨撤了。")),
    "stars": (gettext_lazy("评分"), "star", gettext_lazy("评了。")),
    "ask": (gettext_lazy("请人一起办"), "users-plus", gettext_lazy("请了，等回话。")),
    "drop": (gettext_lazy("不请了"), "x", gettext_lazy("撤回了。")),
    "agree": (gettext_lazy("定份额"), "scale", gettext_lazy("份额定了。")),
    "send": (gettext_lazy("发给外单位"), "send", gettext_lazy("发出去了，到时自动收回。")),
    "recall": (gettext_lazy("收回"), "x", gettext_lazy("收回了，他们看不到了。")),
}
SEES = frozenset({"desk", "upper", "holder", "server"})


@dataclass(frozen=True)
class Move:
    """One thing to do: its button and its form; `is_open` shows a refused form at once."""

    verb: str
    label: str
    icon: str
    form: forms.Form
    is_open: bool


def _opened(request: Request, number: str, at: datetime) -> tuple[Order, set[str]]:
    """The order and what this person may do beside it; others get the same 404, also who only could take it."""
    order = access.order_of(request.user, number, at)
    roles = access.roles_of(order, request.user, at)
    if not roles & SEES and not access.may_whistle(order, request.user, at):
        raise Http404
    return order, _verbs(order, request, roles, at)


def _verbs(order: Order, request: Request, roles: frozenset[str], at: datetime) -> set[str]:
    verbs = {"stars"}
    if not order.is_open:
        return verbs
    if access.may_whistle(order, request.user, at):
        verbs |= {"blow", "more", "end", "off"}
    if roles & {"holder", "desk"}:
        verbs |= {"ask", "drop"}
    if roles & {"holder", "server", "desk"}:
        verbs |= {"agree", "drop"}
    return verbs | ({"send", "recall"} if roles & {"desk", "upper"} else set())


@require_safe
@role_required(*EVERYBODY)
def side(request: Request, number: str) -> HttpResponse:
    """The part alone for the order's page, or a page of its own."""
    at = timezone.now()
    order, verbs = _opened(request, number, at)
    return _drawn(request, order, verbs, at)


@sensitive_post_parameters("text", "name", "ask")
@require_POST
@role_required(*EVERYBODY)
def side_move(request: Request, number: str, verb: str) -> HttpResponse:
    """One move; a refusal comes back as a sentence with status 422 beside its form."""
    at = timezone.now()
    order, verbs = _opened(request, number, at)
    if verb not in NAMES:
        raise Http404
    form = _form(verb, order, sides.side_of(order), at, request.POST)
    if form is None or form.is_valid():
        try:
            _act(verb, order, request, form.cleaned_data if form else {}, at)
            return _done(request, order, verb, at)
        except Refused as refusal:
            if form is not None:
                form.add_error(None, str(refusal))
            else:
                messages.error(request, str(refusal))
    order, verbs = _opened(request, number, at)
    return _drawn(request, order, verbs, at, verb=verb, form=form, status=422)


def _form(verb: str, order: Order, side: Side, at: datetime, data: Any = None) -> forms.Form | None:
    """The form of a move, ids of its own; None for one without questions."""
    form: forms.Form | None = None
    if verb == "blow":
        first = queries.suggested(order)
        rest = [unit for unit in queries.callable_units(order.community_id, at) if unit not in first]
        ticked = {"units": [str(first[0].pk)] if first else []}
        form = whistle_forms.BlowForm([*first, *rest], data, initial=ticked)
    elif verb == "more":
        known = {call.unit_id for call in side.open_whistle.calls.all()} if side.open_whistle else set()
        found = [unit for unit in queries.callable_units(order.community_id, at) if unit.pk not in known]
        form = whistle_forms.UnitsForm(found, data)
    elif verb == "ask":
        form = joint_forms.HelpForm(order, at, data)
    elif verb == "send":
        form = partner_forms.SendForm(order, sides.photos_of(order), at, data)
    elif verb in PLAIN:
        form = PLAIN[verb](data)
    if form is not None:
        form.auto_id = f"{verb}_%s"
    return form


PLAIN: dict[str, type[forms.Form]] = {
    "off": whistle_forms.OffForm, "stars": whistle_forms.StarsForm, "agree": joint_forms.AgreeForm,
}  # fmt: skip


def _act(verb: str, order: Order, request: Request, said: dict[str, Any], at: datetime) -> Any:
    ACTS[verb](order, request, {"by": request.user, "at": at, **said})


def _of(rows: Any, request: Request, name: str = "row") -> Any:
    """The row that the form names, if it belongs to this order; else the same 404."""
    pk = request.POST.get(name, "")
    return get_object_or_404(rows, pk=int(pk) if pk.isdecimal() else 0)


def _whistle(order: Order, request: Request) -> Any:
    return _of(order.whistles, request)


def _rate(order: Order, request: Request, said: dict[str, Any]) -> Any:
    call = _of(Call.objects.filter(whistle__order=order).select_related("whistle"), request, "call")
    return whistle.rate(call=call, **{key: said[key] for key in ("by", "at", "stars")})


def _agree(order: Order, request: Request, said: dict[str, Any]) -> Any:
    said.pop("share")
    return joint.agree(share=_of(order.shares, request, "share"), **said)


ACTS: dict[str, Callable[[Order, Request, dict[str, Any]], Any]] = {
    "blow": lambda order, _request, said: whistle.blow(order=order, **said),
    "more": lambda order, request, said: whistle.call_more(whistle=_whistle(order, request), **said),
    "end": lambda order, request, said: whistle.end(whistle=_whistle(order, request), **said),
    "off": lambda order, request, said: whistle.call_off(whistle=_whistle(order, request), **said),
    "stars": _rate,
    "ask": lambda order, _request, said: joint.ask(order=order, **said),
    "drop": lambda order, request, said: joint.drop(share=_of(order.shares, request), **said),
    "agree": _agree,
    "send": lambda order, _request, said: partner.send(order=order, **said),
    "recall": lambda order, request, said: partner.recall(sending=_of(order.sendings, request), **said),
}


def _done(request: Request, order: Order, verb: str, at: datetime) -> HttpResponse:
    messages.success(request, str(NAMES[verb][2]))
    if not request.htmx:
        return HttpResponseRedirect(address("side", order.full_number))
    fresh, verbs = _opened(request, order.full_number, at)
    return _drawn(request, fresh, verbs, at)


def _moves(
    order: Order, side: Side, verbs: set[str], at: datetime, refused: str, bound: forms.Form | None
) -> dict[str, Move]:  # fmt: skip
    """The moves with a button of their own; those of a row (stars, share, recall) stand at their row."""
    wanted = {"blow"} if side.open_whistle is None else {"more", "off"}
    wanted |= {"ask", "send"} | ({refused} if bound is not None else set())
    shown = [verb for verb in NAMES if verb in wanted and (verb in verbs or verb == refused)]
    found = {}
    for verb in shown:
        form = bound if verb == refused and bound is not None else _form(verb, order, side, at)
        if form is not None and _can(verb, order, form):
            found[verb] = Move(verb, str(NAMES[verb][0]), NAMES[verb][1], form, form is bound)
    return found


def _can(verb: str, order: Order, form: forms.Form) -> bool:
    """Whether there is anybody to choose at all."""
    if form.is_bound:
        return True
    if verb == "send":
        return isinstance(form, partner_forms.SendForm) and bool(form.partners) and order.privacy != "sealed"
    if verb == "ask":
        return order.holder_id is not None and order.privacy != "sealed"
    return bool(getattr(form, "found", True))


def _drawn(
    request: Request, order: Order, verbs: set[str], at: datetime, *, verb: str = "", form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    found = sides.side_of(order)
    is_staff = any(post.role in STAFF for post in access.posts_at(request.user, at))
    context = {
        "order": order, "now": at, "side": found, "verbs": verbs, "refused": verb,
        "moves": _moves(order, found, verbs, at, verb, form), "names": NAMES,
        "states": sides.STATES, "share_states": sides.SHARES, "sent_states": sides.SENT,
        "stars": whistle_forms.StarsForm(), "agree": joint_forms.AgreeForm(), "may_be_rated": sides.may_be_rated,
        "why": {**reasons.WHISTLE_NO, **reasons.WHISTLE_OFF, **reasons.RELEASE, **reasons.PARTNER_NO},
        "frame": "ui/desk.html" if is_staff else "orders/member_frame.html", "is_staff": is_staff,
        "back": address("detail" if is_staff else "task", order.full_number), "unread_count": 0,
        "post_label": post_label(request.user, at),
        "photo_ids": sides.help_photos(order) if found.shares or found.sendings else {},
    }  # fmt: skip
    part = "side" if request.htmx else None
    response = page(request, "orders/whistle_side.html", context, part=part, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
