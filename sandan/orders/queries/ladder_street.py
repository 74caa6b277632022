"""What a level of the ladder has before it: what was brought up, its areas by light, what concerns it across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sandan.calc.clock import Colour
from sandan.core import words
from sandan.orders.models import Order, OrderQuerySet, Step
from sandan.orders.queries import lights, reasons
from sandan.orders.queries.boards_filter import RUNNING_COLOURS, Filters
from sandan.orders.queries.boards_lists import LISTS, running
from sandan.orders.queries.boards_scope import COLUMNS, over
from sandan.orders.queries.rows import Row, board_rows
from sandan.orders.workflow import S
from sandan.people.models import Post, Role
from sandan.places.models import Place

MOST = 50
LEVEL_OF = {Role.DISPATCHER: 2, Role.LIAISON: 3, Role.DISTRICT: 4}
COLOURS: tuple[Colour, ...] = ("red", "orange", "yellow", "green", "grey")
NUMBERS = ("open", "upper", "stuck")


@dataclass(frozen=True)
class Risen:
    """An order with its last step up: why, from whom, how long ago, and when the clock takes it further."""

    row: Row
    why: str
    who: str
    since: str
    until: str
    level: str


def top_level(posts: Sequence[Post]) -> int:
    """The highest level at which these posts are a desk; the community's where they are none."""
    return max((LEVEL_OF[Role(post.role)] for post in posts if post.role in LEVEL_OF), default=2)


def waiting(codes: Sequence[str], level: int, at: datetime) -> list[Risen]:
    """What was brought up to this level and is not accepted yet, the shortest time first. Three statements."""
    return _risen(over(codes).filter(is_open=True, state=S.ESCALATED, level=level), at)


def above(codes: Sequence[str], level: int, at: datetime) -> list[Risen]:
    """What went up from these areas and is still open there: the lower level reads on. Three statements."""
    return _risen(over(codes).filter(is_open=True, level__gt=level), at)


def across(codes: Sequence[str], at: datetime) -> list[Risen]:
    """Open orders of other areas that name one of these: one order, seen from both sides. Three statements."""
    if not codes:
        return []
    counties = {code[:6] for code in codes}
    found = Order.objects.filter(is_open=True, county__in=counties, areas__overlap=list(codes)).exclude(
        privacy="sealed"
    )
    return _risen(found, at)


def _risen(found: OrderQuerySet, at: datetime) -> list[Risen]:
    rows = board_rows(found.order_by("due_at", "id")[:MOST], at)
    ids = [row.id for row in rows]
    climbs = dict(Order.objects.filter(pk__in=ids).values_list("pk", "climb_at"))
    ups = Step.objects.filter(order__in=ids, verb="escalate").select_related("from_person").order_by("pk")
    steps = {step.order_id: step for step in ups}
    return [_one(row, steps.get(row.id), climbs.get(row.id), at) for row in rows]


def _one(row: Row, step: Step | None, climb_at: datetime | None, at: datetime) -> Risen:
    level = str(reasons.LEVELS[row.level])
    if step is None:
        return Risen(row, "", "", "", "", level)
    who = _("%(level)s %(name)s") % {"level": reasons.LEVELS[step.from_level], "name": step.from_person.name}
    why = reasons.label("escalate", step.reason) + ("" if step.by_id else _("（到点自动）"))
    return Risen(row, why, who, words.ago(step.at, at), words.when(climb_at, at), level)


@dataclass(frozen=True)
class Area:
    """One place of the table: how many open orders it has, how many of each light, each with its list."""

    code: str
    name: str
    counts: dict[str, int]

    def address(self, name: str) -> str:
        """The query of the board that opens exactly the orders counted under this name."""
        if name in NUMBERS:
            return Filters(list=name, place=self.code).address()
        return Filters(place=self.code, light=name).address()


def areas(codes: Sequence[str], at: datetime) -> list[Area]:
    """The places one level below (streets of a county, communities else), those with most late ones first.

    Three statements, whatever the number of places.
    """
    length = 9 if len(codes) == 1 and len(codes[0]) == 6 else 12
    column = COLUMNS[length]
    found = over(codes).filter(is_open=True)
    sums = {f"n_{name}": Count("pk", filter=LISTS[name].condition(at)) for name in NUMBERS}
    sums |= {f"n_{colour}": Count("pk", filter=condition) for colour, condition in _colours(found, at).items()}
    rows = {row[column]: row for row in found.order_by().values(column).annotate(**sums)}
    within = Q()
    for code in codes:
        within |= Q(code__startswith=code)
    kind = Place.Kind.STREET if length == 9 else Place.Kind.COMMUNITY
    places = Place.objects.filter(within, kind=kind, valid_to=None).order_by("name_key", "code")
    listed = [
        Area(code, name, {key: rows.get(code, {}).get(f"n_{key}", 0) for key in (*NUMBERS, *COLOURS)})
        for code, name in places.values_list("code", "name")
    ]
    return sorted(listed, key=lambda area: (-area.counts["red"], -area.counts["open"]))


def _colours(found: OrderQuerySet, at: datetime) -> dict[str, Q]:
    """Each light as the condition that the board's filter of that light has."""
    conditions = {colour: Q(pk__in=()) for colour in RUNNING_COLOURS}
    limits = found.order_by().values_list("urgency", "clock", "limit_value", "limit_unit").distinct()
    for urgency, clock_name, value, unit in limits:
        facts = lights.Running(urgency, clock_name, value, unit, None, None)
        same = Q(urgency=urgency, clock=clock_name, limit_value=value, limit_unit=unit)
        for colour in RUNNING_COLOURS:
            conditions[colour] |= same & lights.shows(facts, colour, at)
    found_conditions = {colour: running() & condition for colour, condition in conditions.items()}
    return found_conditions | {"red": LISTS["late"].condition(at), "grey": Q(is_open=True, stopped_at__isnull=False)}
