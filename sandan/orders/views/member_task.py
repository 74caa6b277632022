"""What a member has in hand: the list, and one order with its moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused, Stale
from sandan.intake.models import Category
from sandan.orders import access, actions
from sandan.orders.actions import claiming, looking, serving
from sandan.orders.forms import member_moves
from sandan.orders.forms.member_moves import FinishForm
from sandan.orders.models import Order
from sandan.orders.queries import desk_order, lights, member_mine, timeline
from sandan.orders.views.member import address, drawn, member_required
from sandan.orders.workflow import MOVES
from sandan.people.access import Request

MOST_BYTES = 18 * 40 * 1024 * 1024  # nine pictures of each stage, of the largest kind
NAMES: dict[str, tuple[str | Promise, str, str | Promise]] = {  # verb: button, icon, what is said when it is done
    "set_out": (gettext_lazy("上路"), "walk", gettext_lazy("点单人知道您出发了。路上小心。")),
    "finish": (gettext_lazy("交活"), "clipboard-check", gettext_lazy("%s 交了，等点单人说一声。辛苦。")),
    "resume": (gettext_lazy("接着办"), "player-play", gettext_lazy("%s 接着办了。")),
    "ask": (gettext_lazy("问点单人一句"), "message-circle", gettext_lazy("问过去了，等点单人回话，钟先停着。")),
    "pause": (gettext_lazy("先停一停"), "player-pause", gettext_lazy("%s 停下了，到日子自动接着办。")),
    "escalate": (
        gettext_lazy("网格里办不了，报给社区"), "arrow-up-right", gettext_lazy("%s 报给社区了，有变化会告诉您。"),
    ),
    "release": (
        gettext_lazy("办不了，交回社区"), "arrow-back-up", gettext_lazy("%s 交回社区了。"),
    ),
}  # fmt: skip
FIRST = ("resume", "set_out", "finish")  # the next right step: the first of these that is open


@dataclass(frozen=True)
class Step:
    """One move: its button and its form; `is_open` shows the form at once."""

    verb: str
    label: str
    icon: str
    form: forms.Form
    is_open: bool


@require_safe
@member_required
def mine(request: Request) -> HttpResponse:
    """In hand, waiting for a word, done lately."""
    at = timezone.now()
    context = {"mine": member_mine.mine(request.user, at), "now": at}
    return drawn(request, "orders/member_mine.html", context, part="lists" if request.htmx else None)


def _held(request: Request, number: str, at: datetime) -> tuple[Order, frozenset[str]]:
    """The order that this person serves or has served; otherwise the same 404."""
    order = access.order_of(request.user, number, at)
    roles = access.roles_of(order, request.user, at)
    if not roles & {"holder", "server"}:
        raise Http404
    return order, roles


@require_safe
@member_required
def task(request: Request, number: str) -> HttpResponse:
    """One order in my hands: where, whom to call, what comes next."""
    at = timezone.now()
    order, roles = _held(request, number, at)
    return _task(request, order, roles, at)


@sensitive_post_parameters("work", "words", "text", "question")
@require_POST
@member_required
def task_move(request: Request, number: str, verb: str) -> HttpResponse:
    """One move of the table; a refusal comes back as a sentence with status 422."""
    at = timezone.now()
    order, roles = _held(request, number, at)
    if verb not in NAMES:
        return _not_mine(request, order, roles, verb, at)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _task(request, order, roles, at, trouble=_("照片加起来太大，没有收。请少选几张。"), status=413)
    if verb == "finish":
        return _finish(request, order, roles, at)
    form = member_moves.form_of(verb, order, request.POST)
    if form.is_valid():
        try:
            _action(verb)(order=order, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, order, verb, at)
    return _again(request, order.full_number, at, verb, form)


def _action(verb: str) -> Callable[..., Order]:
    return cast(Callable[..., Order], getattr(actions, verb))


def _done(request: Request, order: Order, verb: str, at: datetime) -> HttpResponse:
    text = str(NAMES[verb][2])
    if verb == "release":
        text += _("接单不到一小时，不影响您。") if claiming.is_free(order, at) else _("谢谢您说一声，社区另找人。")
    messages.success(request, text % order.number if "%s" in text else text)
    return HttpResponseRedirect(
        address("mine") if verb in ("release", "escalate") else address("task", order.full_number)
    )


def _not_mine(request: Request, order: Order, roles: frozenset[str], verb: str, at: datetime) -> HttpResponse:
    """A move that members never make: closing above all. Who served turns no second key."""
    if verb not in {move.verb for move in MOVES.moves}:
        raise Http404
    trouble = _("办的人不能自己销号，也不能替别人拿主意。这一步由社区来办。")
    return _task(request, order, roles, at, trouble=trouble, status=422)


def _finish(request: Request, order: Order, roles: frozenset[str], at: datetime) -> HttpResponse:
    """Hand it in; pictures that came with a form that lacks something are kept, so that nobody takes them twice."""
    if "holder" not in roles:  # pressed twice: it is handed in already
        return HttpResponseRedirect(address("task", order.full_number))
    form = cast(FinishForm, member_moves.form_of("finish", order, request.POST, request.FILES))
    is_whole, pictures = form.is_valid(), form.pictures
    wants_only_pictures = "keep" in request.POST and not form.has_bad_files()
    try:
        if is_whole and not wants_only_pictures:
            serving.hand_in(order=order, work=form.cleaned_data["work"], pictures=pictures, by=request.user, at=at)
            return _done(request, order, "finish", at)
        serving.keep_photos(order=order, pictures=pictures, by=request.user, at=at)
    except Stale:
        return HttpResponseRedirect(address("task", order.full_number))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _again(request, order.full_number, at, "finish", form)
    if any(pictures.values()):
        messages.success(request, _("照片存好了，不用再选。"))
    if wants_only_pictures:
        return HttpResponseRedirect(address("task", order.full_number) + "#finish")
    return _again(request, order.full_number, at, "finish", form)


def _again(request: Request, number: str, at: datetime, verb: str, form: forms.Form) -> HttpResponse:
    """The page as it now stands with the form that was refused."""
    order, roles = _held(request, number, at)
    is_too_big = isinstance(form, FinishForm) and form.is_too_big()
    return _task(request, order, roles, at, verb=verb, form=form, status=413 if is_too_big else 422)


@require_POST
@member_required
def reveal(request: Request, number: str) -> HttpResponse:
    """Contact, door or sealed words in full; each look leaves a line that the asker may ask for."""
    at = timezone.now()
    order, roles = _held(request, number, at)
    wanted = set(request.POST.getlist("what"))
    if not wanted or wanted - looking.SEALED.keys():
        raise Http404
    if wanted - _may_open(order, roles):
        raise PermissionDenied(_("这一项现在不给看：电话接了单才看得到，门牌上路以后才看得到。"))
    opened = looking.at_several(order=order, wanted=sorted(wanted), by=request.user, why="serve", at=at)
    return _task(request, order, roles, at, opened=opened)


def _may_open(order: Order, roles: frozenset[str]) -> set[str]:
    """Which sealed fields who serves may open now (G3): the number once taken, the door on the way."""
    mine = roles & {"holder"}
    may = {"contact"} if access.may_see_contact(mine, order) else set()
    if may and order.privacy == Category.Privacy.SEALED:
        may.add("words")
    return may | ({"door"} if order.door and access.may_see_door(mine, order) else set())


def _steps(order: Order, roles: frozenset[str], verb: str, bound: forms.Form | None) -> list[Step]:
    """The moves open to who has it in hand, the next right one first; a refused one stays with what was typed."""
    verbs = {move.verb for move in MOVES.open_to(order.state, roles & {"holder", "grid"})} & NAMES.keys()
    if bound is not None:
        verbs.add(verb)
    first = next((one for one in FIRST if one in verbs), "")
    ranked = sorted(verbs, key=lambda one: (one != first, list(NAMES).index(one)))
    return [_step(order, one, bound if one == verb else None) for one in ranked]


def _step(order: Order, verb: str, bound: forms.Form | None) -> Step:
    label, icon, _said = NAMES[verb]
    form = bound if bound is not None else member_moves.form_of(verb, order)
    return Step(verb, str(label), icon, form, bound is not None)


def _task(
    request: Request, order: Order, roles: frozenset[str], at: datetime, *, verb: str = "",
    form: forms.Form | None = None, opened: dict[str, Any] | None = None, trouble: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    running = lights.running(order)
    context = {
        "order": order, "now": at, "steps": _steps(order, roles, verb, form), "opened": opened or {},
        "may_open": _may_open(order, roles), "trouble": trouble, "is_mine": "holder" in roles,
        "is_sealed": order.privacy == Category.Privacy.SEALED, "lines": timeline.of(order, "helper", at),
        "askers": desk_order.askers(order), "place": desk_order.place_name(order) or order.community.name,
        "light": lights.light_of(running, at), "left": desk_order.time_left(order, at), "kept": _kept(order),
        "missing": serving.missing_proof(order) if "holder" in roles else "",
    }  # fmt: skip
    return drawn(request, "orders/member_task.html", context, status=status)


def _kept(order: Order) -> dict[str, list[int]]:
    """The pictures of this try by stage, and what the asker showed."""
    kept: dict[str, list[int]] = {"report": [], "before": [], "after": []}
    for pk, stage, at in order.photos.order_by("pk").values_list("pk", "stage", "at"):
        if stage in kept and (stage == "report" or order.taken_at is None or at >= order.taken_at):
            kept[stage].append(pk)
    return kept
