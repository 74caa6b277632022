"""What happens to rosters by itself: names become people as they report in; who left long ago is forgotten."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sandan.core import journal
from sandan.people.actions.units_roster import match_roster
from sandan.people.models import MemberCheckin, RosterRow, Unit

KEPT = timedelta(days=2 * 365)  # after somebody left a roster; as long as the words about people are kept
MOST = 500  # rows in one transaction


def match_all(*, at: datetime) -> int:
    """Each roster with names that are nobody yet is looked through, one short transaction a unit; how many matched."""
    reported = MemberCheckin.objects.live(at).filter(unit__isnull=False).values("unit")
    waiting = RosterRow.objects.live().filter(person=None, unit__in=reported).values("unit")
    units = Unit.objects.filter(pk__in=waiting)
    return sum(match_roster(unit=unit, by="system", at=at) for unit in units.order_by("pk"))


@transaction.atomic
def forget_left(*, at: datetime) -> int:
    """Rows of those who left a roster long ago go, with their excuses; how many. One batch a call."""
    due = RosterRow.objects.select_for_update(skip_locked=True).filter(left_on__lt=timezone.localdate(at - KEPT))
    rows = list(due.order_by("pk").values_list("pk", "unit")[:MOST])
    for unit in Unit.objects.filter(pk__in={unit for _row, unit in rows}).order_by("pk"):
        count = sum(owner == unit.pk for _row, owner in rows)
        journal.write(unit, "forget_left", by="clock", at=at, scope=unit.scope, count=count)
    RosterRow.objects.filter(pk__in=[row for row, _unit in rows]).delete()
    return len(rows)
