"""R008: the clerk's roster: who is in, who is missing and why, reminders; names become people."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.people import access
from sandan.people.access import Request
from sandan.people.actions import units_remind, units_roster
from sandan.people.forms.units_roster import AssignForm, ExcuseForm, PersonForm, RosterForm
from sandan.people.models import RosterRow, Unit, UnitCheckin
from sandan.people.queries import units_lists, units_scope
from sandan.people.queries import units_roster as rosters
from sandan.people.views.units_frame import asked, clerks_only, data_of, moved, readers_only, shown

ask = require_http_methods(["GET", "HEAD", "POST"])


def _back(unit: int, show: str = "gap") -> str:
    return reverse("people:unit_roster", args=[unit, show])


@require_safe
@readers_only
def roster(request: Request, pk: int, show: str) -> HttpResponse:
    """The rows behind one figure of a unit, with what its clerk can do about them."""
    at = timezone.now()
    unit = access.roster_unit_of(request.user, pk, at)
    if show not in rosters.SHOWS:
        raise Http404
    rows = RosterRow.objects.live().filter(unit=unit)
    line = units_lists.lines([unit], rosters.standings(rows, at), at)[0]
    context = {
        "unit": unit, "show": show, "line": line, "rows": rosters.shown(rows, show, at),
        "is_clerk": "clerk" in units_scope.sides(access.posts_of(request.user, at), unit),
        "waiting": rosters.unclaimed(unit, at).count(), "communities": _communities(unit, at),
    }  # fmt: skip
    return shown(request, "people/units_roster.html", context)


def _communities(unit: Unit, at: Any) -> dict[str, str]:
    rows = UnitCheckin.objects.live(at).filter(unit=unit).order_by("community_id")
    return dict(rows.values_list("community_id", "community__name"))


@ask
@readers_only
def hand_in(request: Request, pk: int) -> HttpResponse:
    """The whole roster as of a day, one name a line; it begins with the one that is there."""
    at = timezone.now()
    unit = access.roster_unit_of(request.user, pk, at)
    known = RosterRow.objects.live().filter(unit=unit).order_by("name_key", "pk").values_list("name", "mark")
    names = "\n".join(f"{name} {mark}".strip() for name, mark in known)

    def act(said: dict[str, Any]) -> str:
        row = units_roster.hand_in_roster(unit=unit, entries=said["names"], on=said["on"], by=request.user, at=at)
        return _("名册 %(n)s 人，截至 %(day)s。") % {"n": row.row_count, "day": row.on.isoformat()}

    form = RosterForm(data_of(request), initial={"names": names, "on": timezone.localdate(at)})
    return asked(request, form, _("交名册"), _("交这份名册"), _back(pk, "all"), act)


@ask
@clerks_only
def excuse(request: Request, pk: int) -> HttpResponse:
    """Why somebody cannot report in, and for how long."""
    at = timezone.now()
    row = access.roster_row_of(request.user, pk, at)

    def act(said: dict[str, Any]) -> str:
        units_roster.excuse(row=row, by=request.user, at=at, **said)
        return _("%(name)s的原因记下了。") % {"name": row.name}

    form = ExcuseForm(data_of(request), initial={"from_on": timezone.localdate(at)})
    title = _("%(name)s为什么没报到") % {"name": row.name}
    lead = _("只记原因和日期，不写病情和别的细节。病假在单位以外只显示为请假。")
    return asked(request, form, title, _("记下原因"), _back(row.unit_id), act, {"lead": lead})


@require_POST
@clerks_only
def excuse_end(request: Request, pk: int) -> HttpResponse:
    """The reason holds no longer."""
    at = timezone.now()
    row = access.roster_row_of(request.user, pk, at)

    def act() -> str:
        units_roster.end_excuse(row=row, by=request.user, at=at)
        return _("%(name)s的原因撤了。") % {"name": row.name}

    return moved(request, _back(row.unit_id, "excused"), act)


@ask
@clerks_only
def settle(request: Request, pk: int) -> HttpResponse:
    """Which of those who reported in for the unit this row is."""
    at = timezone.now()
    row = access.roster_row_of(request.user, pk, at)

    def act(said: dict[str, Any]) -> str:
        units_roster.settle_row(row=row, person=said["person"], by=request.user, at=at)
        return _("%(name)s对上了。") % {"name": row.name}

    form = PersonForm(data_of(request), rosters.unclaimed(row.unit, at))
    title = _("名册上的%(name)s是哪一位") % {"name": row.name}
    lead = _("下面是以您单位名义报到、名册上还没对上的人。")
    return asked(request, form, title, _("就是这位"), _back(row.unit_id), act, {"lead": lead})


@require_POST
@clerks_only
def match(request: Request, pk: int) -> HttpResponse:
    """Names of the roster become people where the name settles it."""
    at = timezone.now()
    unit = access.roster_unit_of(request.user, pk, at)

    def act() -> str:
        return _("对上了 %(n)s 人。") % {"n": units_roster.match_roster(unit=unit, by=request.user, at=at)}

    return moved(request, _back(pk), act)


@require_POST
@clerks_only
def assign(request: Request, pk: int) -> HttpResponse:
    """Ticked rows go to one of the unit's communities."""
    at = timezone.now()
    unit = access.roster_unit_of(request.user, pk, at)
    form = AssignForm(request.POST)

    def act() -> str:
        if not form.is_valid():
            raise units_roster.BadRoster(_("先在名册上勾选，再选一个社区。"))
        count = units_roster.assign_rows(unit=unit, by=request.user, at=at, **form.cleaned_data)
        return _("%(n)s 人分好了。") % {"n": count}

    return moved(request, _back(pk, "all"), act)


@require_POST
@clerks_only
def remind(request: Request, pk: int) -> HttpResponse:
    """Members who have an account and have not reported in are reminded."""
    at = timezone.now()
    unit = access.roster_unit_of(request.user, pk, at)

    def act() -> str:
        return _("提醒了 %(n)s 人。") % {"n": units_remind.remind_members(unit=unit, by=request.user, at=at)}

    return moved(request, _back(pk), act)
