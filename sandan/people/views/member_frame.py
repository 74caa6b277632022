"""What the members' views share: who may enter, and pages that no browser keeps."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from sandan.core.pages import page
from sandan.people import access
from sandan.people.access import Request, role_required
from sandan.people.models import Person, Role
from sandan.people.queries import member_scope

P = ParamSpec("P")
HELPERS = (Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER, Role.UNIT_CLERK)
readers_only = role_required(*member_scope.READERS)
post_keepers_only = role_required(*member_scope.POST_KEEPERS)
SignedIn = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def own_page(view: Callable[Concatenate[Request, P], HttpResponseBase]) -> SignedIn[P]:
    """For who serves now, and for members between two check-ins: they too must find the way back in."""
    helpers = role_required(*HELPERS)(view)

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user, at = request.user, timezone.now()
        if not isinstance(user, Person) or {post.role for post in access.posts_of(user, at)} & {*HELPERS}:
            return helpers(request, *args, **kwargs)
        held = {post.role for post in access.posts_of(user, at)}
        if held and held <= access.GUESTS:
            raise Http404
        if not access.may_check_in(user, at):
            raise Http404 if args or kwargs else PermissionDenied  # an address that names a thing tells nothing
        return view(cast(Request, request), *args, **kwargs)

    return guarded


def drawn(
    request: Request, template: str, context: Mapping[str, Any], *, part: str | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page; it is about one person or many, so nobody keeps a copy."""
    response = page(request, template, {"unread_count": None, **context}, part=part, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
