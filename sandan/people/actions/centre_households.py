"""Centre households: named by the community, willing by their own word, reached through the platform alone (R199)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.people import access
from sandan.people.actions import post_followers
from sandan.people.models import CentreHousehold, Person, Role
from sandan.places.models import Place

KEEPERS = frozenset({Role.DISPATCHER, Role.LIAISON, Role.DISTRICT, Role.GRID_LEADER})
ASKED_AGAIN = timedelta(hours=12)
LONGEST_PAUSE = 366  # days


class BadPoint(Refused):
    """No micro-grid, a household that is one already, one that does not want to be asked now."""


def _require(by: Person, scope: str, at: datetime) -> None:
    if not access.roles_over(access.posts_of(by, at), scope) & KEEPERS:
        raise NotAllowed(_("中心户由本社区来管。"))


@transaction.atomic
def set_up(*, person: Person, scope: str, by: Person, at: datetime) -> CentreHousehold:
    """A household as a point of its micro-grid; what it will do it says itself. Raises BadPoint or NotAllowed."""
    _require(by, scope, at)
    if not Place.objects.current().filter(code=scope, kind=Place.Kind.MICRO).exists():
        raise BadPoint(_("中心户设在微网格，请选一个。"))
    try:
        with transaction.atomic():
            row = CentreHousehold.objects.create(person=person, scope=scope, from_at=at)
    except IntegrityError as twice:
        raise BadPoint(_("%(name)s家已经是中心户了。") % {"name": person.name}) from twice
    journal.write(row, "set_up", by=by, at=at, scope=scope)
    return row


@transaction.atomic
def will(*, point: CentreHousehold, can: Sequence[str], paused_until: date | None, by: Person, at: datetime) -> None:
    """What the household is willing to do, said by itself; nothing ticked, or a pause, and nobody asks it."""
    if point.person_id != by.pk:
        raise NotAllowed(_("愿不愿意，由中心户自己说。"))
    if set(can) - set(CentreHousehold.Help.values):
        raise BadPoint(_("选表里的几样。"))
    if paused_until and paused_until > timezone.localtime(at).date() + timedelta(days=LONGEST_PAUSE):
        raise BadPoint(_("最多歇一年。再看一眼日期。"))
    point.can, point.paused_until = sorted(set(can)), paused_until
    point.save(update_fields=["can", "paused_until"])
    journal.write(point, "will", by=by, at=at, scope=point.scope, can=sorted(set(can)), paused=bool(paused_until))


@transaction.atomic
def ask(*, point: CentreHousehold, by: Person, at: datetime) -> None:
    """A word through the platform that the community would like help; no number is shown to anybody."""
    _require(by, point.scope, at)
    point = CentreHousehold.objects.select_for_update(of=("self",)).select_related("person").get(pk=point.pk)
    if point.to_at is not None or not point.is_willing(timezone.localtime(at).date()):
        raise BadPoint(_("这户现在不方便，换一户。"))
    if journal.lines_of(point).filter(verb="ask", at__gt=at - ASKED_AGAIN).exists():
        raise BadPoint(_("刚请过了，等回话就行。"))
    journal.write(point, "ask", by=by, at=at, scope=point.scope)
    post_followers.tell("centre_ask", point, [point.person], at)


@transaction.atomic
def close(*, point: CentreHousehold, by: Person, at: datetime) -> None:
    """It is a point no longer; the community or the household itself says so."""
    if point.person_id != by.pk:
        _require(by, point.scope, at)
    CentreHousehold.objects.filter(pk=point.pk, to_at=None).update(to_at=at)
    journal.write(point, "close", by=by, at=at, scope=point.scope)
