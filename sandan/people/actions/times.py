"""When somebody has time to serve: said by the person alone, changed at any time."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people.models import Away, FreeTime, Person

Stretch = tuple[int, int, int]  # weekday (0 Monday), from and to in minutes of the day


class BadTimes(Refused):
    """Days that run backwards, or that are over."""


@transaction.atomic
def set_times(*, weekly: Sequence[Stretch], away: tuple[date, date] | None, by: Person, at: datetime) -> Person:
    """Replace all one's times: nothing weekly means outside office hours; `away` are days, both included."""
    if away and (away[1] < away[0] or away[1] < at.date()):
        raise BadTimes(_("不在的日子看着不对：后一天要不早于前一天，也不能都过去了。"))
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    by.free_times.all().delete()
    by.aways.all().delete()
    FreeTime.objects.bulk_create(
        FreeTime(person=by, weekday=weekday, from_minute=begin, to_minute=end)
        for weekday, begin, end in sorted(set(weekly))
    )
    if away:
        Away.objects.create(person=by, from_on=away[0], to_on=away[1])
    journal.write(by, "set_times", by=by, at=at, scope=by.home_id or "", stretches=len(set(weekly)), away=bool(away))
    return by
