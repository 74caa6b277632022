"""The auditor's page: the chain, and every look at contact and sealed fields."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.front import queries
from sandan.people.access import Request, role_required
from sandan.people.models import Role


@require_safe
@role_required(Role.AUDITOR)
def audit(request: Request) -> HttpResponse:
    """Fifty looks, the newest first; ?before=ID leads to older ones."""
    before = request.GET.get("before", "")
    trail = queries.trail(int(before) if before.isdecimal() and len(before) < 18 else None)
    return page(request, "front/audit.html", {"trail": trail, "at": timezone.now(), "rail_only": ()})
