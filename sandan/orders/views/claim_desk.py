"""R015: one claim desk for wishes and service posts: the rooms below know the rules, here they lie side by side."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core import words
from sandan.core.errors import Refused, Stale
from sandan.orders.forms.claim_desk import HandOverForm, ReleaseForm
from sandan.orders.queries import member_fit, member_hall
from sandan.orders.views.member import address, drawn, member_required
from sandan.people.access import Request, posts_of
from sandan.people.actions import service_posts
from sandan.people.models import Person, Role, ServiceHolding, ServicePost
from sandan.people.queries import member_posts, member_scope

WISHES = ("0805",)  # 微心愿 of the catalogue


def _counties(request: Request, at: datetime) -> tuple[str, ...]:
    return tuple(sorted({post.scope[:6] for post in posts_of(request.user, at) if post.role == Role.MEMBER}))


@require_safe
@member_required
def claim_desk(request: Request) -> HttpResponse:
    """Wishes that may be taken, service posts that may be claimed, and what I hold of both."""
    return _desk(request, timezone.now())


def _desk(request: Request, at: datetime, *, trouble: str = "", status: int = 200) -> HttpResponse:
    scopes = [post.scope for post in posts_of(request.user, at) if post.role == Role.MEMBER]
    hall = member_hall.hall(request.user, at, only=WISHES)
    desk = member_posts.desk(request.user, scopes, at)
    context = {
        "hall": hall, "desk": desk, "now": at, "trouble": trouble, "full": member_fit.full_hands(hall.held, hall.most),
        "full_posts": service_posts.full_hands(len(desk.mine), desk.rules.most_held),
        "release": ReleaseForm(),
    }  # fmt: skip
    return drawn(request, "orders/claim_desk.html", context, status=status)


def _refused(request: Request, at: datetime, refusal: Refused) -> HttpResponse:
    return _desk(request, at, trouble=str(refusal), status=409 if isinstance(refusal, Stale) else 422)


@require_POST
@member_required
def claim(request: Request, pk: int) -> HttpResponse:
    """Take one place of a post; who comes late for the last one reads what else there is."""
    at = timezone.now()
    there = ServicePost.objects.filter(member_scope.inside(_counties(request, at), "scope"))
    post = get_object_or_404(there, pk=pk)
    try:
        held = service_posts.claim(post=post, by=request.user, at=at)
    except Refused as refusal:
        return _refused(request, at, refusal)
    messages.success(request, _("领下了，到 %(day)s 自己结束。去不了，早点交回。") % {"day": words.day(held.to_at, at)})
    return HttpResponseRedirect(address("claim_desk"))


def _mine(request: Request, pk: int) -> ServiceHolding:
    """A place that this person holds, or is asked to take over; otherwise the same 404."""
    rows = ServiceHolding.objects.select_related("post", "person")
    return get_object_or_404(rows.filter(person=request.user) | rows.filter(offered_to=request.user), pk=pk)


@require_POST
@member_required
def release(request: Request, pk: int) -> HttpResponse:
    """Give a post back."""
    at, form, row = timezone.now(), ReleaseForm(request.POST), _mine(request, pk)
    try:
        if not form.is_valid():
            raise service_posts.BadPost(str(form.errors["reason"][0]))
        service_posts.release(holding=row, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, at, refusal)
    messages.success(request, _("交回了，谢谢您说一声，位子让给别人。"))
    return HttpResponseRedirect(address("claim_desk"))


@require_POST
@member_required
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Ask somebody by full name to take a post over; an empty act takes the question back."""
    at, row = timezone.now(), _mine(request, pk)
    try:
        to = None if request.POST.get("act") == "take_back" else _successor(request, row, at)
        service_posts.ask_to_take_over(holding=row, to=to, by=request.user, at=at)
    except Refused as refusal:
        return _refused(request, at, refusal)
    text = _("问过去了。%(name)s答应以前，岗还在您手上。") % {"name": to.name} if to else _("不问了，岗还在您手上。")
    messages.success(request, text)
    return HttpResponseRedirect(address("claim_desk"))


def _successor(request: Request, row: ServiceHolding, at: datetime) -> Person:
    form = HandOverForm(request.POST)
    if not form.is_valid():
        raise service_posts.NoSuccessor(str(form.errors["name"][0]))
    found = member_posts.named_in(form.cleaned_data["name"], row.post.scope, at)
    if len(found) != 1:
        raise service_posts.NoSuccessor(
            _("本社区报到的党员里有几位同名，请社区来办。")
            if found
            else _("本社区报到的党员里没有这个名字，写全名再试。")
        )
    return found[0]


@require_POST
@member_required
def answer(request: Request, pk: int) -> HttpResponse:
    """Yes or no to a post that somebody wants to hand over."""
    at, row = timezone.now(), _mine(request, pk)
    is_yes = request.POST.get("act") == "yes"
    try:
        (service_posts.take_over if is_yes else service_posts.decline_over)(holding=row, by=request.user, at=at)
    except Refused as refusal:
        return _refused(request, at, refusal)
    messages.success(request, _("接过来了。") if is_yes else _("知道了，谢谢您回一声。"))
    return HttpResponseRedirect(address("claim_desk"))
