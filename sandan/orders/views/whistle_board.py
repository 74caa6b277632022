"""The lists and figures of the whistles: the street's list of unanswered ones first."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.core.pages import page, url
from sandan.orders.forms.whistle_board import DaysForm
from sandan.orders.queries import whistle_figures, whistle_side
from sandan.orders.queries.boards_scope import desk_codes
from sandan.orders.queries.whistle_figures import LISTS, Scope
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.orders.views.whistle_called import matter_of
from sandan.people.access import Request

TABS = ("missed", "open")


def _scope(request: Request, at: datetime) -> tuple[Scope | None, DaysForm]:
    """The calls of this person's areas, in the days and for the unit of the address; None for days that are none."""
    form = DaysForm(request.GET)
    if not form.is_valid():
        return None, form
    unit = request.GET.get("unit", "")
    codes = desk_codes(request.user, at)
    days = form.cleaned_data
    return Scope(codes, days["since"], days["until"], int(unit) if unit.isdecimal() else None), form


@require_safe
@desk_required
def whistles(request: Request) -> HttpResponse:
    """One named list of calls; without a name those that nobody answered in time, or all that are open.

    A refresh gets the list alone.
    """
    at = timezone.now()
    scope, form = _scope(request, at)
    scope = scope or Scope(desk_codes(request.user, at))
    counts = {name: whistle_figures.count(Scope(scope.codes), name, at) for name in TABS}
    name = request.GET.get("list", "")
    name = name if name in LISTS else ("missed" if counts["missed"] else "open")
    calls = whistle_figures.listed(scope, name, at)
    context = frame(request, at) | {
        "now": at, "form": form, "name": name, "label": LISTS[name].label, "calls": calls, "matter_of": matter_of,
        "tabs": [(LISTS[one].label, f"?list={one}", one == name, counts[one], one == "missed") for one in TABS],
        "states": whistle_side.STATES, "side_of": lambda number: url("orders:side", number), "scope": scope,
        "place": "orders:whistles", "here": request.get_full_path(),
    }  # fmt: skip
    return page(request, "orders/whistle_board.html", context, part="live" if request.htmx else None)


@require_safe
@desk_required
def whistle_figures_page(request: Request) -> HttpResponse:
    """Per unit: called, in time, came, marks; each number opens its list."""
    at = timezone.now()
    scope, form = _scope(request, at)
    lines = whistle_figures.by_unit(scope, at) if scope else []
    context = frame(request, at) | {
        "now": at, "form": form, "lines": lines, "total": whistle_figures.totals(scope, at) if scope else None,
        "opens": _opener(request), "place": "orders:whistles",
    }  # fmt: skip
    return page(request, "orders/whistle_figures.html", context, status=200 if scope else 422)


def _opener(request: Request) -> Any:
    """The address of a list for a unit, in the same days."""
    days = {name: request.GET[name] for name in ("since", "until") if request.GET.get(name)}

    def opens(name: str, unit: int | None) -> str:
        query = {"list": name, **days, **({"unit": str(unit)} if unit else {})}
        return f"{url('orders:whistles')}?{urlencode(query)}"

    return opens
