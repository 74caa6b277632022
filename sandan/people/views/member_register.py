"""R011: the register of members for community, street, district and unit clerks; each phone number leaves a line."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core import looks
from sandan.core.errors import Refused
from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions import member_checkin, member_links
from sandan.people.forms.member_me import AnswerForm, RatingForm
from sandan.people.forms.member_register import ChargesForm, CheckInForm, WishForm
from sandan.people.models import MemberCheckin, MemberRating, Unit
from sandan.people.queries import member_grids, member_me, member_register, member_scope, units_of
from sandan.people.views.member_frame import drawn, readers_only


@require_safe
@readers_only
def members(request: Request) -> HttpResponse:
    """The register, fifty at a time, by skill, unit, place and the beginning of a name."""
    at = timezone.now()
    posts = posts_of(request.user, at)
    seen = member_scope.seen_by(posts)
    form = WishForm(request.GET, member_register.units_in(seen, at), _places(posts))
    found = member_register.register(seen, form.wish(), form.number, at)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"form": form, "found": found, "query": kept.urlencode()}
    return drawn(request, "people/member_register.html", context, part="lines" if request.htmx else None)


def _places(posts: Any) -> list[tuple[str, str]]:
    """Communities to choose from; for who keeps one alone, its grids."""
    codes = member_scope.areas(posts) or tuple(sorted({post.scope for post in posts}))
    if len(codes) == 1 and len(codes[0]) >= 12:
        return [(one.code, one.name) for one in member_grids.of_community(codes[0])]
    return [(one.code, one.name) for one in member_grids.communities(codes)]


@sensitive_post_parameters("name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def member_add(request: Request) -> HttpResponse:
    """Check a member in: the same phone is the same person, whoever brings them."""
    at = timezone.now()
    posts = posts_of(request.user, at)
    areas = member_scope.areas(posts)
    units = _units(posts)
    form = CheckInForm(request.POST if request.method == "POST" else None, units, must_have_unit=not areas)
    if form.is_valid():
        try:
            row = _check_in(request, form.cleaned_data, at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s报到好了。") % {"name": row.person.name})
            return HttpResponseRedirect(reverse("people:members"))
    return _adding(request, form, areas or tuple(sorted({post.scope for post in posts})))


def _units(posts: Any) -> Any:
    areas = member_scope.areas(posts)
    if areas:
        return units_of(areas[0][:6]).exclude(kind=Unit.Kind.PARTNER)
    return Unit.objects.filter(pk__in=member_scope.units(posts)).order_by("name_key", "pk")


@transaction.atomic
def _check_in(request: Request, said: dict[str, Any], at: datetime) -> MemberCheckin:
    grid = member_grids.grid(said["grid"])
    if grid is None:
        raise member_checkin.NoGrid(_("请选一个网格。这个代码现在不是在用的网格。"))
    person = member_checkin.register_member(
        name=said["name"], phone=said["phone"], scope=grid.code, by=request.user, at=at
    )
    return member_checkin.check_in(person=person, grid=grid, unit=said["unit"], by=request.user, at=at)


def _adding(request: Request, form: CheckInForm, areas: tuple[str, ...]) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    text, community = asked.get("q", "").strip()[:60], asked.get("community", "")
    choices = [one for one in member_grids.search(text, areas[0][:6]) if one.code.startswith(areas)] if text else []
    if not choices and not text:
        community = community or (areas[0][:12] if len(areas[0]) >= 12 else "")
        choices = member_grids.of_community(community) if community.startswith(areas) else []
    context = {
        "form": form, "choices": choices, "q": text, "community": community, "is_asked": bool(text or community),
        "communities": member_grids.communities(areas) if len(areas[0]) < 12 or len(areas) > 1 else [],
        "grid": form["grid"].value() or "",
    }  # fmt: skip
    return drawn(request, "people/member_add.html", context, status=422 if form.errors else 200)


@require_safe
@readers_only
def member(request: Request, pk: int) -> HttpResponse:
    """One member on one grid: what serving needs, and what hangs on the check-in."""
    at = timezone.now()
    return _member(request, access.checkin_of(request.user, pk, at), at)


def _member(request: Request, row: MemberCheckin, at: datetime, *, trouble: str = "", phone: str = "") -> HttpResponse:
    keeps = bool(access.roles_over(posts_of(request.user, at), row.grid) & member_scope.KEEPERS)
    grid, parts = member_grids.grid(row.grid), member_grids.micro_grids(row.grid)
    held = list(row.charges.filter(to_at=None).values_list("scope", flat=True))
    duty, mine = member_me.duties_of([row])[0], member_me.mine(row.person, at)
    context = {
        "row": row, "duty": duty, "mine": mine, "keeps": keeps, "trouble": trouble, "phone": phone, "now": at,
        "charges": ChargesForm(None, grid, parts, held) if grid and keeps else None, "rating": RatingForm(),
        "answer": AnswerForm(), "words": member_me.rating_word, "ends": member_me.end_word,
        "is_live": row.to_at is None or row.to_at > at,
    }  # fmt: skip
    return drawn(request, "people/member_one.html", context, status=422 if trouble else 200)


@require_POST
@readers_only
def member_contact(request: Request, pk: int) -> HttpResponse:
    """The work number in clear, once; who looked, when and why is written down first."""
    at = timezone.now()
    row = access.checkin_of(request.user, pk, at)
    phone = looks.reveal(row.person, "phone", by=request.user, why="member", at=at, scope=row.grid)
    trouble = "" if phone else _("还没有登记工作手机号，请问他的单位。")
    return _member(request, row, at, trouble=trouble, phone=phone)


def _told(request: Request, row: MemberCheckin, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("people:member", args=[row.pk]))


@require_POST
@readers_only
def member_charges(request: Request, pk: int) -> HttpResponse:
    """Which part of the grid the member looks after."""
    at = timezone.now()
    row = access.checkin_of(request.user, pk, at)
    try:
        member_links.set_charges(checkin=row, scopes=request.POST.getlist("scopes"), by=request.user, at=at)
    except Refused as refusal:
        return _member(request, row, at, trouble=str(refusal))
    return _told(request, row, _("包联记下了。"))


@require_POST
@readers_only
def member_rate(request: Request, pk: int) -> HttpResponse:
    """The community's word of this year."""
    at, form = timezone.now(), RatingForm(request.POST)
    row = access.checkin_of(request.user, pk, at)
    if not form.is_valid():
        return _member(request, row, at, trouble=str(next(iter(form.errors.values()))[0]))
    try:
        member_links.rate(checkin=row, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        return _member(request, row, at, trouble=str(refusal))
    return _told(request, row, _("记下了。他本人看得到，10 天里可以回应。"))


@require_POST
@readers_only
def member_answer(request: Request, pk: int, rating: int) -> HttpResponse:
    """The community's answer to the member's word."""
    at, form = timezone.now(), AnswerForm(request.POST)
    row = access.checkin_of(request.user, pk, at)
    said = get_object_or_404(MemberRating, pk=rating, checkin=row, side=MemberRating.Side.MEMBER)
    if not form.is_valid():
        return _member(request, row, at, trouble=str(next(iter(form.errors.values()))[0]))
    try:
        member_links.answer(rating=said, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        return _member(request, row, at, trouble=str(refusal))
    return _told(request, row, _("记下了。"))


@require_POST
@readers_only
def member_end(request: Request, pk: int) -> HttpResponse:
    """The check-in ends: the member has gone elsewhere."""
    at = timezone.now()
    row = access.checkin_of(request.user, pk, at)
    try:
        member_checkin.check_out(checkin=row, end=MemberCheckin.End.LEFT, by=request.user, at=at)
    except Refused as refusal:
        return _member(request, row, at, trouble=str(refusal))
    messages.success(request, _("%(name)s在这个网格的报到结束了，以前的记录都留着。") % {"name": row.person.name})
    return HttpResponseRedirect(reverse("people:members"))
