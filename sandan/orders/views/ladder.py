"""The page of the ladder: what waits to be accepted, what went up, what concerns us across, each area by light."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sandan.core.pages import page, url_or_none
from sandan.orders import access
from sandan.orders.models.ladder import TOP_LEVEL
from sandan.orders.queries import boards_stalled, duty, ladder_figures, ladder_street
from sandan.orders.queries.boards_figures import Scope, name_of
from sandan.orders.queries.boards_filter import Filters
from sandan.orders.queries.boards_scope import covers, desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request

GAPS_SHOWN, DAYS = 4, 30
TITLES = {2: gettext_lazy("社区的上报"), 3: gettext_lazy("街道的上报"), 4: gettext_lazy("区里的上报")}


@require_safe
@desk_required
def ladder(request: Request) -> HttpResponse:
    """Everything of one's level; `place` narrows it to a street or a community of one's own."""
    at = timezone.now()
    own = desk_codes(request.user, at)
    place = request.GET.get("place", "")
    if place and not covers(own, place):
        raise Http404
    codes = (place,) if place else own
    level = ladder_street.top_level(access.posts_at(request.user, at))
    context = frame(request, at) | _before_us(codes, level, at) | _area(codes, at) | {
        "heading": TITLES[level], "title": name_of(codes), "level": level, "place_asked": place,
        "here": request.get_full_path(), "whistles": url_or_none("orders:whistles"),
    }  # fmt: skip
    return page(request, "orders/ladder_street.html", context, part="live" if request.htmx else None)


def _before_us(codes: Sequence[str], level: int, at: datetime) -> dict[str, Any]:
    return {
        "waiting": ladder_street.waiting(codes, level, at),
        "above": ladder_street.above(codes, level, at) if level < TOP_LEVEL else [],
        "across": ladder_street.across(codes, at),
    }


def _area(codes: Sequence[str], at: datetime) -> dict[str, Any]:
    """The places below with their lights, the month's share, what stands still, holes in the duty lists."""
    until = timezone.localtime(at).date()
    since = until - timedelta(days=DAYS - 1)
    solved = ladder_figures.totals(Scope(tuple(codes), since, until), at)
    holes = duty.gaps(at, within=codes)
    listed = ladder_street.areas(codes, at)
    place = codes[0] if len(codes) == 1 else ""
    return {
        "areas": listed, "colours": ladder_street.COLOURS, "numbers": ladder_street.NUMBERS,
        "total": {key: sum(area.counts[key] for area in listed) for key in _keys()},
        "figures": [
            (solved.near(), _listed("near", place, since, until)),
            (solved.in_grid(), _listed("in_grid", place, since, until)),
        ],
        "target": ladder_figures.TARGET, "reaches": solved.reaches_target, "since": since, "until": until,
        "stalled": boards_stalled.kind_counts(codes, at), "gaps": holes[:GAPS_SHOWN], "gap_count": len(holes),
        "board": reverse("orders:board"), "drills": bool(codes) and len(codes[0]) < 9,
    }  # fmt: skip


def _keys() -> tuple[str, ...]:
    return (*ladder_street.NUMBERS, *ladder_street.COLOURS)


def _listed(name: str, place: str, since: date, until: date) -> str:
    return f"{reverse('orders:board')}?{Filters(list=name, place=place, since=since, until=until).address()}"
