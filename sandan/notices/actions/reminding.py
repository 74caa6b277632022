"""R008: reminders that the room of people left become notices; who is no longer missing hears nothing."""

from datetime import datetime

from django.db import transaction

from sandan.notices.actions.telling import notices
from sandan.notices.models import Notice
from sandan.people.models import MemberCheckin, Reminder

KINDS = {Reminder.Kind.UNIT.value: "roster_gap", Reminder.Kind.MEMBER.value: "checkin_wait"}
MOST = 200  # in one go


@transaction.atomic
def tell_reminders(*, at: datetime) -> int:
    """Give the oldest untold reminders their notices; returns how many were settled. Workers may run side by side."""
    untold = Reminder.objects.select_for_update(skip_locked=True, of=("self",)).filter(told_at=None)
    rows = list(untold.select_related("unit", "person").order_by("pk")[:MOST])
    people = [row.person_id for row in rows if row.kind == Reminder.Kind.MEMBER]
    came = set(MemberCheckin.objects.live(at).filter(person__in=people).values_list("person", flat=True))
    found = [
        notice
        for row in rows
        if row.person.is_active and not (row.kind == Reminder.Kind.MEMBER and row.person_id in came)
        for notice in notices(row.unit, KINDS[row.kind], persons=[row.person], at=at)
    ]
    Notice.objects.bulk_create(found)
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    return len(rows)
