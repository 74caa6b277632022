"""A map for the eye, the same places as a list, outlines as data, names while typing."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from sandan.calc.ground import Level
from sandan.core.pages import page
from sandan.places import access, forms, queries

PUBLIC_LAYERS = {"county", "street", "community"}  # a resident's small map draws them; the rest is for the staff


@require_safe
@access.insiders
def map_page(request: HttpRequest) -> HttpResponse:
    """The whole county as a schematic plan; `at` is a place code to begin with."""
    county = access.county_of(request.GET.get("county"))
    focus = access.place_of(request.GET["at"]) if request.GET.get("at") else county
    register = queries.county_register(county)
    context = {
        "county": county,
        "focus": focus,
        "total": register.total,
        "streets": register.streets,
        "warnings": queries.findings(county, Level.WARNING),
        "tiles": settings.MAP_TILES,
        "approval": settings.MAP_APPROVAL,
    }
    return page(request, "places/map.html", context)


@require_safe
@access.insiders
def tree(request: HttpRequest) -> HttpResponse:
    """Streets, communities and their counts as a list, with what breaks the size rules."""
    county = access.county_of(request.GET.get("county"))
    warnings = queries.findings(county, Level.WARNING)
    context = {
        "county": county,
        "register": queries.county_register(county),
        "warnings": queries.named(warnings),
        "advice_count": len(queries.findings(county, Level.ADVICE)),
        "may_change": access.may_change(request.user, county.code, timezone.now()),
    }
    return page(request, "places/tree.html", context)


@require_safe
@access.insiders
def community(request: HttpRequest, code: int) -> HttpResponse:
    """One community: its grids with households, its exclusive grids, its estates, and how its grids came about."""
    place = access.community_of(str(code))
    may_change = access.may_change(request.user, place.code, timezone.now())
    return page(
        request, "places/community.html", {"place": place, "may_change": may_change, **queries.community_page(place)}
    )


@require_safe
@cache_control(private=True, no_cache=True)
def outlines(request: HttpRequest, county: str, kind: str) -> HttpResponse:
    """One layer of the map as GeoJSON; 304 when the browser has it. Grids and buildings are for the staff."""
    if kind not in PUBLIC_LAYERS and (not request.user.is_authenticated or getattr(request.user, "is_outside", True)):
        return redirect(settings.LOGIN_URL)
    layer = queries.layer(county, kind) if kind in forms.KINDS else None
    if layer is None:
        raise Http404
    if request.headers.get("If-None-Match") == layer.tag:
        return HttpResponseNotModified(headers={"ETag": layer.tag})
    headers = {"ETag": layer.tag, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HttpResponse(layer.packed, content_type="application/geo+json", headers=headers)


@require_safe
@cache_control(public=True, max_age=60)
def estates(request: HttpRequest) -> JsonResponse:
    """Names of estates for a half-typed word, or the buildings of one estate; for anybody, nothing but names."""
    form = forms.SearchForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"estates": []}, status=422)
    wanted = form.cleaned_data
    county = access.county_of(wanted["county"])
    if wanted["estate"] is not None:
        return JsonResponse({"buildings": queries.building_labels(wanted["estate"], county.code)})
    found = queries.suggest(wanted["q"], county.code, community=wanted["community"])
    return JsonResponse({"estates": [_named(estate) for estate in found]})


def _named(estate: queries.EstateName) -> dict[str, object]:
    return {
        "id": estate.id,
        "name": estate.name,
        "community": estate.community_name,
        "community_code": estate.community_code,
        "word": estate.building_word,
        "lon": round(estate.lon, 6),
        "lat": round(estate.lat, 6),
    }
