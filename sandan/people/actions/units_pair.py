"""R019, R020: a unit and a community become a pair (认亲), with a name to call on each side, for a time."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused, Stale
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.models import Pair, Unit
from sandan.places.models import Place


class BadPair(Refused):
    """A contact is missing, or the end comes before the beginning."""


@transaction.atomic
def pair(
    *, unit: Unit, community: Place, unit_contact: str, community_contact: str, from_on: date, by: Actor,
    at: datetime, to_on: date | None = None,
) -> Pair:  # fmt: skip
    """The pair with its contacts; one that is live gets these contacts and this end. NotAllowed or BadPair."""
    require(by, unit, {"clerk", "overseer", "community"}, at, community.code)
    if not unit_contact.strip() or not community_contact.strip():
        raise BadPair(_("两边都要写一个联系人的名字。"))
    if to_on is not None and to_on <= from_on:
        raise BadPair(_("结束要晚于开始。再看一眼日期。"))
    if community.kind != Place.Kind.COMMUNITY or community.valid_to:
        raise BadPair(_("请选一个社区。这个代码现在不是在用的社区。"))
    Unit.objects.select_for_update(no_key=True).only("pk").get(pk=unit.pk)  # pairs of one unit come one after another
    today = timezone.localdate(at)
    row = Pair.objects.live(today).filter(unit=unit, community=community).first()
    row = row or Pair(unit=unit, community=community, from_on=from_on)
    row.unit_contact, row.community_contact, row.to_on = unit_contact.strip(), community_contact.strip(), to_on
    row.by, row.at = None if by == "system" else by, at
    row.save()
    journal.write(row, "pair", by=by, at=at, scope=community.code, unit=unit.pk)
    return row


@transaction.atomic
def end_pair(*, pair: Pair, by: Actor, at: datetime) -> Pair:
    """The pair ends today; it stays as history. Raises NotAllowed or Stale."""
    row = Pair.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pair.pk)
    require(by, row.unit, {"clerk", "overseer", "community"}, at, row.community_id)
    today = timezone.localdate(at)
    if row.to_on is not None and row.to_on <= today:
        raise Stale(_("这门亲已经结束了，不用再办。"))
    row.to_on = max(today, row.from_on)
    row.save(update_fields=["to_on"])
    journal.write(row, "end_pair", by=by, at=at, scope=row.community_id, unit=row.unit_id)
    return row
