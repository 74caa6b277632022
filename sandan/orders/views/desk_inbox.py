"""The inbox: what has come in, judged one by one and given to somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.core.words import span
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.actions import desk
from sandan.orders.forms import desk_judge, desk_moves
from sandan.orders.models import Order
from sandan.orders.queries import desk_helpers, desk_inbox, desk_near, desk_order, lights, reasons
from sandan.orders.queries.rows import Row
from sandan.orders.views.desk import address, after, desk_required, frame, order_of, posts_of
from sandan.orders.workflow import MOVES, S
from sandan.people.access import Request

WAYS = ("offer", "ask", "pass_on", "refuse", "file", "split", "escalate", "merge")
PREVIEWS = ("preview", "choose")
GIVING = ("open", "offer", "gather")


@dataclass(frozen=True)
class _Sheet:
    """One message on the desk, with who looks at it and when."""

    request: Request
    order: Order
    roles: frozenset[str]
    rows: list[Row]
    at: datetime
    count: int


@require_safe
@desk_required
def inbox(request: Request) -> HttpResponse:
    """The list with its first message open; on a phone the list alone."""
    at = timezone.now()
    rows, count = _rows(request, at)
    if request.GET.get("part") == "list":
        number = request.GET.get("open", "")
        return page(request, "orders/desk_inbox.html", _list(request, rows, number, at, count), part="list")
    if not rows:
        return page(request, "orders/desk_inbox.html", _list(request, [], "", at, 0) | {"sheet": None, "is_list": True})
    order, roles = order_of(request, rows[0].full_number, at)
    sheet = _Sheet(request, order, roles, rows, at, count)
    return _drawn(sheet, desk_judge.JudgeForm(order, at), is_list=True)


@require_http_methods(["GET", "POST"])
@desk_required
def inbox_order(request: Request, number: str) -> HttpResponse:
    """One message: judged, given out, asked about, passed on, refused, filed, merged or split."""
    at = timezone.now()
    order, roles = order_of(request, number, at)
    rows, count = _rows(request, at)
    sheet = _Sheet(request, order, roles, rows, at, count)
    if request.method != "POST":
        return _drawn(sheet, desk_judge.JudgeForm(order, at), way=request.GET.get("way", ""))
    act = request.POST.get("act", "")
    if act in PREVIEWS:
        return _previewed(sheet, act)
    if act in GIVING:
        return _judged(sheet, act)
    return _gone(sheet, act) if act in WAYS else _drawn(sheet, desk_judge.JudgeForm(order, at), status=422)


def _rows(request: Request, at: datetime) -> tuple[list[Row], int]:
    """The first rows, or all of them where more were asked for; and how many wait."""
    most = desk_inbox.MOST_ROWS if request.GET.get("rows") else desk_inbox.FIRST_ROWS
    return desk_inbox.first_rows(posts_of(request.user, at), at, _sort(request), most)


def _asked(request: Request, *, is_long: bool | None = None) -> str:
    """What the list was asked for, as it stands in the address of every message."""
    more = bool(request.GET.get("rows")) if is_long is None else is_long
    return urlencode({"sort": _sort(request)} | ({"rows": desk_inbox.MOST_ROWS} if more else {}))


def _sort(request: Request) -> str:
    wanted = request.GET.get("sort", "")
    return wanted if wanted in desk_inbox.SORTS else desk_inbox.SORTS[0]


def _previewed(sheet: _Sheet, act: str) -> HttpResponse:
    """The form as it stands, with the answer and the names that now fit; nothing is changed."""
    form = desk_judge.JudgeForm(sheet.order, sheet.at, sheet.request.POST)
    fresh = sheet.request.POST.copy()
    for name, value in form.again().items():
        fresh[name] = value
    form = desk_judge.JudgeForm(sheet.order, sheet.at, fresh)
    form.errors.clear()
    is_swap = sheet.request.htmx and act == "preview"
    return _drawn(sheet, form, way="offer" if act == "choose" else "", part="tail" if is_swap else None)


def _judged(sheet: _Sheet, act: str) -> HttpResponse:
    form = desk_judge.JudgeForm(sheet.order, sheet.at, sheet.request.POST)
    if form.is_valid():
        try:
            told = {"open": _open, "offer": _offer, "gather": _gather}[act](sheet, form)
            if told:
                return _next(sheet, told)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _drawn(sheet, form, way="" if act == "open" else "offer", status=422)


def _open(sheet: _Sheet, form: desk_judge.JudgeForm) -> str:
    by, at = sheet.request.user, sheet.at
    desk.judge_and_open(order=sheet.order, by=by, at=at, then_best=form.then_best, **form.judgement())
    return _("%s 放出来抢单了。") % sheet.order.number


def _offer(sheet: _Sheet, form: desk_judge.JudgeForm) -> str:
    """Judged and offered; what is out already is only offered anew. Nothing where a name is unknown."""
    names = form.names()
    if form.errors:
        return ""
    by, at = sheet.request.user, sheet.at
    if sheet.order.state in (S.OPEN, S.OFFERED):
        actions.offer(order=sheet.order, to=names, by=by, at=at)
    else:
        desk.judge_and_offer(order=sheet.order, to=names, by=by, at=at, **form.judgement())
    return _("%(number)s 派给了%(name)s。") % {"number": sheet.order.number, "name": names[0]}


def _gather(sheet: _Sheet, form: desk_judge.JudgeForm) -> str:
    """Judged, and all of them asked at once; what is out already is only asked anew."""
    names = form.names()
    if form.errors:
        return ""
    by, at, (needed, minutes) = sheet.request.user, sheet.at, form.round()
    if sheet.order.state in (S.OPEN, S.OFFERED):
        actions.gather(order=sheet.order, to=names, needed=needed, minutes=minutes, by=by, at=at)
    else:
        desk.judge_and_gather(
            order=sheet.order, to=names, needed=needed, minutes=minutes, by=by, at=at, **form.judgement()
        )
    return _("%(number)s 一起问了，%(needed)s 人答应就成。") % {"number": sheet.order.number, "needed": needed}


def _gone(sheet: _Sheet, act: str) -> HttpResponse:
    """The ways out of the inbox that need no judgement."""
    form = _way_form(sheet, act, sheet.request.POST)
    if form.is_valid():
        try:
            told, undo = _DONE[act](sheet, form)
            return _next(sheet, told, undo)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _drawn(sheet, desk_judge.JudgeForm(sheet.order, sheet.at), way=act, way_form=form, status=422)


def _way_form(sheet: _Sheet, way: str, data: Any = None) -> forms.Form:
    if way == "file":
        return desk_judge.FileForm(data)
    if way == "split":
        return desk_judge.SplitForm(sheet.order, data)
    return desk_moves.form_of(way, sheet.order, sheet.at, data)


def _moved(verb: str, told: str, undo: str = "") -> Callable[[_Sheet, Any], tuple[str, str]]:
    def done(sheet: _Sheet, form: Any) -> tuple[str, str]:
        act = getattr(actions, verb)
        act(order=sheet.order, by=sheet.request.user, at=sheet.at, **form.cleaned_data)
        back = address("move", sheet.order.full_number, undo) if undo else ""
        return _(told) % sheet.order.number, back

    return done


def _split(sheet: _Sheet, form: Any) -> tuple[str, str]:
    born = actions.split(order=sheet.order, parts=form.parts(), by=sheet.request.user, at=sheet.at)
    others = "、".join(order.number for order in born[1:])
    return _("%(number)s 拆开了，另立 %(others)s。") % {"number": sheet.order.number, "others": others}, ""


_DONE: dict[str, Callable[[_Sheet, Any], tuple[str, str]]] = {
    "ask": _moved("ask", "%s 问点单人了，等他回话。"),
    "pass_on": _moved("pass_on", "%s 转交了，点单人会收到去处。"),
    "refuse": _moved("refuse", "%s 回绝了，点单人会收到去处。"),
    "file": _moved("file", "%s 回复归档了。", "unfile"),
    "merge": _moved("merge", "%s 并过去了，两边的点单人都会收到结果。", "unmerge"),
    "escalate": _moved("escalate", "%s 上报了。"),
    "split": _split,
}


def _next(sheet: _Sheet, told: str, undo: str = "") -> HttpResponse:
    """On to the next message, with a word on what was done and the way back."""
    messages.success(sheet.request, told, extra_tags=undo)
    _before, following = after(sheet.rows, sheet.order.full_number)
    onward = address("inbox_order", following.full_number) if following else reverse("orders:inbox")
    return HttpResponseRedirect(f"{onward}?{_asked(sheet.request)}")


def _list(request: Request, rows: list[Row], number: str, at: datetime, count: int) -> dict[str, Any]:
    before, following = after(rows, number)
    wait = desk_inbox.longest_wait(posts_of(request.user, at), at) if rows else None
    links = {"before": before and before.full_number, "following": following and following.full_number}
    return {
        "rows": rows, "open_number": number, "sort": _sort(request), "now": at,
        "asked": _asked(request), "more": _asked(request, is_long=True) if count > len(rows) else "",
        "waiting": f"{count}+" if count >= desk_inbox.MOST_ROWS else str(count),
        "longest": span(wait) if wait is not None else "", **links, **frame(request.user, at, count),
    }  # fmt: skip


def _drawn(
    sheet: _Sheet, form: desk_judge.JudgeForm, *, way: str = "", way_form: forms.Form | None = None,
    is_list: bool = False, part: str | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    order, at = sheet.order, sheet.at
    verbs = {move.verb for move in MOVES.open_to(order.state, sheet.roles)}
    allowed = way if way in WAYS and (way in verbs or (way == "offer" and "judge" in verbs)) else ""
    here = desk_near.here_of(order)
    context = {
        "sheet": order, "form": form, "way": allowed, "verbs": verbs, "is_list": is_list,
        "way_form": _shown_form(sheet, allowed, way_form), "light": lights.light_of(lights.running(order), at),
        "left": desk_order.time_left(order, at),
        "channel": reasons.CHANNELS.get(order.channel, order.channel),
        "asker": order.askers.filter(is_first=True).first(), "limit": _limit(form), "place_name": form.place_before,
        "helpers": _helpers(sheet, form, allowed), "photos": list(order.photos.order_by("pk").only("pk", "stage")),
        "near": [] if allowed == "offer" else desk_near.near(here, posts_of(sheet.request.user, at), at),
        "sketch": None if allowed == "offer" else desk_near.sketch(here), "is_sealed": order.privacy == "sealed",
        "relatives": desk_order.relatives(order),
    }  # fmt: skip
    listing = _list(sheet.request, sheet.rows, order.full_number, at, sheet.count)
    return page(sheet.request, "orders/desk_inbox.html", listing | context, part=part, status=status)


def _shown_form(sheet: _Sheet, way: str, bound: forms.Form | None) -> forms.Form | None:
    return bound if bound is not None else _way_form(sheet, way) if way and way != "offer" else None


def _helpers(sheet: _Sheet, form: desk_judge.JudgeForm, way: str) -> list[desk_helpers.Choice]:
    if way != "offer":
        return []
    q = str(form["who"].value() or "").strip()
    return desk_helpers.choices(sheet.order, form.chosen, sheet.at, q)


def _limit(form: desk_judge.JudgeForm) -> dict[str, Any]:
    """What the chosen category and urgency mean: until when, whether it may be grabbed."""
    chosen: Category | None = form.chosen
    if chosen is None or not chosen.is_request:
        return {"category": chosen, "due": None, "may_grab": False}
    due = desk_judge.due_if(form.order, chosen, form.chosen_urgency)
    return {"category": chosen, "due": due, "may_grab": chosen.may_be_grabbed}
