"""Reads of the catalogue, its routes and its gate."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.intake.models import Category, Proposal, Route

KEEP_SECONDS = 30.0  # how long another process may go on with the catalogue of before a change
_PREFIXES = (2, 4, 6, 9, 12, 15, 17)


class NoCategory(Refused):
    """Nothing in the catalogue has that code."""


@dataclass(frozen=True)
class Department:
    """A department and its items in use, in the order of their codes."""

    code: str
    name: str
    office: str
    is_request: bool
    items: tuple[Category, ...]


@dataclass(frozen=True)
class _Kept:
    departments: tuple[Department, ...]
    by_code: Mapping[str, Category]
    until: float


_kept: list[_Kept] = []


def forget() -> None:
    """The catalogue has changed: the next read of this process goes to the database."""
    _kept.clear()


def _catalogue() -> _Kept:
    if not _kept or _kept[0].until < time.monotonic():
        rows = list(Category.objects.filter(is_active=True).order_by("code"))
        departments = tuple(
            Department(
                row.code, row.name, row.office, row.is_request, tuple(i for i in rows if i.parent_id == row.code)
            )
            for row in rows
            if row.parent_id is None
        )
        _kept[:] = [_Kept(departments, {row.code: row for row in rows}, time.monotonic() + KEEP_SECONDS)]
    return _kept[0]


def catalogue() -> tuple[Department, ...]:
    """All departments with their items in use, kept in the process for half a minute; shared rows, read only."""
    return _catalogue().departments


def category(code: str) -> Category:
    """The item in use of that code; raises NoCategory."""
    found = _catalogue().by_code.get(code)
    if found is None or found.parent_id is None:
        raise NoCategory(_("目录里没有这一项，请重新选。"))
    return found


def requests() -> tuple[Category, ...]:
    """The items an order can be about: all of real departments."""
    return tuple(item for department in catalogue() if department.is_request for item in department.items)


def asides() -> tuple[Category, ...]:
    """The codes for what is no request, or not clear yet."""
    return tuple(item for department in catalogue() if not department.is_request for item in department.items)


def route_of(category: Category, place_code: str) -> Route | None:
    """Where the matter goes at that place: the route of the smallest area around it; one query."""
    around = [place_code[:n] for n in _PREFIXES if n <= len(place_code)]
    routes = Route.objects.filter(category=category, scope__in=around).select_related("unit", "deputy")
    return routes.order_by(Length("scope").desc()).first()


def routes_of(county: str) -> QuerySet[Route]:
    """All routes of a county with their units, by item and then from the county inwards."""
    return Route.objects.filter(scope__startswith=county).select_related("unit", "deputy").order_by("category", "scope")


def proposals() -> QuerySet[Proposal]:
    """What stands before the gate, the undecided first, then the newest; with all that a page prints."""
    return Proposal.objects.select_related("department", "by", "decided_by").order_by(
        F("is_approved").asc(nulls_first=True), "-at"
    )
