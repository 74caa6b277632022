"""Reads of whistles: for the units that are called, for those who call, and for the street's list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from sandan.intake.models import Category, Route
from sandan.intake.queries import route_of
from sandan.orders.models import Call, Order, Whistle
from sandan.orders.models.whistle import LIVE
from sandan.orders.queries.boards_scope import COLUMNS, FIRST_EXCLUSIVE
from sandan.people.access import posts_of
from sandan.people.models import Person, Post, Role, Unit
from sandan.people.queries import units_of as units_around

WITH = (
    "unit", "person", "result", "whistle__words", "whistle__by", "whistle__order__community", "whistle__order__estate",
    "whistle__order__category", "whistle__order__owner", "whistle__order__holder",
)  # fmt: skip
MEMORY = timedelta(days=30)  # how long a unit may still say how the whistle was
CALLABLE = (Unit.Kind.DEPARTMENT, Unit.Kind.WORK_UNIT)
MOST = 200


def units_of(person: Person, at: datetime) -> list[int]:
    """The units that a person answers whistles for now; no statement of its own."""
    return [post.unit_id for post in posts_of(person, at) if post.unit_id and post.role == Role.UNIT_CLERK]


def live() -> Q:
    """Calls that still ask something of their unit."""
    return Q(state__in=LIVE, whistle__ended_at__isnull=True, whistle__order__is_open=True)


def still_rated(call: Call, at: datetime) -> bool:
    """Whether the unit may yet say how the whistle was, or see what it said."""
    ended = call.whistle.ended_at or call.done_at or call.answered_at or call.answer_by
    return call.state != "dropped" and at < ended + MEMORY


def clerks(units: Collection[int], at: datetime) -> list[Person]:
    """Everybody who answers for these units now; one statement."""
    posts = Post.objects.held(at).filter(role=Role.UNIT_CLERK, unit__in=units, person__is_active=True)
    return [post.person for post in posts.select_related("person").order_by("person_id")]


@dataclass(frozen=True)
class Called:
    """What a clerk sees: to answer or to end, and lately over without a word on how the whistle was."""

    live: tuple[Call, ...]
    unrated: tuple[Call, ...]


def called(person: Person, at: datetime) -> Called:
    """The calls of one's units; two statements, none for who acts for no unit."""
    units = units_of(person, at)
    if not units:
        return Called((), ())
    calls = Call.objects.select_related(*WITH).filter(unit__in=units)
    open_ones = tuple(calls.filter(live()).order_by("answer_by", "pk")[:MOST])
    lately = calls.filter(state__in=("done", "declined", "coming", "arrived"), was_needed=None, at__gte=at - MEMORY)
    over = lately.exclude(pk__in=[call.pk for call in open_ones])
    return Called(open_ones, tuple(over.order_by("-pk")[:20]))


def whistles_of(order: Order) -> list[Whistle]:
    """The whistles of an order with their calls, newest first; two statements."""
    rows = order.whistles.select_related("by", "words", "ended_by").order_by("-pk")
    return list(rows.prefetch_related("calls__unit", "calls__person", "calls__result"))


def suggested(order: Order) -> list[Unit]:
    """The unit and the deputy of the order's matter there: the first who come to mind."""
    category: Category | None = order.category or order.guess
    route: Route | None = route_of(category, order.grid or order.community_id) if category else None
    return [unit for unit in (route.unit, route.deputy) if unit] if route else []


def callable_units(code: str, at: datetime) -> QuerySet[Unit]:
    """Departments and work units of the area that somebody answers for."""
    answered = Post.objects.held(at).filter(role=Role.UNIT_CLERK, person__is_active=True, unit__isnull=False)
    return units_around(code).filter(kind__in=CALLABLE, pk__in=answered.values("unit"))


def within(codes: Collection[str], path: str = "whistle__order__") -> Q:
    """Rows whose order lies in one of the areas; nothing for no area."""
    found = Q(pk__in=[])
    for code in codes:
        column = COLUMNS.get(len(code), "county__startswith")
        if len(code) == 15 and code[12:] >= FIRST_EXCLUSIVE:
            column = "exclusive"
        found |= Q(**{f"{path}{column}": code})
    return found
