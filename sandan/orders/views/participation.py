"""R012: the page of participation: units and people with at least one order taken, each figure with its list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.orders.forms.whistle_board import DaysForm
from sandan.orders.queries.participation import named, participation
from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.models import Role, Unit
from sandan.people.queries import units_lists, units_scope

readers_only = role_required(*units_scope.READERS)
NARROW = frozenset({Role.OVERSEER, Role.UNIT_CLERK})


def _days(request: Request) -> tuple[DaysForm, dict[str, Any]]:
    form = DaysForm(request.GET)
    return form, (form.cleaned_data if form.is_valid() else {})


def _drawn(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    posts = posts_of(request.user, timezone.now())
    only = {"rail_only": ("people:units", "notices:inbox")} if {post.role for post in posts} <= NARROW else {}
    bad = context["form"].errors
    answer = page(request, template, {"place": "people:units", **only, **context}, status=422 if bad else 200)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@readers_only
def takers(request: Request) -> HttpResponse:
    """The units one may see that took orders, in the days of the address."""
    at = timezone.now()
    form, days = _days(request)
    found = participation(units_lists.registered(posts_of(request.user, at), at), days.get("since"), days.get("until"))
    query = urlencode({name: str(day) for name, day in days.items() if day})
    back = any(post.role == Role.OVERSEER for post in posts_of(request.user, at))
    return _drawn(
        request, "orders/participation.html", {"form": form, "found": found, "query": query, "oversees": back}
    )


@require_safe
@readers_only
def takers_of(request: Request, pk: int) -> HttpResponse:
    """The people of one unit who took orders, by name with the count."""
    unit = access.unit_of(request.user, pk, timezone.now())
    form, days = _days(request)
    found = participation(Unit.objects.filter(pk=unit.pk), days.get("since"), days.get("until"))
    people = named(found.lines[0].takers) if found.lines else []
    return _drawn(request, "orders/participation_unit.html", {"form": form, "unit": unit, "people": people})
