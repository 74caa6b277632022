"""A member's own page: check-ins, skills, words, distance, times; R016 and R018, editable at any time."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.people import access, actions
from sandan.people.access import Request
from sandan.people.actions import member_checkin, member_links, member_profile
from sandan.people.forms.member_me import AnswerForm, GridForm, ProfileForm, RatingForm
from sandan.people.forms.member_times import TimesForm, start_of
from sandan.people.models import MemberCheckin, MemberRating
from sandan.people.queries import member_grids, member_lists, member_me, organisations
from sandan.people.queries.member_times import DAYS, PARTS
from sandan.people.views.member_frame import drawn, own_page
from sandan.places import queries as ground


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("people:me"))


@require_safe
@own_page
def me(request: Request) -> HttpResponse:
    """All of it on one page."""
    return _me(request, timezone.now())


def _me(request: Request, at: datetime, status: int = 200, **forms: Any) -> HttpResponse:
    mine = member_me.mine(request.user, at)
    times = forms.get("times") or TimesForm(initial=start_of(request.user))
    profile = forms.get("profile") or ProfileForm(None, request.user, mine.interests)
    context = {
        "mine": mine, "times": times, "ticked": times["free"].value() or [], "days": list(enumerate(DAYS)),
        "parts": [(code, label) for code, (label, _begin, _end) in PARTS.items()],
        "profile": profile, "chosen": profile["skills"].value() or [], "groups": _groups(),
        "rating": forms.get("rating") or RatingForm(), "answer": AnswerForm(), "trouble": forms.get("trouble", ""),
        "may_check_in": access.may_check_in(request.user, at), "words": member_me.rating_word,
        "ends": member_me.end_word, "now": at, "has_point": organisations.has_point(request.user, at),
    }  # fmt: skip
    return drawn(request, "people/member_me.html", context, status=status)


def _groups() -> dict[str, list[member_lists.Skill]]:
    found: dict[str, list[member_lists.Skill]] = {}
    for skill in member_lists.skills().values():
        found.setdefault(skill.group, []).append(skill)
    return found


@require_POST
@own_page
def me_times(request: Request) -> HttpResponse:
    """Replace the week and the days away."""
    at, form = timezone.now(), TimesForm(request.POST)
    if form.is_valid():
        try:
            actions.set_times(weekly=form.weekly(), away=form.away(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error("away_to", str(refusal))
        else:
            messages.success(request, _("记下了。以后按这个时间推给您。"))
            return _back()
    return _me(request, at, 422, times=form)


@require_POST
@own_page
def me_profile(request: Request) -> HttpResponse:
    """Replace skills, words and distance."""
    at, form = timezone.now(), ProfileForm(request.POST, request.user, "")
    if form.is_valid():
        said = form.cleaned_data
        try:
            member_profile.set_profile(
                skills=said["skills"], interests=said["interests"], reach_metres=said["reach"], by=request.user, at=at
            )
        except Refused as refusal:
            form.add_error("skills", str(refusal))
        else:
            messages.success(request, _("记下了。以后按这个推给您。"))
            return _back()
    return _me(request, at, 422, profile=form)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def me_checkin(request: Request) -> HttpResponse:
    """Find the grid by yard, address or community; a post checks in there, or moves a check-in."""
    at, form = timezone.now(), GridForm(request.POST if request.method == "POST" else None)
    trouble = ""
    if request.method == "POST" and form.is_valid():
        grid = member_grids.grid(form.cleaned_data["grid"])
        instead = form.cleaned_data["instead"]
        try:
            if grid is None:
                raise member_checkin.NoGrid(_("请选一个网格。这个代码现在不是在用的网格。"))
            if instead:
                row = get_object_or_404(MemberCheckin, pk=instead, person=request.user)
                member_checkin.change_grid(checkin=row, grid=grid, by=request.user, at=at)
            else:
                member_checkin.check_in(person=request.user, grid=grid, by=request.user, at=at)
        except Refused as refusal:
            trouble = str(refusal)
        else:
            messages.success(request, _("在%(grid)s报到好了。有合适的单会推给您。") % {"grid": grid.name})
            return _back()
    elif request.method == "POST":
        trouble = str(next(iter(form.errors.values()))[0])
    return _finding(request, at, trouble)


def _finding(request: Request, at: datetime, trouble: str) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    text, community = asked.get("q", "").strip()[:60], asked.get("community", "")
    county = _county(request, at)
    choices = member_grids.search(text, county) if text else []
    if community.startswith(county) and not choices:
        choices = member_grids.of_community(community)
    instead = asked.get("instead", "")
    moved = request.user.checkins.filter(pk=int(instead), to_at=None).first() if instead.isdecimal() else None
    context = {
        "q": text, "community": community, "choices": choices, "communities": member_grids.communities([county]),
        "instead": moved.pk if moved else "", "trouble": trouble, "is_asked": bool(text or community),
        "from_name": member_grids.grid_names({moved.grid})[moved.grid][0] if moved else "",
    }  # fmt: skip
    return drawn(request, "people/member_checkin.html", context, status=422 if trouble else 200)


def _county(request: Request, at: datetime) -> str:
    """The county of a post or of the last check-in, else the first one here."""
    posts = access.posts_of(request.user, at)
    known = posts[0].scope if posts else request.user.checkins.order_by("-pk").values_list("grid", flat=True).first()
    first = ground.counties().first()
    return (known or (first.code if first else ""))[:6]


@require_POST
@own_page
def me_leave(request: Request, pk: int) -> HttpResponse:
    """End one of one's own check-ins."""
    at, row = timezone.now(), get_object_or_404(MemberCheckin, pk=pk, person=request.user)
    try:
        member_checkin.check_out(checkin=row, end=MemberCheckin.End.LEFT, by=request.user, at=at)
    except Refused as refusal:
        return _me(request, at, 422, trouble=str(refusal))
    messages.success(request, _("退出了。什么时候想回来，再报到就行。"))
    return _back()


@require_POST
@own_page
def me_rate(request: Request, pk: int) -> HttpResponse:
    """This year's word about the community one serves in."""
    at, row = timezone.now(), get_object_or_404(MemberCheckin, pk=pk, person=request.user)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _me(request, at, 422, trouble=str(next(iter(form.errors.values()))[0]))
    try:
        member_links.rate(checkin=row, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        return _me(request, at, 422, trouble=str(refusal))
    messages.success(request, _("记下了，谢谢您直说。"))
    return _back()


@require_POST
@own_page
def me_answer(request: Request, pk: int) -> HttpResponse:
    """What one says to the community's word about oneself."""
    at = timezone.now()
    row = get_object_or_404(MemberRating, pk=pk, checkin__person=request.user, side=MemberRating.Side.COMMUNITY)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _me(request, at, 422, trouble=str(next(iter(form.errors.values()))[0]))
    try:
        member_links.answer(rating=row, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        return _me(request, at, 422, trouble=str(refusal))
    messages.success(request, _("记下了，社区会看到。"))
    return _back()
