"""The hall, and one order before it is taken."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.intake.models import Category
from sandan.orders import access, actions
from sandan.orders.forms.member_moves import DeclineForm
from sandan.orders.models import Order
from sandan.orders.queries import lights, member_fit, member_hall, member_hands, reasons, rows
from sandan.orders.queries.desk_order import place_name
from sandan.orders.queries.member_rules import rules_of
from sandan.orders.views.member import address, drawn, member_required
from sandan.orders.workflow import S
from sandan.people.access import Request

ALSO_SHOWN = 3


@require_safe
@member_required
def hall(request: Request) -> HttpResponse:
    """Offers to answer, then what suits, the best first; a swap gets the lists alone."""
    at = timezone.now()
    wanted = request.GET.get("page", "")
    found = member_hall.hall(request.user, at, int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 1)
    context = {
        "hall": found, "free": max(found.most - found.held, 0), "now": at,
        "full": member_fit.full_hands(found.held, found.most),
        "may_grab": bool(member_hall.counties_of(request.user, at)),
    }  # fmt: skip
    return drawn(request, "orders/member_hall.html", context, part="lists" if request.htmx else None)


@require_safe
@member_required
def hall_near(request: Request) -> HttpResponse:
    """The best few of the hall, to stand below the words for who came late."""
    at = timezone.now()
    found = member_hall.hall(request.user, at, cards=ALSO_SHOWN)
    return drawn(request, "orders/member_gone.html", {"hall": found, "jobs": found.jobs, "now": at}, part="near")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def hall_order(request: Request, number: str) -> HttpResponse:
    """One order before it is taken; a post takes it or says no."""
    at = timezone.now()
    order, roles = access.taking(request.user, number, at)
    if roles & {"holder", "server"}:
        return HttpResponseRedirect(address("task", order.full_number))
    if not roles & {"fitting", "offered"}:
        return _gone(request, order)
    if request.method != "POST":
        return _order(request, order, roles, at)
    return _said_no(request, order, at) if request.POST.get("act") == "decline" else _taken(request, order, roles, at)


def _taken(request: Request, order: Order, roles: frozenset[str], at: datetime) -> HttpResponse:
    take = actions.accept if "offered" in roles else actions.grab
    try:
        taken = take(order=order, by=request.user, at=at)
    except (Stale, NotAllowed):
        return _late(request, order.full_number, at)
    except Refused as refusal:
        return _order(request, order, roles, at, trouble=str(refusal))
    if taken.holder_id != request.user.pk:  # one of several who were asked
        return _said_yes(request, taken)
    messages.success(request, _("%s 接下了。先打个电话，约好时间。") % order.number)
    return HttpResponseRedirect(address("task", order.full_number))


def _said_yes(request: Request, order: Order) -> HttpResponse:
    called = member_hall.round_of(order, request.user)
    if called:
        messages.success(request, _("记下了，谢谢您。%(number)s 还差 %(missing)s 人，凑齐了告诉您。") % {
            "number": order.number, "missing": called.missing,
        })  # fmt: skip
    elif order.holder:
        messages.success(request, _("人凑齐了。%(number)s 由%(name)s领头，请等他联系您。") % {
            "number": order.number, "name": order.holder.name,
        })  # fmt: skip
    return HttpResponseRedirect(address("hall"))


def _said_no(request: Request, order: Order, at: datetime) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _order(request, order, frozenset({"offered"}), at, form=form)
    try:
        actions.decline(order=order, by=request.user, at=at, **form.cleaned_data)
    except (Stale, NotAllowed):
        return _late(request, order.full_number, at)
    messages.success(request, _("知道了，谢谢您回一声。%s 会去问别人，不影响您。") % order.number)
    return HttpResponseRedirect(address("hall"))


def _late(request: Request, number: str, at: datetime) -> HttpResponse:
    """Somebody was faster in this very moment: read it anew."""
    order, roles = access.taking(request.user, number, at)
    return HttpResponseRedirect(address("task", number)) if "holder" in roles else _gone(request, order)


def _gone(request: Request, order: Order) -> HttpResponse:
    """409: who has it now. What else is near is fetched once this is read: a thousand may come late at once."""
    return drawn(request, "orders/member_gone.html", {"order": order, "words": _what_became(order)}, status=409)


def _what_became(order: Order) -> str:
    if order.holder:
        return _("晚了一步，%(name)s刚接走。") % {"name": order.holder.name}
    if order.served_by:
        return _("晚了一步，%(name)s已经办好了。") % {"name": order.served_by.name}
    if order.state == S.WITHDRAWN:
        return _("点单人刚撤回，不用去了。")
    return _("这张单收回去了，社区在另外安排。")


def _order(
    request: Request, order: Order, roles: frozenset[str], at: datetime, *, trouble: str = "",
    form: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    is_offered = "offered" in roles
    hands, rules = member_hands.hands_of(request.user, at), rules_of(order.category_id, order.county)
    fit = member_fit.fit_of_order(order, request.user)
    is_hidden = order.privacy in rows.HIDDEN
    offer = order.offers.filter(state="sent").select_related("team", "unit").first() if is_offered else None
    running = lights.running(order)
    context = {
        "order": order, "fit": fit, "held": hands.held, "is_offered": is_offered, "offer": offer, "now": at,
        "why_not": "" if is_offered else member_fit.why_not(order, request.user, hands, rules, at),
        "trouble": trouble, "round": member_hall.round_of(order, request.user) if is_offered else None,
        "is_hidden": is_hidden, "is_sealed": order.privacy == Category.Privacy.SEALED,
        "place": order.community.name if is_hidden else place_name(order) or order.community.name,
        "photos": [] if is_hidden else list(order.photos.filter(stage="report").order_by("pk").only("pk")),
        "light": lights.light_of(running, at), "left": lights.due_words(running, at),
        "window": "" if is_offered else member_hall.window(order.next_at, at), "form": form or DeclineForm(),
        "reasons": [(code, reasons.RELEASE[code]) for code in DeclineForm.CODES],
    }  # fmt: skip
    return drawn(request, "orders/member_order.html", context, status=422 if trouble or form else 200)
