"""What the residents' pages share: whom a session may act for, where a reader came from, the number to dial."""

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sandan.core.pages import ASKERS_KEY, COMMUNITY_COOKIE, HOTLINE, page
from sandan.core.tallies import Limit
from sandan.orders.actions import drafting, limiting
from sandan.orders.models import Asker
from sandan.orders.queries import resident_writing
from sandan.orders.queries.resident_writing import Writing
from sandan.places.models import Place

GRANTS = ASKERS_KEY
DEVICE_COOKIE = "device"
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


def device_of(request: HttpRequest) -> limiting.Device:
    """The device that is asking; one that brings no name of ours is told from others by nothing but its address."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        value = request.get_signed_cookie(DEVICE_COOKIE, salt=DEVICE_COOKIE, max_age=YEAR) or ""
        name, _dot, since = value.partition(".")
        return limiting.Device(name, datetime.fromtimestamp(int(since), UTC), address)
    except (KeyError, ValueError, BadSignature):
        return limiting.Device("", None, address)


def name_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give a device that has none yet a random name for a year; it says nothing about who holds it."""
    if DEVICE_COOKIE in request.COOKIES:
        return
    value = f"{secrets.token_urlsafe(16)}.{int(timezone.now().timestamp())}"
    response.set_signed_cookie(
        DEVICE_COOKIE, value, salt=DEVICE_COOKIE, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def refuse_flood(request: HttpRequest, kinds: dict[Limit, int], phone: str = "") -> None:
    """Count what is being sent; raises limiting.Flood or WrongPass. Who is signed in is not limited."""
    if request.user.is_authenticated:
        return
    device, at = device_of(request), timezone.now()
    code = request.POST.get("pass", "").strip()
    if code:
        limiting.type_in(code=code, device=device, at=at)
    limiting.refuse_flood(device=device, kinds=kinds, phone=phone, at=at)


def gone(request: HttpRequest) -> HttpResponse:
    """410: the draft's day is over."""
    return page(request, "orders/resident_gone.html", {"text": str(drafting.gone())}, status=410)


def opened(key: UUID, at: datetime) -> Writing | None:
    """What has been written so far under that key; None when its day is over."""
    draft = resident_writing.draft(key, at)
    return resident_writing.writing_of(draft) if draft else None
