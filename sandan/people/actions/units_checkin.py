"""R001: a unit reports in to a community under a scheme, takes on services and ground; both sides rate each other."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.actions.units_survey import begin_step
from sandan.people.models import Person, Resource, RosterRow, Unit, UnitCheckin, UnitLink, UnitRating, UnitStage
from sandan.people.queries import units_scope
from sandan.places.models import Place


class NoScheme(Refused):
    """Nobody has written under which rules units report in there."""


class NoCommunity(Refused):
    """Not a community in use."""


class UnitAlreadyThere(Refused):
    """The unit has checked in to that community."""


class BadLink(Refused):
    """The ground lies outside the community, or it is not said what is done."""


class BadMark(Refused):
    """No mark from 1 to 5, or a low one without words."""


@transaction.atomic
def check_in_unit(*, unit: Unit, community: Place, by: Actor, at: datetime) -> UnitCheckin:
    """The unit's check-in under the scheme in force. Raises NotAllowed, NoCommunity, NoScheme or UnitAlreadyThere.

    Members of its roster who are expected nowhere yet are expected there.
    """
    require(by, unit, {"clerk", "overseer", "community"}, at, community.code)
    if community.kind != Place.Kind.COMMUNITY or community.valid_to:
        raise NoCommunity(_("请选一个社区。这个代码现在不是在用的社区。"))
    scheme = units_scope.scheme_over(unit.scope, units_scope.schemes_in_force(timezone.localdate(at)))
    if scheme is None:
        raise NoScheme(_("这一级还没有写双报到方案，单位先不能报到。请主管工委写好方案再来。"))
    try:
        with transaction.atomic():
            row = UnitCheckin.objects.create(
                unit=unit, community=community, scheme=scheme, by=None if by == "system" else by, from_at=at
            )
    except IntegrityError as fault:
        words = _("%(unit)s已经在%(community)s报到了，不用再办。")
        raise UnitAlreadyThere(words % {"unit": unit.name, "community": community.name}) from fault
    RosterRow.objects.live().filter(unit=unit, community="").update(community=community.code)
    begin_step(unit, scheme, UnitStage.Step.CHECKIN, by, at)
    journal.write(row, "check_in_unit", by=by, at=at, scope=community.code, unit=unit.pk, scheme=scheme.pk)
    return row


@transaction.atomic
def check_out_unit(*, checkin: UnitCheckin, by: Actor, at: datetime) -> UnitCheckin:
    """The unit serves this community no longer; its links end too, the past stays. Raises NotAllowed or Stale."""
    row = UnitCheckin.objects.select_for_update(of=("self",)).select_related("unit").get(pk=checkin.pk)
    require(by, row.unit, {"clerk", "overseer", "community"}, at, row.community_id)
    if row.to_at is not None:
        raise Stale(_("这次报到已经结束了，不用再办。"))
    row.to_at = max(at, row.from_at)
    row.save(update_fields=["to_at"])
    row.links.filter(to_at=None).update(to_at=row.to_at)
    RosterRow.objects.live().filter(unit=row.unit, community=row.community_id).update(community="")
    journal.write(row, "check_out_unit", by=by, at=at, scope=row.community_id, unit=row.unit_id)
    return row


@transaction.atomic
def link(
    *, checkin: UnitCheckin, kind: str, scope: str, text: str, by: Actor, at: datetime, tags: Sequence[str] = ()
) -> UnitLink:
    """A service (服务) or a charge (包联) that the unit takes on there. Raises NotAllowed, Stale or BadLink."""
    require(by, checkin.unit, {"clerk", "community"}, at, checkin.community_id)
    if checkin.to_at is not None:
        raise Stale(_("这次报到已经结束了，不能再认领。"))
    if not scope.startswith(checkin.community_id) or not Place.objects.current().filter(code=scope).exists():
        raise BadLink(_("请选这个社区，或它的一个网格。"))
    if not text.strip():
        raise BadLink(_("写一句做什么，社区好安排。"))
    row = UnitLink.objects.create(
        checkin=checkin, kind=kind, scope=scope, text=text.strip(), by=None if by == "system" else by, from_at=at,
        tags=[tag for tag in Resource.values if tag in tags],
    )  # fmt: skip
    journal.write(row, "link_unit", by=by, at=at, scope=scope, checkin=checkin.pk, kind=str(kind))
    return row


@transaction.atomic
def unlink(*, link: UnitLink, by: Actor, at: datetime) -> UnitLink:
    """A service or charge ends. Raises NotAllowed or Stale."""
    row = UnitLink.objects.select_for_update(of=("self",)).select_related("checkin__unit").get(pk=link.pk)
    require(by, row.checkin.unit, {"clerk", "community"}, at, row.checkin.community_id)
    if row.to_at is not None:
        raise Stale(_("这一项已经结束了。"))
    row.to_at = max(at, row.from_at)
    row.save(update_fields=["to_at"])
    journal.write(row, "unlink_unit", by=by, at=at, scope=row.scope, checkin=row.checkin_id)
    return row


@transaction.atomic
def rate_unit(*, checkin: UnitCheckin, side: str, mark: int, text: str, by: Person, at: datetime) -> UnitRating:
    """One side's word on the other for this year; the last one counts. Raises NotAllowed or BadMark."""
    wanted: units_scope.Side = "community" if side == UnitRating.Side.COMMUNITY else "clerk"
    require(by, checkin.unit, {wanted}, at, checkin.community_id)
    if not 1 <= mark <= 5:
        raise BadMark(_("打 1 到 5 分。"))
    if mark <= 2 and not text.strip():
        raise BadMark(_("打 1 分或 2 分，请写一句哪里没做好。"))
    if checkin.to_at is not None and checkin.to_at.year < timezone.localdate(at).year:
        raise NotAllowed(_("这次报到去年就结束了，不再打分。"))
    row, _is_new = UnitRating.objects.update_or_create(
        checkin=checkin, side=side, year=timezone.localdate(at).year,
        defaults={"mark": mark, "text": text.strip(), "by": by, "at": at},
    )  # fmt: skip
    journal.write(
        row, "rate_unit", by=by, at=at, scope=checkin.community_id, checkin=checkin.pk, side=str(side), mark=mark
    )
    return row
