"""From a first proof to a session: the second factor where there is one, then in; and whether a proof is fresh."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login as sign_in
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from sandan.core.pages import url
from sandan.front import actions, queries
from sandan.front.limits import PENDING_LIFE, PROOF_LIFE, STAYING, STAYING_LIFE
from sandan.front.views.greeting import way_back
from sandan.people import access
from sandan.people.models import Person

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
PENDING = "front_pending"


def source_of(request: HttpRequest) -> str:
    """The address a request came from; ForwardedMiddleware has put the browser's in its place."""
    return str(request.META.get("REMOTE_ADDR", ""))


def admit(request: HttpRequest, person: Person, *, how: str, wanted: str) -> HttpResponse:
    """After the first proof: to the second where somebody has one, else in. Raises Locked."""
    if queries.has_second(person):
        request.session[PENDING] = {
            "person": person.pk, "how": how, "next": wanted, "at": timezone.now().timestamp(),
        }  # fmt: skip
        return HttpResponseRedirect(url("front:second"))
    return let_in(request, person, how=how, wanted=wanted, has_second=False)


def pending(request: HttpRequest) -> tuple[Person, dict[str, Any]] | None:
    """Who has given the first proof on this browser lately and still may sign in, and what was noted then."""
    note = request.session.get(PENDING)
    at = timezone.now()
    if not note or at.timestamp() - note["at"] > PENDING_LIFE.total_seconds():
        return None
    person = Person.objects.filter(pk=note["person"]).first()
    return (person, note) if person and queries.may_sign_in(person, at) else None


def let_in(request: HttpRequest, person: Person, *, how: str, wanted: str, has_second: bool) -> HttpResponse:
    """The session begins; members on a phone of their own stay for weeks. Raises Locked."""
    request.session.pop(PENDING, None)
    request.signed_in_by = how  # type: ignore[attr-defined]
    try:
        sign_in(request, person, backend=BACKEND)
    except actions.Locked:
        request.session.flush()
        raise
    roles = {post.role for post in access.posts_of(person, timezone.now())}
    marks = request.session[actions.MARKS]
    marks |= {"second": has_second, "how": how, "must_change": queries.must_change(person)}
    request.session[actions.MARKS] = marks
    if roles and roles <= STAYING:
        request.session.set_expiry(int(STAYING_LIFE.total_seconds()))
    return HttpResponseRedirect(way_back(request, wanted) if wanted else url("front:start"))


def marks_of(request: HttpRequest) -> dict[str, Any]:
    """The session's own notes; {} for a visitor."""
    found: dict[str, Any] = request.session.get(actions.MARKS) or {}
    return found


def note(request: HttpRequest, **facts: Any) -> None:
    """Write into the session's notes."""
    request.session[actions.MARKS] = marks_of(request) | facts


def is_proved(request: HttpRequest, at: datetime) -> bool:
    """Whether somebody has proved within the last minutes who they are."""
    return at.timestamp() - float(marks_of(request).get("proved", 0)) <= PROOF_LIFE.total_seconds()
