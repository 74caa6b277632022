"""What does not move and what nobody has answered, as lists."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.orders.queries import boards_stalled, boards_unanswered
from sandan.orders.queries.boards_counts import count_words
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.views.boards_frame import cursor_of, desk_required, frame, turned, where
from sandan.people.access import Request


@require_safe
@desk_required
def stalled(request: Request) -> HttpResponse:
    """Orders that stand still or are late, the next look first."""
    at = timezone.now()
    codes = desk_codes(request.user, at)
    kind = request.GET.get("kind", "all")
    kind = kind if kind in boards_stalled.KINDS else "all"
    board, lines = boards_stalled.stalled(codes, kind, at, cursor_of(request))
    counts = {kind: count_words(count) for kind, count in boards_stalled.kind_counts(codes, at).items()}
    context = frame(request, at) | {
        "lines": lines, "total": board.total_words, "where": where(board), "here": request.get_full_path(),
        "before": turned(request, board.before), "after": turned(request, board.after), "counts": counts,
        "kinds": [(name, label, counts[name], name == kind) for name, label in boards_stalled.KINDS.items()],
    }  # fmt: skip
    return page(request, "orders/boards_stalled.html", context, part="live" if request.htmx else None)


@require_safe
@desk_required
def unanswered(request: Request) -> HttpResponse:
    """Orders nobody has said a word about yet, those beyond their limit first."""
    at = timezone.now()
    board = boards_unanswered.unanswered(desk_codes(request.user, at), at, cursor_of(request))
    context = frame(request, at) | {
        "board": board, "where": where(board), "here": request.get_full_path(),
        "before": turned(request, board.before), "after": turned(request, board.after),
    }  # fmt: skip
    return page(request, "orders/boards_unanswered.html", context, part="live" if request.htmx else None)
