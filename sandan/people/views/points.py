"""Centre households as volunteer points: an area's list, asking through the platform, one's own willingness (R199)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import appointing, centre_households
from sandan.people.forms.organisations import PointForm, WillForm
from sandan.people.models import CentreHousehold, Person
from sandan.people.queries import organisations as queries
from sandan.people.queries import staff
from sandan.people.queries.member_scope import areas, inside
from sandan.places.models import Place

keepers_only = role_required(*centre_households.KEEPERS)
MOST_SHOWN = 100


def _codes(request: Request, at: datetime) -> tuple[str, ...]:
    return areas(posts_of(request.user, at), centre_households.KEEPERS)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def points(request: Request) -> HttpResponse:
    """The points of one's areas, by willingness; a POST names a new one. Never a number, never an address."""
    at = timezone.now()
    codes = _codes(request, at)
    micro = _micro(codes)
    form = PointForm(micro, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            person = appointing.somebody(told["who"].strip(), told["micro"], at)
            centre_households.set_up(person=person, scope=told["micro"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("添好了。愿意做什么，由他自己在「我家这一户」里选。"))
            return HttpResponseRedirect(reverse("people:points"))
    rows = queries.points(codes, at)
    names = staff.names_of(row.scope for row in rows[:MOST_SHOWN])
    context = {
        "form": form if micro else None, "total": len(rows), "willing": sum(_is_willing(row, at) for row in rows),
        "rows": [_row(row, names, at) for row in rows[:MOST_SHOWN]],
    }  # fmt: skip
    return page(request, "people/org_points.html", context, status=422 if form.errors else 200)


def _micro(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The micro-grids of who keeps one community; who keeps more sees the list without the form."""
    if len(codes) != 1 or len(codes[0]) < 12:
        return []
    cells = Place.objects.current().within(codes[0]).filter(kind=Place.Kind.MICRO)
    return list(cells.order_by("code").values_list("code", "name"))


def _is_willing(row: CentreHousehold, at: datetime) -> bool:
    return row.is_willing(timezone.localtime(at).date())


def _row(row: CentreHousehold, names: dict[str, str], at: datetime) -> dict[str, Any]:
    words = dict(CentreHousehold.Help.choices)
    return {
        "point": row, "house": _("%(surname)s家") % {"surname": row.person.name[:1]}, "place": names[row.scope],
        "can": "、".join(str(words[code]) for code in row.can), "is_willing": _is_willing(row, at),
    }  # fmt: skip


@require_POST
@keepers_only
def point_ask(request: Request, pk: int) -> HttpResponse:
    """Ask a point for help through the platform."""
    at = timezone.now()
    return _done(request, _point(request, pk, at), at, verb="ask")


@require_POST
@keepers_only
def point_close(request: Request, pk: int) -> HttpResponse:
    """A point is one no longer."""
    at = timezone.now()
    return _done(request, _point(request, pk, at), at, verb="close")


def _point(request: Request, pk: int, at: datetime) -> CentreHousehold:
    row = CentreHousehold.objects.held(at).filter(inside(_codes(request, at), "scope"), pk=pk).first()
    if row is None:
        raise Http404
    return row


def _done(request: Request, row: CentreHousehold, at: datetime, *, verb: str) -> HttpResponse:
    try:
        if verb == "ask":
            centre_households.ask(point=row, by=request.user, at=at)
            messages.success(request, _("请过了，平台已经带话，等他给社区回话。"))
        else:
            centre_households.close(point=row, by=request.user, at=at)
            messages.success(request, _("撤了这一户。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("people:points"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def point_mine(request: HttpRequest) -> HttpResponse:
    """What one's own household is willing to do; 404 for who has none."""
    at = timezone.now()
    held = CentreHousehold.objects.held(at).select_related("person")
    row = held.filter(person=request.user).first() if isinstance(request.user, Person) else None
    if row is None:
        raise Http404
    start = {"can": row.can, "paused_until": row.paused_until}
    form = WillForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            centre_households.will(point=row, by=row.person, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("记下了，随时能改。"))
            return HttpResponseRedirect(reverse("people:point_mine"))
    context = {"form": form, "place": staff.names_of([row.scope])[row.scope]}
    return page(request, "people/org_point_mine.html", context, status=422 if form.errors else 200)
