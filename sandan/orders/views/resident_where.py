"""The second step of placing an order: where it is, with what is open there already."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.pages import page, url
from sandan.orders.actions import drafting
from sandan.orders.forms.resident_place import WhereForm
from sandan.orders.queries import resident_map, resident_near, resident_writing
from sandan.orders.queries.resident_writing import Writing
from sandan.orders.views import resident
from sandan.places import queries as ground


def _where_form(data: Any, writing: Writing) -> WhereForm | None:
    county = resident_writing.home_county(writing.community)
    if county is None:
        return None
    heard = resident_writing.heard(writing.text, county.code, writing.community)
    before = writing.where
    initial: dict[str, Any] = {"where": "heard0" if heard else ""}
    if before:
        initial |= {
            "where": next((f"heard{i}" for i, one in enumerate(heard) if one.label == before.label), "estate"),
            "estate_name": before.name if before.estate else "", "estate": before.estate, "building": before.building,
            "unit": before.unit, "room": before.room, "spot": before.spot, "community": before.community,
        }  # fmt: skip
    elif not heard:
        initial["community"] = writing.community
    return WhereForm(data, heard=heard, county=county, community=writing.community, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest, key: UUID) -> HttpResponse:
    """Step 2, where it is."""
    now = timezone.now()
    writing = resident.opened(key, now)
    form = _where_form(request.POST if request.method == "POST" else None, writing) if writing else None
    if writing is None or form is None:
        return resident.gone(request)
    if form.is_bound and form.is_valid():
        shown = form.cleaned_data["near_shown"]
        try:
            drafting.settle_place(key=key, where=form.cleaned_data["place"], near_shown=shown, at=now)
        except drafting.DraftGone:
            return resident.gone(request)
        return HttpResponseRedirect(url("orders:place_check", key))
    return _where(request, key, form, writing)


def _where(request: HttpRequest, key: UUID, form: WhereForm, writing: Writing) -> HttpResponse:
    around = writing.community or (form.heard[0].community if form.heard else "")
    context = {
        "form": form, "key": key, "heard": form.heard, "matches": form.matches,
        "alarm": resident_writing.alarm(writing.text),
        "streets": resident_writing.communities(form.county.code),
        "estates": ground.estate_names(writing.community or form.county.code),
        "plan": resident_map.plan(around, form.heard[0] if form.heard else None) if around else None,
    }  # fmt: skip
    community = resident_writing.community(writing.community)
    return page(
        request, "orders/resident_where.html", context | resident.about(community), status=422 if form.errors else 200
    )


@require_safe
def near(request: HttpRequest, key: UUID) -> HttpResponse:
    """A fragment beside the place: similar open orders there; empty where there are none."""
    now = timezone.now()
    writing = resident.opened(key, now)
    form = _where_form(request.GET, writing) if writing else None
    found: Sequence[resident_near.Neighbour] = ()
    if writing and form and form.is_valid():
        found = resident_near.similar(writing.text, form.cleaned_data["place"], now)
    return page(request, "orders/resident_near.html", {"near": found, "key": key})


@require_safe
def estates(request: HttpRequest) -> JsonResponse:
    """Names of estates for the type-ahead: at most eight."""
    around = resident.came_from(request)
    county = resident_writing.home_county(around.code if around else "")
    found = ground.suggest(request.GET.get("q", ""), county.code, 8, around.code if around else None) if county else []
    return JsonResponse({"estates": [{"id": e.id, "name": e.name, "community": e.community_name} for e in found]})
