"""What stands before every page of who has signed in: idle ends, ended posts end, second factors first."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import logout as sign_out
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.pages import url
from sandan.front import actions
from sandan.front.limits import DESK_IDLE, MARK_EVERY, REVEALS, SEALED_IDLE, WANTS_SECOND
from sandan.front.views.admitting import marks_of, note
from sandan.people import access
from sandan.people.models import Person

# What stays open to whom a second factor or a new password is still asked of.
FIRST = frozenset({
    "front:safety", "front:app", "front:paper", "front:passkey", "front:drop", "front:again", "front:password",
    "front:logout", "front:help", "front:privacy", "front:elder",
})  # fmt: skip
Answer = Callable[[HttpRequest], HttpResponseBase]


class SessionGuard:
    """Reads the session of whoever brings one; writes to it once a minute at most."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """A way out where the session may not go on as it is, else None."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return None
        person = request.user
        return self._checked(request, person, timezone.now()) if isinstance(person, Person) else None

    def _checked(self, request: HttpRequest, person: Person, at: datetime) -> HttpResponseBase | None:
        marks = marks_of(request)
        if not marks:  # made before there were notes, or by a machine
            note(request, at=at.timestamp())
            return None
        roles = {str(post.role) for post in access.posts_of(person, at)}
        idle = at.timestamp() - float(marks["at"])
        reason = _ending(marks, roles, idle)
        if reason:
            sign_out(request)
            messages.error(request, reason)
            return _away(request, url("front:login"))
        name = request.resolver_match.view_name if request.resolver_match else ""
        if way := _detour(marks, roles, idle, name):
            return _away(request, url(way))
        _touch(request, idle, at)
        return None


def _ending(marks: dict[str, Any], roles: set[str], idle: float) -> str:
    """Why this session is over, or nothing."""
    if set(marks.get("roles", ())) - roles:
        return _("您的岗位有变动，请重新登录。")
    if roles & WANTS_SECOND and idle > DESK_IDLE.total_seconds():
        return _("15 分钟没有操作，为了安全已经退出。请重新登录。")
    return ""


def _detour(marks: dict[str, Any], roles: set[str], idle: float, name: str) -> str:
    """The page that comes first, or nothing."""
    if marks.get("must_change") and name not in FIRST:
        return "front:password"
    is_wanted = settings.SECOND_FACTOR == "required" and bool(roles & WANTS_SECOND)
    if is_wanted and not marks.get("second") and name not in FIRST:
        return "front:safety"
    if name in REVEALS and roles & WANTS_SECOND and idle > SEALED_IDLE.total_seconds():
        return "front:again"
    return ""


def _here(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one a move was made from."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    parts = urlsplit(request.headers.get("HX-Current-URL", "") or request.headers.get("Referer", ""))
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _away(request: HttpRequest, target: str) -> HttpResponse:
    """To another page and back; a swap takes the whole window there."""
    where = f"{target}?{urlencode({'next': _here(request)})}"
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _is_activity(request: HttpRequest) -> bool:
    """Whether a person did this: a board that asks for news by itself keeps nobody signed in."""
    if request.method not in ("GET", "HEAD"):
        return True
    if "HX-Request" in request.headers:
        return request.headers.get("X-Awake") == "1"
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _touch(request: HttpRequest, idle: float, at: datetime) -> None:
    if idle > MARK_EVERY.total_seconds() and _is_activity(request):
        note(request, at=at.timestamp())
        actions.seen(session_key=request.session.session_key or "", at=at)
