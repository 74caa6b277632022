"""Grids of one community split and merged by ticking: for the office that draws them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.places import access, actions, queries
from sandan.places.forms import CodesForm
from sandan.places.models import Place


@require_safe
@login_required
def grids(request: HttpRequest, code: int) -> HttpResponse:
    """The grids of a community with their micro-grids, to be ticked."""
    return _page(request, access.community_to_change(request.user, str(code), timezone.now()))


def _page(request: HttpRequest, place: Place, refusal: str = "") -> HttpResponse:
    who = actions.concerned(queries.grid_codes(place), timezone.now())
    context = {"place": place, "refusal": refusal, **queries.grids_page(place, who)}
    return page(request, "places/grids.html", context, status=422 if refusal else 200)


@require_POST
@login_required
def divide(request: HttpRequest, code: int) -> HttpResponse:
    """The ticked micro-grids of one grid become a grid of their own."""
    place = access.community_to_change(request.user, str(code), timezone.now())
    form = CodesForm(request.POST)
    micro = form.cleaned_data["codes"] if form.is_valid() else []
    if len({cell[:15] for cell in micro}) != 1:
        return _page(request, place, _("请在一个网格里选微网格：至少一个。"))
    try:
        change = actions.divide(
            grid=access.grid_of(place, micro[0][:15]), micro=micro, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, place, str(refusal))
    messages.success(request, _("拆好了：新网格 %(codes)s。") % {"codes": "、".join(change.new_codes)})
    return redirect("places:grids", code=code)


@require_POST
@login_required
def merge(request: HttpRequest, code: int) -> HttpResponse:
    """The ticked grids become one."""
    place = access.community_to_change(request.user, str(code), timezone.now())
    form = CodesForm(request.POST)
    chosen = form.cleaned_data["codes"] if form.is_valid() else []
    try:
        change = actions.merge(
            grids=[access.grid_of(place, grid) for grid in chosen], by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, place, str(refusal))
    messages.success(request, _("合并好了：新网格 %(codes)s。") % {"codes": change.new_codes[0]})
    return redirect("places:grids", code=code)


@require_POST
@login_required
def undo(request: HttpRequest, code: int, number: int) -> HttpResponse:
    """Take a split or merge of this community back."""
    place = access.community_to_change(request.user, str(code), timezone.now())
    try:
        actions.undo(change=access.change_of(place, number), by=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, place, str(refusal))
    messages.success(request, _("撤回好了。"))
    return redirect("places:grids", code=code)
