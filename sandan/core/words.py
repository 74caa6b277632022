"""How times, spans, distances and phone numbers are said: short, near things first, in the language of the page."""

import re
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

MINUTES_A_DAY = 24 * 60


def _weekday(day: int) -> str:
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[day]


def when(at: datetime | None, now: datetime | None = None) -> str:
    """「今天 17:30」, 「昨天 8:05」, 「8月13日 17:30」; with the year where it is another one; nothing for no time."""
    if at is None:
        return ""
    at, now = timezone.localtime(at), timezone.localtime(now)
    clock = f"{at.hour}:{at.minute:02}"
    distance = at.toordinal() - now.toordinal()
    if distance == 0:
        return _("今天 %s") % clock
    if abs(distance) == 1:
        return (_("明天 %s") if distance > 0 else _("昨天 %s")) % clock
    return f"{_day(at, now)} {clock}"


def until(at: datetime | None, now: datetime | None = None) -> str:
    """「今天 17:30 前」: a promise."""
    return _("%s 前") % when(at, now) if at else ""


def day(at: datetime, now: datetime | None = None) -> str:
    """「8月13日」, with the year where it is another one."""
    return _day(timezone.localtime(at), timezone.localtime(now))


def _day(at: datetime, now: datetime) -> str:
    values = {"year": at.year, "month": at.month, "day": at.day}
    return (_("%(month)s月%(day)s日") if at.year == now.year else _("%(year)s年%(month)s月%(day)s日")) % values


def desk_clock(now: datetime) -> str:
    """「8月10日 周一 14:02」: the clock of the desk's bar."""
    local = timezone.localtime(now)
    return f"{day(local, local)} {_weekday(local.weekday())} {local.hour}:{local.minute:02}"


def span(minutes: float) -> str:
    """「58 分」, 「3小时32分」, 「1天7小时」: at most two units, the smaller dropped where it is nought."""
    whole = int(abs(minutes))
    if whole < 60:
        return _("%s 分") % whole
    if whole < MINUTES_A_DAY:
        hours, rest = divmod(whole, 60)
        return _("%(hours)s小时%(minutes)s分") % {"hours": hours, "minutes": rest} if rest else _("%s小时") % hours
    days, rest = divmod(whole // 60, 24)
    return _("%(days)s天%(hours)s小时") % {"days": days, "hours": rest} if rest else _("%s天") % days


def left(minutes: float) -> str:
    """「余 58 分」 or, below nought, 「超 4小时」."""
    return (_("余 %s") if minutes >= 0 else _("超 %s")) % span(minutes)


def ago(at: datetime, now: datetime | None = None) -> str:
    """「刚刚」, 「12 分前」, then as `when`."""
    gone = (now or timezone.now()) - at
    if timedelta(0) <= gone < timedelta(minutes=1):
        return _("刚刚")
    if timedelta(0) <= gone < timedelta(hours=1):
        return _("%s 分前") % int(gone.total_seconds() // 60)
    return when(at, now)


def distance(metres: float) -> str:
    """「180 米」, from a thousand on 「1.1 公里」; metres in ten, since no position is better."""
    tens = round(metres / 10) * 10
    if tens < 1000:
        return _("%s 米") % (tens or 10)
    return _("%s 公里") % f"{metres / 1000:.1f}".removesuffix(".0")


def phone_mask(number: str) -> str:
    """「164****7719」: the first three and the last four digits; of a short number nothing."""
    digits = re.sub(r"\D", "", number)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "****"


def phone_groups(number: str) -> str:
    """A number as it is read aloud: 「164 0099 0000」, 「0351 404 0110」, 「12345」."""
    digits = re.sub(r"\D", "", number)
    if len(digits) == 11 and digits[0] == "1":
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    match = re.fullmatch(r"(0(?:10|2\d|[3-9]\d\d))(\d{3,4})(\d{4})", digits)
    return " ".join(match.groups()) if match else number
