"""R018: when a member has time, in words: parts of the week, and the days to come as the calendar knows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc.clock.free import Stretch, Times, stretches
from sandan.core.calendar import calendar
from sandan.people.models import Away, FreeTime, Person

PARTS = {  # code: label, from and to in minutes of the day
    "am": (gettext_lazy("上午"), 8 * 60, 12 * 60),
    "pm": (gettext_lazy("下午"), 12 * 60, 18 * 60),
    "eve": (gettext_lazy("晚上"), 18 * 60, 21 * 60),
}
DAYS = tuple(map(gettext_lazy, ("周一", "周二", "周三", "周四", "周五", "周六", "周日")))
DAYS_AHEAD = 7
_PART_OF = {(begin, end): label for label, begin, end in PARTS.values()}


@dataclass(frozen=True)
class FreeDay:
    """A day to come: when there is time, and what the calendar says of it where that is not usual."""

    day: date
    weekday: str
    hours: str
    remark: str


def clock(minute: int) -> str:
    """「18:30」."""
    return f"{minute // 60}:{minute % 60:02}"


def hours_words(spans: Iterable[Stretch]) -> str:
    """「7:00 到 9:00、17:30 到 22:00」."""
    return "、".join(_("%(from)s 到 %(to)s") % {"from": clock(begin), "to": clock(end)} for begin, end in spans)


def week_words(weekly: Iterable[tuple[int, int, int]]) -> str:
    """「周一晚上、周六上午和下午」; the default in words where nothing was said."""
    parts: dict[int, list[str]] = defaultdict(list)
    for weekday, begin, end in sorted(weekly):
        parts[weekday].append(str(_PART_OF.get((begin, end)) or hours_words([(begin, end)])))
    said = (f"{DAYS[weekday]}{_('和').join(labels)}" for weekday, labels in sorted(parts.items()))
    return "、".join(said) or _("下班后和休息日")


def weekly_of(persons: Collection[int]) -> dict[int, list[tuple[int, int, int]]]:
    """The weekly times of each person who set some; one statement."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = FreeTime.objects.filter(person__in=persons)
    for pk, *stretch in rows.values_list("person_id", "weekday", "from_minute", "to_minute"):
        found[pk].append((stretch[0], stretch[1], stretch[2]))
    return found


def away_on(persons: Collection[int], day: date) -> set[int]:
    """Those who are away on that day; one statement. Nobody sees until when, nor why."""
    return set(
        Away.objects.filter(person__in=persons, from_on__lte=day, to_on__gte=day).values_list("person", flat=True)
    )


def ahead(person: Person, at: datetime) -> list[FreeDay]:
    """The coming week of a member: holidays, rest days and shifted workdays as they are; two statements."""
    weekly = tuple(weekly_of([person.pk])[person.pk])
    away = tuple(person.aways.values_list("from_on", "to_on"))
    today, times = timezone.localdate(at), Times(weekly, away)
    return [_free_day(today + timedelta(days=number), times) for number in range(DAYS_AHEAD)]


def _free_day(day: date, times: Times) -> FreeDay:
    return FreeDay(day, str(DAYS[day.weekday()]), hours_words(stretches(calendar(), times, day)), _remark(day, times))


def _remark(day: date, times: Times) -> str:
    if times.is_away(day):
        return _("不在")
    is_working = calendar().is_working_day(day)
    if day.weekday() >= 5:
        return _("调休上班") if is_working else _("休息日")
    return "" if is_working else _("放假")


def suits(weekdays: Sequence[int], minutes: Stretch | None, weekly: Iterable[tuple[int, int, int]]) -> bool:
    """Whether hours of the week lie in somebody's own times; without either nothing stands against them."""
    said = list(weekly)
    if not weekdays or minutes is None or not said:
        return True
    return all(
        any(day == weekday and begin <= minutes[0] and minutes[1] <= end for weekday, begin, end in _joined(said))
        for day in weekdays
    )


def _joined(weekly: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Stretches that touch become one: a morning and an afternoon are a day."""
    joined: list[tuple[int, int, int]] = []
    for weekday, begin, end in sorted(weekly):
        if joined and joined[-1][0] == weekday and begin <= joined[-1][2]:
            joined[-1] = (weekday, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((weekday, begin, end))
    return joined
