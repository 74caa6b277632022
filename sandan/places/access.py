"""The only way to get a place that a user named.

Who may change the ground holds a post as administrator or district over its county. Posts live in a room above; the
user is asked for them, so that this room imports nobody.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from sandan.places.models import GroundImport, Place, PlaceChange

CHANGERS = ("admin", "district")
NOWHERE = "000000"  # asked about in the place of what does not exist

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


def may_change(user: Any, code: str, at: datetime) -> bool:
    """Whether somebody may change the ground of this place."""
    if not getattr(user, "is_authenticated", False):
        return False
    return bool(user.posts.held(at).over(code[:6]).filter(role__in=CHANGERS).exists())


def county_to_change(user: Any, code: str | None, at: datetime) -> Place:
    """The county whose ground somebody may change, the first one where none was named; 404 otherwise."""
    rows = Place.objects.filter(kind=Place.Kind.COUNTY).order_by("code")
    if code:  # what is absent is asked the same questions as what is not theirs
        county, may = rows.filter(code=code).first(), may_change(user, code, at)
        if county and may:
            return county
        raise Http404
    for county in rows:
        if may_change(user, county.code, at):
            return county
    raise Http404


def community_to_change(user: Any, code: str, at: datetime) -> Place:
    """The community whose grids somebody may change, or 404."""
    may = may_change(user, code, at)  # asked first, so that a community that is none costs the same
    place = community_of(code)
    if not may:
        raise Http404
    return place


def grid_of(community: Place, code: str) -> Place:
    """The current ordinary grid of this code in a community, or 404."""
    grid = Place.objects.current().filter(code=code, parent=community, kind=Place.Kind.GRID).first()
    if grid is None:
        raise Http404
    return grid


def change_of(community: Place, number: int) -> PlaceChange:
    """The change of this number in a community, or 404."""
    change = PlaceChange.objects.filter(pk=number, communities=[community.code]).first()
    if change is None:
        raise Http404
    return change


def import_of(user: Any, number: int, at: datetime) -> GroundImport:
    """The import or draft of this number, where somebody may change that ground; 404 otherwise."""
    row = GroundImport.objects.select_related("county", "by", "undone_by", "change").filter(pk=number).first()
    may = may_change(user, row.county_id if row else NOWHERE, at)
    if row is None or not may:
        raise Http404
    return row
