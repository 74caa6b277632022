"""What the members' views share: who may enter, the frame with its tabs, pages that no browser keeps."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from sandan.core.pages import page
from sandan.notices.queries import unread_count
from sandan.people.access import Request, role_required
from sandan.people.models import Role

HELPERS = (Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER, Role.UNIT_CLERK)
member_required = role_required(*HELPERS)


def drawn(
    request: Request, template: str, context: Mapping[str, Any], *, part: str | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page in the members' frame; it may hold a phone number, so nobody keeps a copy."""
    unread = {} if part else {"unread_count": unread_count(request.user)}
    response = page(request, template, {**context, **unread}, part=part, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def address(name: str, number: str = "") -> str:
    """The address of one of the members' pages, for an order where it has one."""
    return reverse(f"orders:{name}", args=[number] if number else None)
