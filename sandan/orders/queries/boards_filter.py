"""What a reader of the board asked for: one frozen record, its address, its condition."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from sandan.calc.masking import terms
from sandan.orders.models import OrderQuerySet
from sandan.orders.queries import lights, sql_board
from sandan.orders.queries.boards_lists import LISTS, running
from sandan.orders.queries.boards_scope import covers, over
from sandan.orders.queries.rows import HIDDEN

RUNNING_COLOURS = ("green", "yellow", "orange")
NOBODY = "none"


@dataclass(frozen=True)
class Filters:
    """The board's filters; all of them together are its address. Days are of placing, both included."""

    list: str = "open"
    place: str = ""
    category: str = ""
    urgency: int | None = None
    light: str = ""
    holder: str = ""
    estate: int | None = None
    q: str = ""
    since: date | None = None
    until: date | None = None
    view: str = ""

    def address(self, **changes: object) -> str:
        """The query string of these filters with some changed; what is not set does not stand in it."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        plain = Filters()
        pairs = {f.name: getattr(changed, f.name) for f in fields(changed)}
        return urlencode(
            {name: value for name, value in pairs.items() if value not in (None, "", getattr(plain, name))}
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything beside the list and the view was asked for."""
        return replace(self, list="open", view="") != Filters()


def asked(filters: Filters, codes: Sequence[str], at: datetime, *, with_list: bool = True) -> OrderQuerySet:
    """The orders of these areas that the filters ask for, without an order. A place outside the areas gives none."""
    if filters.place and not covers(codes, filters.place):
        return over(())
    orders = over((filters.place,) if filters.place else codes)
    if with_list:
        orders = orders.filter(LISTS[filters.list].condition(at))
    return orders.filter(_plain(filters)).filter(_light(filters, at)).filter(_words(filters.q))


def _plain(filters: Filters) -> Q:
    condition = Q()
    if filters.category:
        item = "" if len(filters.category) == 4 else "__parent"
        settled = Q(**{f"category{item}": filters.category})
        condition &= settled | Q(category__isnull=True) & Q(**{f"guess{item}": filters.category})
    if filters.urgency:
        condition &= Q(urgency=filters.urgency)
    if filters.holder:
        condition &= Q(holder__isnull=True) if filters.holder == NOBODY else Q(holder_id=int(filters.holder))
    if filters.estate:
        condition &= Q(estate_id=filters.estate) & ~Q(privacy__in=HIDDEN)
    return condition & placed_within(filters.since, filters.until)


def placed_within(since: date | None, until: date | None) -> Q:
    """Placed from the first to the last of these days, both included, by the wall clock."""
    condition = Q()
    if since:
        condition &= Q(placed_at__gte=_midnight(since))
    if until:
        condition &= Q(placed_at__lt=_midnight(until + timedelta(days=1)))
    return condition


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _light(filters: Filters, at: datetime) -> Q:
    """A colour as a condition on the deadline: each limit in use has its own window."""
    if filters.light == "red":
        return LISTS["late"].condition(at)
    if filters.light == "grey":
        return Q(is_open=True, stopped_at__isnull=False)
    if filters.light not in RUNNING_COLOURS:
        return Q()
    condition, windows = Q(pk__in=()), list[tuple[datetime, datetime]]()
    for urgency, clock_name, value, unit in sql_board.limits():
        facts = lights.Running(urgency, clock_name, value, unit, None, None)
        same = Q(urgency=urgency, clock=clock_name, limit_value=value, limit_unit=unit)
        condition |= same & lights.shows(facts, filters.light, at)
        windows.append(lights.window(facts, filters.light, at))
    if not windows:
        return condition
    first, last = min(begin for begin, _end in windows), max(end for _begin, end in windows)
    return running() & Q(due_at__gte=first, due_at__lte=last) & condition  # the middle is what the index answers


def _words(text: str) -> Q:
    """Masked words that hold all that was typed; sensitive matters are never found by their words."""
    text = text.strip()
    if not text:
        return Q()
    wanted = list(terms(text))
    found = Q(terms__contains=wanted) if wanted else Q(masked__contains=text)
    return found & ~Q(privacy__in=HIDDEN)
