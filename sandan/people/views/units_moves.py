"""What happens between a unit and communities: steps, check-ins, links, words of both sides, pairs."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions import units_checkin, units_pair, units_survey
from sandan.people.forms.units import LINK_WORDS, CheckinForm, LinkForm, MarkForm, PairForm, StepForm
from sandan.people.models import UnitCheckin, UnitRating, UnitStage
from sandan.people.queries import units_scope, units_words
from sandan.people.views.units_frame import asked, data_of, done, moved, readers_only
from sandan.places.models import Place

ask = require_http_methods(["GET", "HEAD", "POST"])


def _back(pk: int) -> str:
    return reverse("people:unit", args=[pk])


@ask
@readers_only
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """One of the three steps: days and what stands in the way."""
    at = timezone.now()
    unit = access.unit_of(request.user, pk, at)
    scheme = units_scope.scheme_over(unit.scope, units_scope.schemes_in_force(timezone.localdate(at)))
    if step not in UnitStage.Step.values or scheme is None:
        raise Http404
    row = UnitStage.objects.filter(unit=unit, scheme=scheme, step=step).first()
    start = {name: getattr(row, name) for name in StepForm.base_fields} if row else {"step": step}

    def act(said: dict[str, Any]) -> str:
        units_survey.write_step(unit=unit, scheme=scheme, by=request.user, at=at, **(said | {"step": step}))
        return done()

    data = data_of(request)
    form = StepForm(data and {**data.dict(), "step": step}, initial=start)
    title = _("%(unit)s：%(step)s") % {"unit": unit.name, "step": units_words.STEPS[step]}
    return asked(request, form, title, _("记下这一步"), _back(pk), act)


@ask
@readers_only
def unit_checkin(request: Request, pk: int) -> HttpResponse:
    """The unit reports in to a community."""
    at = timezone.now()
    unit = access.unit_of(request.user, pk, at)

    def act(said: dict[str, Any]) -> str:
        units_checkin.check_in_unit(unit=unit, community=said["community"], by=request.user, at=at)
        return _("在%(place)s报到了。") % {"place": said["community"].name}

    form = CheckinForm(data_of(request), unit.scope)
    return asked(request, form, _("到哪个社区报到"), _("到这个社区报到"), _back(pk), act)


@require_POST
@readers_only
def checkin_end(request: Request, pk: int) -> HttpResponse:
    """The unit serves this community no longer."""
    at = timezone.now()
    row = access.unit_checkin_of(request.user, pk, at)

    def act() -> str:
        units_checkin.check_out_unit(checkin=row, by=request.user, at=at)
        return _("在%(place)s的报到结束了。") % {"place": row.community.name}

    return moved(request, _after(request, row), act)


def _after(request: Request, row: UnitCheckin) -> str:
    """Back to the unit where one may still see it, else to the community."""
    at = timezone.now()
    if units_scope.sides(posts_of(request.user, at), row.unit):
        return _back(row.unit_id)
    return reverse("people:units_community", args=[row.community_id])


@ask
@readers_only
def link(request: Request, pk: int, kind: str) -> HttpResponse:
    """A service or a charge that the unit takes on."""
    at = timezone.now()
    row = access.unit_checkin_of(request.user, pk, at)
    word = {"service": row.scheme.word_service, "charge": row.scheme.word_charge}.get(kind)
    if not word:
        raise Http404
    ground = Place.objects.current().filter(code__startswith=row.community_id)
    ground = ground.filter(kind__in=(Place.Kind.COMMUNITY, Place.Kind.GRID, Place.Kind.EXCLUSIVE)).order_by("code")

    def act(said: dict[str, Any]) -> str:
        units_checkin.link(checkin=row, kind=kind, by=request.user, at=at, **said)
        return done()

    title = str(LINK_WORDS[kind]) % {"word": word}
    more = {"lead": _("%(unit)s · %(place)s") % {"unit": row.unit.name, "place": row.community.name}}
    return asked(request, LinkForm(data_of(request), ground), title, _("记下来"), _after(request, row), act, more)


@require_POST
@readers_only
def link_end(request: Request, pk: int) -> HttpResponse:
    """A service or charge ends."""
    at = timezone.now()
    row = access.unit_link_of(request.user, pk, at)

    def act() -> str:
        units_checkin.unlink(link=row, by=request.user, at=at)
        return _("这一项结束了。")

    return moved(request, _after(request, row.checkin), act)


@ask
@readers_only
def rate(request: Request, pk: int, side: str) -> HttpResponse:
    """One side's mark on the other for this year."""
    at = timezone.now()
    row = access.unit_checkin_of(request.user, pk, at)
    if side not in UnitRating.Side.values or not row.scheme.word_rating:
        raise Http404
    said_before = row.ratings.filter(side=side, year=timezone.localdate(at).year).first()
    start = {"mark": said_before.mark, "text": said_before.text} if said_before else None

    def act(said: dict[str, Any]) -> str:
        units_checkin.rate_unit(checkin=row, side=side, by=request.user, at=at, **said)
        return done()

    whom = row.unit.name if side == UnitRating.Side.COMMUNITY else row.community.name
    title = _("%(word)s%(whom)s") % {"word": row.scheme.word_rating, "whom": whom}
    lead = _("对方和主管工委看得到。一年一次，年内可以改，以最后一次为准。")
    form = MarkForm(data_of(request), initial=start)
    return asked(request, form, title, _("打这个分"), _after(request, row), act, {"lead": lead})


@ask
@readers_only
def pair(request: Request, pk: int) -> HttpResponse:
    """The unit and a community become a pair, or the names to call change."""
    at = timezone.now()
    unit = access.unit_of(request.user, pk, at)

    def act(said: dict[str, Any]) -> str:
        units_pair.pair(unit=unit, by=request.user, at=at, **said)
        return _("和%(place)s结对了。") % {"place": said["community"].name}

    form = PairForm(data_of(request), unit.scope)
    lead = _("已经结对的社区再填一次，就换成新的联系人。")
    return asked(request, form, _("和社区结对认亲"), _("结对"), _back(pk), act, {"lead": lead})


@require_POST
@readers_only
def pair_end(request: Request, pk: int) -> HttpResponse:
    """The pair ends today."""
    at = timezone.now()
    row = access.pair_of(request.user, pk, at)

    def act() -> str:
        units_pair.end_pair(pair=row, by=request.user, at=at)
        return _("和%(place)s的结对到今天为止。") % {"place": row.community.name}

    sees = units_scope.sides(posts_of(request.user, at), row.unit)
    return moved(
        request, _back(row.unit_id) if sees else reverse("people:units_community", args=[row.community_id]), act
    )
