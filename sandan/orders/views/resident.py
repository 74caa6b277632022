"""What the residents' pages share: whom a session may act for, where a reader came from, the number to dial."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sandan.core.pages import ASKERS_KEY, COMMUNITY_COOKIE, HOTLINE
from sandan.orders.models import Asker
from sandan.orders.queries import resident_writing
from sandan.places.models import Place

GRANTS = ASKERS_KEY
MOST_GRANTS = 50
YEAR = 365 * 24 * 3600


def granted(request: HttpRequest) -> list[int]:
    """The ids of the askers whose secret or phone this browser has shown."""
    ids: list[int] = request.session.get(GRANTS, [])
    return ids


def grant(request: HttpRequest, askers: list[Asker]) -> None:
    """Let this browser act for these askers; the session gets a new key, so that no old one can be slipped in."""
    ids = [asker.pk for asker in askers]
    known = [pk for pk in granted(request) if pk not in ids]
    if request.session.session_key:
        request.session.cycle_key()
    request.session[GRANTS] = (ids + known)[:MOST_GRANTS]


def source_of(request: HttpRequest) -> str:
    """What tells this browser from others when wrong tries are counted."""
    if not request.session.session_key:
        request.session.create()
    return request.session.session_key or ""


def came_from(request: HttpRequest) -> Place | None:
    """The community of the notice board this reader came from, by its code in the address or in the cookie."""
    code = request.GET.get("c") or request.COOKIES.get(COMMUNITY_COOKIE, "")
    return resident_writing.community(code)


def about(community: Place | None) -> dict[str, Any]:
    """For every page that knows its community: its number instead of the city's."""
    return {"community": community, "hotline": (community.phone if community else "") or HOTLINE}


def remember(response: HttpResponse, community: Place) -> None:
    """Keep the community of a scanned code for a year."""
    response.set_cookie(
        COMMUNITY_COOKIE, community.code, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
