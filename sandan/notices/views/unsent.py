"""没送到的通知: the desk rings up whom no message reached; the administrator sees which way is broken."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.pages import page, url_or_none
from sandan.notices import access, actions, queries
from sandan.notices.models import Delivery
from sandan.notices.queries.ledger import asker_words, channel_name
from sandan.people.access import Request, posts_of, role_required
from sandan.people.models import Role

mends_or_rings = role_required(*access.DESKS, Role.ADMIN)
EVERYWHERE = ("",)


@require_safe
@mends_or_rings
def unsent(request: Request) -> HttpResponse:
    """The lines of this desk's areas; for the administrator the reasons alone, without orders and receivers."""
    at = timezone.now()
    scopes = access.desk_scopes(request.user, at)
    mends = any(post.role == Role.ADMIN for post in posts_of(request.user, at))
    found = queries.missed(EVERYWHERE if mends else scopes, at)
    context = {
        "rows": [_row(line) for line in found.lines] if scopes and not mends else [],
        "count": found.count, "chosen_count": found.chosen_count, "rings": bool(scopes) and not mends,
        "reasons": [(queries.why(code), number) for code, number in found.reasons], "frame": "ui/desk.html",
    }  # fmt: skip
    return page(request, "notices/unsent.html", context, part="list" if request.htmx else None)


def _row(line: Delivery) -> dict[str, object]:
    notice = line.notice
    number = queries.number_of(notice)
    return {
        "pk": line.pk, "at": line.made_at, "why": queries.why(line.error), "way": channel_name(line.channel),
        "number": queries.short_number(number), "href": url_or_none("orders:go", number) if number else None,
        "who": notice.person.name if notice.person else _("点单人"),
        "text": queries.sentence(notice) if notice.person else asker_words(notice),
    }  # fmt: skip


@require_POST
@mends_or_rings
def handle(request: Request, pk: int) -> HttpResponse:
    """Somebody told the receiver."""
    at = timezone.now()
    if not access.desk_scopes(request.user, at):
        raise Http404
    actions.handle(delivery=access.missed_of(request.user, pk, at), by=request.user, at=at)
    messages.success(request, _("记下了，这条不再列。"))
    return redirect("notices:unsent")
