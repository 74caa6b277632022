"""The board of the desk: a list or columns, filters as an address, and moves for several orders at a time."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.pages import page
from sandan.intake.models import Category
from sandan.orders import access
from sandan.orders.actions import batching
from sandan.orders.forms.boards import BoardForm
from sandan.orders.queries import boards as queries
from sandan.orders.queries.boards_columns import columns
from sandan.orders.queries.boards_counts import count_words, tab_counts
from sandan.orders.queries.boards_filter import Filters
from sandan.orders.queries.boards_lists import HOT, LISTS, TABS
from sandan.orders.queries.boards_options import options
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.queries.rows import Row
from sandan.orders.views.boards_frame import cursor_of, desk_required, frame, is_wide, turned, where
from sandan.orders.views.boards_rows import rows_html
from sandan.orders.workflow import MOVES
from sandan.people.access import Request
from sandan.people.models import Person

MOST_AT_ONCE = 50
SAID_AT_MOST = 3


@require_safe
@desk_required
def board(request: Request) -> HttpResponse:
    """The board as its address asks for it; a refresh gets the live part alone."""
    at = timezone.now()
    codes = desk_codes(request.user, at)
    form = BoardForm(request.GET)
    if not form.is_valid():
        nothing = queries.Board([], 0, 0, None, None)
        empty: dict[str, Any] = {"board": nothing, "columns": None, "where": "", "total": 0}
        context = frame(request, at) | _around(form, Filters(), codes, at, request) | empty
        return page(request, "orders/boards_board.html", context | {"before": "", "after": ""}, status=422)
    filters = form.filters()
    around = _around(form, filters, codes, at, request)
    context = frame(request, at) | around | _shown(request, filters, codes, at, around["counts"])
    return page(request, "orders/boards_board.html", context, part="live" if request.htmx else None)


def _around(
    form: BoardForm, filters: Filters, codes: tuple[str, ...], at: datetime, request: HttpRequest
) -> dict[str, Any]:
    """Tabs with their counts, the filters, and what they offer when they are unfolded."""
    counts = tab_counts(codes, at)
    unfolded = bool(
        request.GET.get("more") or filters.place or filters.category or filters.holder or filters.estate
    )  # fmt: skip
    names = [*TABS, *((filters.list,) if filters.list not in TABS else ())]
    return {
        "form": form, "filters": filters, "counts": counts,
        "tabs": [
            (name, LISTS[name].label, filters.address(list=name), _count(counts.get(name)), _is_hot(name, counts))
            for name in names
        ],
        "options": options(codes, filters.place) if unfolded and not getattr(request, "htmx", False) else None,
        "here": request.get_full_path(),
    }  # fmt: skip


def _is_hot(name: str, counts: dict[str, int]) -> bool:
    return name in HOT and counts[name] > 0


def _count(count: int | None) -> str | None:
    return None if count is None else count_words(count)


def _shown(
    request: Request, filters: Filters, codes: tuple[str, ...], at: datetime, counts: dict[str, int]
) -> dict[str, Any]:
    if filters.view == "columns":
        found = columns(filters, codes, at)
        total = count_words(sum(column.count for column in found))
        return {"columns": found, "board": None, "where": "", "total": total, "before": "", "after": ""}
    known = None if filters.is_narrow else counts.get(filters.list)
    found_page = queries.board(filters, codes, at, cursor_of(request), known)
    can = {row.id: " ".join(_moves(row, request.user, at)) for row in found_page.rows}
    return {
        "board": found_page, "columns": None, "where": where(found_page), "total": found_page.total_words,
        "before": turned(request, found_page.before), "after": turned(request, found_page.after),
        "listing": rows_html(found_page.rows, can, is_wide(codes)),
    }  # fmt: skip


def _moves(row: Row, person: Person, at: datetime) -> list[str]:
    """The batch verbs this person may do to the order of a row."""
    if not _is_desk(row, person, at):
        return []
    open_moves = {move.verb for move in MOVES.open_to(row.state, {"desk"})}
    if row.grab not in (Category.Grab.YES, Category.Grab.REVIEW):
        open_moves.discard("open_up")
    return [verb for verb in batching.VERBS if verb in open_moves]


def _is_desk(row: Row, person: Person, at: datetime) -> bool:
    role = access.DESK_OF_LEVEL[row.level]
    return any(p.role == role and row.full_number.startswith(p.scope) for p in access.posts_at(person, at))


@require_POST
@desk_required
def batch(request: Request) -> HttpResponse:
    """Do one verb to the chosen orders; says how many moved, and why the others did not."""
    at = timezone.now()
    verb = request.POST.get("verb", "")
    if verb not in batching.VERBS:
        raise Http404
    numbers = list(dict.fromkeys(request.POST.getlist("order")))[:MOST_AT_ONCE]
    orders = [access.order_of(request.user, number, at) for number in numbers]
    if orders:
        _tell(request, batching.each(verb=verb, orders=orders, by=request.user, at=at))
    else:
        messages.error(request, _("还没选。先在左边勾几件，再点。"))
    back = QueryDict(request.POST.get("back", "")).urlencode()
    return HttpResponseRedirect(f"{reverse('orders:board')}{'?' if back else ''}{back}")


def _tell(request: Request, made: batching.Batch) -> None:
    if made.done:
        messages.success(request, _("办好 %(count)s 件。") % {"count": len(made.done)})
    if made.refused:
        said = "；".join(f"{order.number} {why}" for order, why in made.refused[:SAID_AT_MOST])
        messages.error(request, _("%(count)s 件没动：%(why)s") % {"count": len(made.refused), "why": said})
