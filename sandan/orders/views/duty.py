"""The duty list of a place: a week of it, one more line, hand-over, a sheet, today's list to print."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders.actions import duty as actions
from sandan.orders.forms.duty import DutyForm, HandOverForm, SheetForm
from sandan.orders.models import Duty
from sandan.orders.queries import duty as queries
from sandan.orders.queries.boards_scope import covers, desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request
from sandan.places.models import Place

MOST_PLACES = 200
LENGTHS = (6, 9, 12)


@require_http_methods(["GET", "POST"])
@desk_required
def duty(request: Request) -> HttpResponse:
    """The week of one place; a POST puts one more line on its list."""
    return _put_on(request) if request.method == "POST" else _shown(request)


def _place(request: Request, at: datetime) -> Place:
    """The asked place, or the widest of one's own; 404 outside them."""
    own = desk_codes(request.user, at)
    code = request.POST.get("place", "") or request.GET.get("place", "") or (own[0] if own else "")
    if len(code) not in LENGTHS or not covers(own, code):
        raise Http404
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise Http404
    return place


def _put_on(request: Request) -> HttpResponse:
    at = timezone.now()
    place = _place(request, at)
    form = DutyForm(queries.candidates(place.code, at), at, request.POST)
    if form.is_valid():
        try:
            actions.put_on(scope=place.code, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("排上了。"))
            return HttpResponseRedirect(f"{reverse('orders:duty')}?place={place.code}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _shown(request, form=form, status=422)


@require_POST
@desk_required
def change(request: Request, pk: int, verb: str) -> HttpResponse:
    """Hand a line over or take it off; the same 404 for one that is absent or another desk's."""
    at = timezone.now()
    line = Duty.objects.filter(pk=pk).select_related("person").first()
    if line is None or verb not in ("hand_over", "take_off") or not covers(desk_codes(request.user, at), line.scope):
        raise Http404
    form: forms.Form = HandOverForm(queries.candidates(line.scope, at), pk, request.POST)
    try:
        if verb == "take_off":
            actions.take_off(duty=line, by=request.user, at=at)
            messages.success(request, _("去掉了这一班。"))
        elif form.is_valid():
            new = actions.hand_over(duty=line, to=form.cleaned_data["to"], by=request.user, at=at)
            messages.success(request, _("交给%(name)s了。") % {"name": new.person.name})
        else:
            messages.error(request, _("没交成：先选交给谁。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{reverse('orders:duty')}?place={line.scope}")


@require_POST
@desk_required
def sheet(request: Request) -> HttpResponse:
    """All rows of a CSV file, or none and the reason."""
    at = timezone.now()
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            count = actions.load(content=form.cleaned_data["file"].read(), by=request.user, at=at)
            messages.success(request, _("排上了 %(count)s 班。") % {"count": count})
            return HttpResponseRedirect(reverse("orders:duty"))
        except Refused as refusal:
            form.add_error("file", str(refusal))
    return _shown(request, sheet_form=form, status=422)


def _shown(
    request: Request, *, form: DutyForm | None = None, sheet_form: SheetForm | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    place = _place(request, at)
    people = queries.candidates(place.code, at)
    since = _midnight(request, at)
    paper = bool(request.GET.get("paper"))
    scopes, days = (_around(place.code), 1) if paper else ([place.code], 7)
    lines = queries.of_day(scopes, since, since + timedelta(days=days))
    context = frame(request, at) | {
        "place_of": place, "lines": [_line(line, people, at) for line in lines], "form": form or DutyForm(people, at),
        "sheet_form": sheet_form or SheetForm(auto_id="sheet_%s"), "columns": actions.COLUMNS, "since": since,
        "gaps": queries.gaps(at, within=[place.code])[:6], "places": _places(request, at), "is_used": _is_used(place),
        "paper": f"{_day(place.code, since, 0)}&paper=1", "places_by": _names(lines),
        "days": [_day(place.code, since, days) for days in (-7, 7)],
    }  # fmt: skip
    template = "orders/duty_paper.html" if paper else "orders/duty_list.html"
    return page(request, template, context, status=status)


def _line(line: Duty, people: list[Any], at: datetime) -> dict[str, Any]:
    can = line.to_at > at
    return {
        "duty": line, "is_now": line.from_at <= at < line.to_at, "is_over": not can,
        "form": HandOverForm([one for one in people if one.pk != line.person_id], line.pk) if can else None,
    }  # fmt: skip


def _midnight(request: Request, at: datetime) -> datetime:
    try:
        day = parse_date(request.GET.get("day", "")) or timezone.localtime(at).date()
    except ValueError:
        day = timezone.localtime(at).date()
    return timezone.make_aware(datetime.combine(day, time()))


def _day(code: str, since: datetime, days: int) -> str:
    return f"?place={code}&day={(timezone.localtime(since) + timedelta(days=days)).date().isoformat()}"


def _around(code: str) -> list[str]:
    """The place and those around it: who would be called next stands on the same sheet."""
    return [code[:length] for length in LENGTHS if length <= len(code)]


def _names(lines: list[Duty]) -> dict[str, str]:
    return dict(Place.objects.filter(code__in={line.scope for line in lines}).values_list("code", "name"))


def _is_used(place: Place) -> bool:
    return Duty.objects.filter(scope=place.code).exists()


def _places(request: Request, at: datetime) -> list[tuple[str, str]]:
    """One's own places and those in them that may have a list."""
    found: list[tuple[str, str]] = []
    for code in desk_codes(request.user, at):
        kinds = (Place.Kind.COUNTY, Place.Kind.STREET, Place.Kind.COMMUNITY)
        inside = Place.objects.filter(code__startswith=code, kind__in=kinds, valid_to=None).order_by("code")
        found += inside.values_list("code", "name")[:MOST_PLACES]
    return found
