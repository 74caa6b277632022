"""Which days are worked and when the office is open on them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000_000  # all sums are whole microseconds: floats would lose or win a minute over a year

Span = tuple[time, time]
Ticks = tuple[tuple[int, int], ...]  # opening and closing in microseconds since midnight


@dataclass(frozen=True)
class Season:
    """Other office hours from one (month, day) to another, both included; the range may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    spans: tuple[Span, ...]

    def holds(self, day: date) -> bool:
        """Whether `day` lies in this season."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class OfficeHours:
    """Opening spans of a working day, in order and apart; the first season that holds a day replaces them."""

    spans: tuple[Span, ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        for spans in (self.spans, *(season.spans for season in self.seasons)):
            edges = [edge for span in spans for edge in span]
            if not edges or any(left >= right for left, right in pairwise(edges)):
                raise ValueError("office hours must be spans of one day, in order and apart")

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans that hold on `day`, were it a working day."""
        return next((season.spans for season in self.seasons if season.holds(day)), self.spans)


@dataclass(frozen=True)
class Plan:
    """Days off besides weekends, weekend days that are worked, and the years whose plan is published."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Year:
    """Running sums over one year; entry i stands for the time before its day i (from 0), the last for the whole."""

    first: int  # ordinal of 1 January
    hours: tuple[Ticks, ...]
    office: tuple[int, ...]
    days: tuple[int, ...]


@dataclass(frozen=True)
class Calendar:
    """Everything a working clock must know; sums of each year are made once, when first asked for."""

    plan: Plan = Plan()
    hours: OfficeHours = OfficeHours()
    zone: ZoneInfo = SHANGHAI
    _years: dict[int, Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def is_announced(self, year: int) -> bool:
        """Whether the holiday plan of `year` is known; otherwise its weekends alone are free."""
        return year in self.plan.years

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on `day`; a day both off and on in the plan is off."""
        if day in self.plan.off:
            return False
        return day.weekday() < 5 or day in self.plan.on

    def working_minutes_of(self, day: date) -> int:
        """Office minutes of `day`, 0 on a rest day."""
        return sum(close - begin for begin, close in self.hours_of(day)) // MINUTE

    def hours_of(self, day: date) -> Ticks:
        """Opening and closing of `day` in microseconds since midnight; empty on a rest day."""
        year = self.year(day.year)
        return year.hours[day.toordinal() - year.first]

    def year(self, number: int) -> Year:
        """The running sums of a year."""
        return self._years.get(number) or self._years.setdefault(number, self._sums(number))

    def local(self, moment: datetime) -> datetime:
        """`moment` in the office's zone; refuses a naive one with ValueError."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        return moment.astimezone(self.zone)

    def _sums(self, number: int) -> Year:
        first = date(number, 1, 1).toordinal()
        days = [date.fromordinal(n) for n in range(first, date(number, 12, 31).toordinal() + 1)]
        hours = tuple(_ticks(self.hours.on(day)) if self.is_working_day(day) else () for day in days)
        office = accumulate((sum(close - begin for begin, close in spans) for spans in hours), initial=0)
        return Year(first, hours, tuple(office), tuple(accumulate((bool(spans) for spans in hours), initial=0)))


def hours_from(text: str) -> OfficeHours:
    """Read "09:00-12:00,13:30-17:30;05-01~09-30 08:30-12:00,14:30-18:00": the usual hours, then seasons.

    Refuses anything else with ValueError.
    """
    usual, *seasons = (part.strip() for part in text.split(";"))
    try:
        return OfficeHours(_spans(usual), tuple(_season(part) for part in seasons if part))
    except ValueError as error:
        raise ValueError(f"office hours cannot be read from {text!r}: {error}") from error


def _season(text: str) -> Season:
    days, _, spans = text.partition(" ")
    first, last = (date.fromisoformat(f"2024-{edge}") for edge in days.split("~"))  # a leap year knows 02-29
    return Season((first.month, first.day), (last.month, last.day), _spans(spans))


def _spans(text: str) -> tuple[Span, ...]:
    pairs = (part.strip().split("-") for part in text.split(","))
    return tuple((time.fromisoformat(begin), time.fromisoformat(close)) for begin, close in pairs)


def _ticks(spans: tuple[Span, ...]) -> Ticks:
    return tuple((ticks_of(begin), ticks_of(close)) for begin, close in spans)


def ticks_of(moment: time | datetime) -> int:
    """Microseconds since midnight on the wall clock."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond
