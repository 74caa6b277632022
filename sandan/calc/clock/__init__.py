"""Honest clocks: office hours, days off, deadlines, net time and lights. Pure; the moment is always handed in."""

from sandan.calc.clock.days import SHANGHAI, Calendar, OfficeHours, Plan, Season, Span, hours_from
from sandan.calc.clock.legal import LEGAL_LIMITS, LegalLimit, legal_deadline, legal_limits
from sandan.calc.clock.lights import Colour, Light, light, light_at, remaining
from sandan.calc.clock.periods import (
    Due,
    Kind,
    Pause,
    TooLong,
    Unit,
    add_minutes,
    deadline,
    due,
    extended,
    net_minutes,
    next_opening,
    shifted_deadline,
)

__all__ = [
    "LEGAL_LIMITS",
    "SHANGHAI",
    "Calendar",
    "Colour",
    "Due",
    "Kind",
    "LegalLimit",
    "Light",
    "OfficeHours",
    "Pause",
    "Plan",
    "Season",
    "Span",
    "TooLong",
    "Unit",
    "add_minutes",
    "deadline",
    "due",
    "extended",
    "hours_from",
    "legal_deadline",
    "legal_limits",
    "light",
    "light_at",
    "net_minutes",
    "next_opening",
    "remaining",
    "shifted_deadline",
]
