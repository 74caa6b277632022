"""R007-R009, R021: the overseer's page: how far all units of the level are, and the list behind every figure."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.pages import url_or_none
from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions import units_remind
from sandan.people.models import RosterRow, Unit
from sandan.people.queries import units_lists, units_roster, units_scope, units_words
from sandan.people.queries.member_scope import inside
from sandan.people.queries.units_roster import SHOWS
from sandan.people.views.units_frame import moved, overseers_only, shown
from sandan.places.models import Place

EACH = 200  # names on one page of a list


def _units(request: Request, at: datetime) -> tuple[tuple[str, ...], QuerySet[Unit]]:
    posts = posts_of(request.user, at)
    codes = units_scope.overseen(posts)
    return codes, units_lists.registered(posts, at).filter(inside(codes, "scope"))


@require_safe
@overseers_only
def progress(request: Request) -> HttpResponse:
    """The figures, then the units: all, or those of one pick."""
    at = timezone.now()
    codes, units = _units(request, at)
    found = units_lists.progress(units, at)
    pick = request.GET.get("pick", "")
    pick = pick if pick in units_words.PICKS else ""
    context = {
        "found": found, "pick": pick, "lines": [line for line in found.lines if line.is_in(pick)],
        "level": _level(codes), "participation": url_or_none("orders:participation"),
    }  # fmt: skip
    return shown(request, "people/units_progress.html", context, part="list" if request.htmx else None)


def _level(codes: tuple[str, ...]) -> str:
    """The names of the areas overseen; a city, whose row is not kept here, as its counties."""
    names = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    return "、".join(names.get(code, _("本市")) for code in codes)


@require_safe
@overseers_only
def progress_rows(request: Request, show: str) -> HttpResponse:
    """Who stands behind a figure, unit by unit."""
    if show not in SHOWS:
        raise Http404
    at = timezone.now()
    _codes, units = _units(request, at)
    rows = units_roster.shown(units_roster.rows_of(units.order_by()), show, at)
    return rows_page(request, rows, show, reverse("people:progress"), _("全部单位"))


def rows_page(request: Request, rows: QuerySet[RosterRow], show: str, back: str, whose: str) -> HttpResponse:
    """A list of names with where they stand, two hundred at a time."""
    number = request.GET.get("page", "1")
    page = min(max(int(number), 1), 10_000) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    total = rows.count()
    first = (page - 1) * EACH
    context = {
        "rows": rows[first : first + EACH], "show": show, "back_to": back, "whose": whose, "total": total,
        "first": first + 1, "last": min(first + EACH, total), "page": page, "has_next": first + EACH < total,
    }  # fmt: skip
    return shown(request, "people/units_rows.html", context)


@require_POST
@overseers_only
def remind(request: Request, pk: int) -> HttpResponse:
    """The clerks of a unit with a gap are reminded."""
    at = timezone.now()
    unit = access.unit_of(request.user, pk, at)

    def act() -> str:
        count = units_remind.remind_unit(unit=unit, by=request.user, at=at)
        return _("已提醒%(unit)s的 %(n)s 位经办人。") % {"unit": unit.name, "n": count}

    return moved(request, reverse("people:unit", args=[pk]), act)
