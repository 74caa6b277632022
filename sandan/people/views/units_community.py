"""A community's view: the units that serve it, who of them came, and the survey before they are given to it (R200)."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions import units_survey
from sandan.people.forms.units import SurveyForm
from sandan.people.models import CommunitySurvey
from sandan.people.queries import units_lists, units_roster
from sandan.people.queries.member_scope import areas
from sandan.people.views.units_frame import asked, data_of, desks_only, done, readers_only, shown
from sandan.people.views.units_progress import rows_page
from sandan.places.models import Place


def _keeps(request: Request, code: str, at: datetime) -> bool:
    return any(code.startswith(one) for one in areas(posts_of(request.user, at)))


@require_safe
@readers_only
def community(request: Request, code: int) -> HttpResponse:
    """The units of a community with what they took on, both sides' words, and how many came."""
    at = timezone.now()
    place = access.units_community_of(request.user, str(code), at)
    found = units_lists.community_page(place.code, at)
    paired = {row.checkin.unit_id for row in found.servings}
    context = {
        "community": place, "found": found, "keeps": _keeps(request, place.code, at),
        "only_paired": [pair for pair in found.pairs if pair.unit_id not in paired],
    }  # fmt: skip
    return shown(request, "people/units_community.html", context)


@require_safe
@readers_only
def community_rows(request: Request, code: int, show: str) -> HttpResponse:
    """The members expected here who are behind one figure."""
    at = timezone.now()
    place = access.units_community_of(request.user, str(code), at)
    if show not in units_roster.SHOWS or show == "double":
        raise Http404
    rows = units_roster.shown(units_lists.expected(place.code), show, at, place.code)
    return rows_page(request, rows, show, reverse("people:units_community", args=[code]), place.name)


@require_http_methods(["GET", "HEAD", "POST"])
@desks_only
def survey(request: Request, code: int) -> HttpResponse:
    """What was found in the community on a day; begins with the last survey."""
    at = timezone.now()
    place: Place = access.units_community_of(request.user, str(code), at)
    last = CommunitySurvey.objects.filter(community=place).order_by("-on").first()
    fields = ("households", "staff_count", "capacity", "needs", "resources", "gaps")
    start: dict[str, Any] = {name: getattr(last, name) for name in fields} if last else {"households": place.households}

    def act(said: dict[str, Any]) -> str:
        units_survey.write_survey(community=place, by=request.user, at=at, **said)
        return done()

    form = SurveyForm(data_of(request), initial=start | {"on": timezone.localdate(at)})
    title = _("%(place)s摸底") % {"place": place.name}
    return asked(request, form, title, _("记下摸底"), reverse("people:units_community", args=[code]), act)
