"""The only way to get a place that a user named."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from sandan.places.models import Place

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def insiders(view: View[P]) -> View[P]:
    """Only for people of the house: others are sent to the login, an outside partner gets the 404 (`is_outside`)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request.user, "is_outside", True):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


def county_of(code: str | None) -> Place:
    """The county of this code, or the first one here when none was named; 404 when there is none."""
    rows = Place.objects.filter(kind=Place.Kind.COUNTY).order_by("code")
    county = (rows.filter(code=code) if code else rows).first()
    if county is None:
        raise Http404
    return county


def community_of(code: str) -> Place:
    """The community of this code, or 404."""
    place = Place.objects.filter(code=code, kind=Place.Kind.COMMUNITY).select_related("parent").first()
    if place is None:
        raise Http404
    return place


def place_of(code: str) -> Place:
    """The current place of this code, or 404."""
    place = Place.objects.current().filter(code=code).first()
    if place is None:
        raise Http404
    return place
