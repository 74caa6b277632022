"""R008: who is missing is reminded. The rows wait for the room of notices, which tells; nobody hears it every day."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.models import Person, Post, Reminder, Role, RosterRow, Unit
from sandan.people.queries import units_roster

REST = timedelta(days=3)  # between two reminders of one sort


class NobodyToRemind(Refused):
    """There is no gap, or nobody of it has an account here."""


class RemindedLately(Refused):
    """They were reminded within the last days."""


@transaction.atomic
def remind_unit(*, unit: Unit, by: Actor, at: datetime) -> int:
    """The clerks of a unit with a gap, or without a roster, are reminded; how many. NotAllowed or the above."""
    require(by, unit, {"overseer", "office"}, at)
    rows = units_roster.standings(RosterRow.objects.live().filter(unit=unit), at)
    if rows and not units_roster.tally(rows).gap:
        raise NobodyToRemind(_("这个单位的人都报到了，或都说明了原因，不用提醒。"))
    clerks = Person.objects.filter(
        is_active=True, pk__in=Post.objects.held(at).filter(role=Role.UNIT_CLERK, unit=unit).values("person")
    )
    return _remind(unit, Reminder.Kind.UNIT, clerks, _("这个单位还没有经办人的账号，提醒不到。请打电话。"), by, at)


@transaction.atomic
def remind_members(*, unit: Unit, by: Actor, at: datetime) -> int:
    """Members of the roster who have an account and have not reported in; how many. NotAllowed or the above."""
    require(by, unit, {"clerk"}, at)
    missing = units_roster.shown(RosterRow.objects.live().filter(unit=unit), "gap", at)
    people = [row.person for row in missing if row.person and row.person.is_active]
    nobody = _("没报到的人这里还没有账号，提醒不到。请打电话告诉他们。")
    return _remind(unit, Reminder.Kind.MEMBER, people, nobody, by, at)


def _remind(unit: Unit, kind: str, people: Iterable[Person], nobody: str, by: Actor, at: datetime) -> int:
    Unit.objects.select_for_update(no_key=True).only("pk").get(pk=unit.pk)
    if Reminder.objects.filter(unit=unit, kind=kind, at__gt=at - REST).exists():
        raise RemindedLately(_("三天内提醒过了。再等等，或打个电话。"))
    author = None if by == "system" else by
    rows = [Reminder(unit=unit, kind=kind, person=person, by=author, at=at) for person in people]
    if not rows:
        raise NobodyToRemind(nobody)
    Reminder.objects.bulk_create(rows)
    journal.write(unit, "remind", by=by, at=at, scope=unit.scope, kind=str(kind), count=len(rows))
    return len(rows)
