"""The inbox of staff and members: what they were told, and that they have read it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from sandan.core.pages import page, url_or_none
from sandan.notices import access, actions, queries
from sandan.notices.models import Notice
from sandan.people.access import EVERYBODY, Request, posts_of, role_required
from sandan.people.models import Role

anybody_with_a_post = role_required(*EVERYBODY)
LEADING = ("roster_gap", "checkin_wait")  # kinds that are about no order and still open a page
HELPERS = frozenset({Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER, Role.UNIT_CLERK})


def _row(notice: Notice) -> dict[str, object]:
    number = queries.number_of(notice)
    leads = bool(number) or notice.kind in LEADING
    return {"notice": notice, "text": queries.sentence(notice), "leads": leads, "ways": queries.ways_out(notice)}


def _serves(request: Request) -> bool:
    """Whether this person only serves and has no desk: then the page stands in the members' frame."""
    return {post.role for post in posts_of(request.user, timezone.now())} <= HELPERS


def frame_of(request: Request) -> str:
    """Whose frame the page stands in."""
    return "ui/member.html" if _serves(request) else "ui/desk.html"


def _missed_count(request: Request) -> int:
    """What did not arrive in the areas of this desk; nothing is asked for who has none."""
    at = timezone.now()
    scopes = access.desk_scopes(request.user, at)
    return queries.missed_count(scopes, at) if scopes else 0


@require_safe
@anybody_with_a_post
def inbox(request: Request) -> HttpResponse:
    """Unread notices, then what was read lately."""
    found = queries.inbox_of(request.user)
    context = {
        "unread": [_row(notice) for notice in found.unread],
        "recent": [_row(notice) for notice in found.recent],
        "unread_count": found.unread_count,
        "frame": frame_of(request),
        "missed_count": _missed_count(request),
    }
    part = "list" if request.htmx else None
    return page(request, "notices/inbox.html", context, part=part)


@require_POST
@anybody_with_a_post
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Read it and go to what it is about."""
    notice = actions.read(notice=access.notice_of(request.user, pk), by=request.user, at=timezone.now())
    return redirect(_about(notice) or "notices:inbox")


def _about(notice: Notice) -> str | None:
    """The page of what a notice is about: its order, a unit's roster, one's own check-in."""
    if notice.kind == "roster_gap":
        return url_or_none("people:unit", notice.subject_id)
    if notice.kind == "checkin_wait":
        return url_or_none("people:me")
    number = queries.number_of(notice)
    return (number and url_or_none("orders:go", number)) or None


@require_POST
@anybody_with_a_post
def read_all(request: Request) -> HttpResponse:
    """All that the page showed is read."""
    actions.read_all(until=_shown_until(request), by=request.user, at=timezone.now())
    return redirect("notices:inbox")


def _shown_until(request: Request) -> datetime:
    """When the page was drawn, as its form says; what came later was not seen."""
    now = timezone.now()
    try:
        said = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        said = None
    return min(said, now) if said is not None and timezone.is_aware(said) else now
