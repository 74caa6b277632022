"""Legal time limits that orders run into: shown beside the order, never overruled by its own clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sandan.calc.clock.days import Calendar
from sandan.calc.clock.periods import Due, close_of_calendar_day, due


@dataclass(frozen=True)
class LegalLimit:
    """One step of a matter and its limit; `more` is what may be added once.

    `mark` says how well the number is known: V verified against a text, K known from the field. `is_about` marks a
    customary length, `by_consent` one that both sides may lengthen freely.
    """

    matter: str
    step: str
    value: int
    unit: Literal["calendar day", "working day"]
    mark: Literal["K", "V"]
    more: int = 0
    is_about: bool = False
    by_consent: bool = False


LEGAL_LIMITS = (
    LegalLimit("petition", "accept", 15, "calendar day", "K"),
    LegalLimit("petition", "finish", 60, "calendar day", "K", more=30),
    LegalLimit("mediation", "finish", 30, "calendar day", "K", is_about=True, by_consent=True),
    LegalLimit("market_complaint", "accept", 7, "working day", "K"),
    LegalLimit("market_complaint", "finish", 45, "working day", "K"),
    LegalLimit("labour_arbitration", "finish", 45, "calendar day", "K", more=15),
    LegalLimit("relief", "finish", 15, "working day", "V"),
    LegalLimit("minimum_allowance", "finish", 30, "working day", "K", is_about=True),
    LegalLimit("information_request", "finish", 20, "working day", "K", more=20),
)


def legal_limits(matter: str) -> tuple[LegalLimit, ...]:
    """The limits of a matter, in the order of its steps; empty for a matter that is none of them."""
    return tuple(limit for limit in LEGAL_LIMITS if limit.matter == matter)


def legal_deadline(
    calendar: Calendar, matter: str, start: datetime, *, step: str = "finish", lengthened: bool = False
) -> Due:
    """When a step of a matter is over by law, counted from the day after `start`, at closing time of a working day.

    Refuses an unknown matter or step with KeyError, and lengthening where no number is given with ValueError.
    """
    limit = next((limit for limit in legal_limits(matter) if limit.step == step), None)
    if limit is None:
        raise KeyError(f"no legal limit for {matter} {step}")
    if lengthened and not limit.more:
        raise ValueError(f"the law names no longer limit for {matter} {step}")
    days = limit.value + (limit.more if lengthened else 0)
    if limit.unit == "working day":
        return due(calendar, start, days, "day", "working")
    return close_of_calendar_day(calendar, start, days)
