"""The working calendar in force: the library's holiday tables, and above them the days that an office loaded itself."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from time import monotonic

from chinese_calendar import constants
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from sandan.calc import clock
from sandan.core.errors import Refused
from sandan.core.models import Day, Entry

FRESH_SECONDS = 60  # another process may have loaded a plan; it is seen after this time at the latest
COLUMNS = ("date", "working", "name")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")  # spreadsheets rewrite dates their own way

Rows = tuple[tuple[date, bool], ...]
Line = tuple[int, Mapping[str, str | None]]  # its number in the file, for the person who must mend it
_kept: tuple[float, Rows, clock.Calendar] | None = None


class PlanRefused(Refused):
    """A holiday file holds rows that cannot be right; the text names each row and nothing was loaded."""


def calendar() -> clock.Calendar:
    """The calendar in force; kept in the process and compared with the database at most once a minute."""
    global _kept
    now = monotonic()
    if _kept and now - _kept[0] < FRESH_SECONDS:
        return _kept[2]
    rows = tuple(Day.objects.order_by("on").values_list("on", "is_working"))
    same = _kept and _kept[1] == rows  # its sums per year are worth keeping
    _kept = (now, rows, _kept[2] if _kept and same else _build(rows))
    return _kept[2]


def forget() -> None:
    """Read the days again the next time the calendar is asked for."""
    global _kept
    _kept = None


def plan_known(year: int) -> bool:
    """Whether the holiday plan of `year` is published and known here."""
    return calendar().is_announced(year)


@transaction.atomic
def load_plan(*, lines: Iterable[Line], at: datetime) -> tuple[Day, ...]:
    """Replace one year's own plan by numbered rows of date, working (0 or 1) and name; all or nothing.

    Gives the days in order. Days of the December before may stand in it, as in the published plans. Refuses with
    PlanRefused, row by row.
    """
    days = _read(lines)
    year = days[-1].on.year
    last = date(year, 11, 30) if Day.objects.filter(on=date(year + 1, 1, 1)).exists() else date(year, 12, 31)
    Day.objects.filter(on__range=(date(year, 1, 1), last)).delete()  # a December that next year's plan changed stays
    Day.objects.bulk_create(days, update_conflicts=True, unique_fields=["on"], update_fields=["is_working", "name"])
    Entry.objects.create(
        at=at, subject="core.day", subject_id=year, verb="load_plan", actor="system", facts={"days": len(days)}
    )
    transaction.on_commit(forget)
    return days


@receiver((post_save, post_delete), sender=Day)
def _day_changed(**_kwargs: object) -> None:
    transaction.on_commit(forget)


def _build(rows: Rows) -> clock.Calendar:
    own_on = {day for day, is_working in rows if is_working}
    own_off = {day for day, is_working in rows if not is_working}
    off = (set(constants.holidays) - own_on) | own_off
    on = set(constants.workdays) | own_on  # a day both off and on is off
    # Every published plan frees 1 January: one corrected day alone does not make a year known.
    years = {day.year for day in off if (day.month, day.day) == (1, 1)}
    hours = getattr(settings, "OFFICE_HOURS", "")
    return clock.Calendar(
        clock.Plan(frozenset(off), frozenset(on), frozenset(years)),
        clock.hours_from(hours) if hours else clock.OfficeHours(),
    )


def _read(lines: Iterable[Line]) -> tuple[Day, ...]:
    """The lines as days in order of date; refuses with all their faults at once."""
    days: dict[date, Day] = {}
    faults: list[str] = []
    for number, row in lines:
        missing = [column for column in COLUMNS if column not in row]
        if missing:
            columns = "、".join(missing)
            raise PlanRefused(_("表头少了 %(columns)s，要写成 date,working,name。") % {"columns": columns})
        cells = [(row[column] or "").strip() for column in COLUMNS]
        fault = _add_day(days, *cells) if any(cells) else ""  # spreadsheets leave empty rows at the end
        if fault:
            faults.append(_("第 %(row)d 行：%(fault)s") % {"row": number, "fault": fault})
    fault = "" if faults else _whole_year(days)
    if faults or fault:
        raise PlanRefused("\n".join(faults) or fault)
    return tuple(days[on] for on in sorted(days))


def _add_day(days: dict[date, Day], text: str, working: str, name: str) -> str:
    """Put one row among the days, or say what is wrong with it."""
    on = _date(text)
    if on is None:
        return _("日期「%(text)s」看不懂，要写成 2027-05-01 这样。") % {"text": text}
    if working not in {"0", "1"}:
        return _("working 写着「%(text)s」，放假写 0，上班写 1。") % {"text": working}
    if on in days:
        return _("%(date)s 前面已经写过了，只留一行。") % {"date": on.isoformat()}
    if len(name) > 40:
        return _("名称有 %(count)d 个字，最多 40 个。") % {"count": len(name)}
    days[on] = Day(on=on, is_working=working == "1", name=name)
    return ""


def _date(text: str) -> date | None:
    match = DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _whole_year(days: dict[date, Day]) -> str:
    """What keeps these days from being the plan of one year."""
    if not days:
        return _("文件里没有日期。每行写一天：date,working,name。")
    year = max(days).year
    odd = [on for on in days if on.year != year and (on.year, on.month) != (year - 1, 12)]
    if odd:
        return _("一个文件只放一年的安排。%(date)s 不是 %(year)d 年的，请分开。") % {"date": min(odd), "year": year}
    first = days.get(date(year, 1, 1))
    if first is None or first.is_working:
        return _("没有 %(year)d 年 1 月 1 日放假这一行，看着不像全年安排。请核对国务院办公厅的通知，补齐再载入。") % {
            "year": year
        }
    return ""
