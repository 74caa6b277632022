"""Who could be given an order: the ranked list with distance, skills and load in plain words, and names by search."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from sandan.core import words
from sandan.intake import queries as intake
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.queries.member_fit import has_time
from sandan.orders.queries.member_hands import Hands, times_of
from sandan.orders.queries.member_rules import rules_of
from sandan.orders.workflow import HELD
from sandan.people import queries as people
from sandan.people.models import HELPING, Person, Post, Team, Unit

MOST_HELPERS, MOST_OTHERS, MOST_PROPOSED = 8, 4, 5


@dataclass(frozen=True)
class Choice:
    """One who could be asked; `value` is p12, t3 or u7, `reasons` say why, `doubts` why not."""

    value: str
    name: str
    kind: str
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def choices(order: Order, category: Category | None, at: datetime, q: str = "") -> list[Choice]:
    """The best first: persons by distance, then the unit on duty, teams; with `q` those whose name holds it."""
    if q:
        return _by_name(order, q, at)
    return [*_persons(order, category, at), *_routed(order, category), *_teams(order)]


def _persons(order: Order, category: Category | None, at: datetime) -> list[Choice]:
    if order.lon is None or order.lat is None:
        return []
    skills = tuple(category.skills) if category else ()
    near = people.helpers_near(order.lon, order.lat, skills, MOST_HELPERS, at, county=order.county)
    load, refused = loads([helper.person.pk for helper in near]), _refused(order)
    ranked = sorted(near, key=lambda h: (h.person.pk in refused, not h.is_in_reach, h.metres))
    return [_choice(helper, load, refused) for helper in ranked]


def best(order: Order, at: datetime, most: int = MOST_PROPOSED) -> list[Person]:
    """Who is asked by itself after a window in which nobody grabbed, in the order in which the desk sees them.

    Only who goes that far, has said no to nothing of it, has a free hand and time before the deadline.
    """
    if order.lon is None or order.lat is None or order.category is None:
        return []
    near = people.helpers_near(order.lon, order.lat, order.category.skills, MOST_HELPERS, at, county=order.county)
    ids = [helper.person.pk for helper in near]
    load, times, rules = loads(ids), times_of(ids, at), rules_of(order.category_id, order.county)
    away = _refused(order) | set(order.claims.given_back().values_list("person_id", flat=True))
    fitting = (
        helper.person
        for helper in near
        if helper.is_in_reach
        and helper.person.pk not in away
        and load.get(helper.person.pk, 0) < rules.most_open
        and has_time(order.due_at, Hands(times=times[helper.person.pk]), at)
    )
    return list(islice(fitting, most))


def _choice(helper: people.Helper, load: dict[int, int], refused: Collection[int]) -> Choice:
    person, held = helper.person, load.get(helper.person.pk, 0)
    reasons = [words.distance(helper.metres)]
    reasons += [_("会%s") % "、".join(helper.skills)] if helper.skills else []
    reasons.append(_load(held))
    doubts = [] if helper.is_in_reach else [_("超过他定的 %s") % words.distance(person.reach_metres)]
    doubts += [_("这单说过来不了")] if person.pk in refused else []
    return Choice(f"p{person.pk}", person.name, _("个人"), tuple(reasons), tuple(doubts))


def _load(held: int) -> str:
    return _("手上 %s 单") % held if held else _("手上没有单")


def loads(persons: Collection[int]) -> dict[int, int]:
    """How many orders each of them is serving."""
    held = Order.objects.open().filter(holder__in=persons, state__in=sorted(HELD))
    return dict(held.values("holder").annotate(n=Count("pk")).values_list("holder", "n"))


def _refused(order: Order) -> set[int]:
    told = order.offers.filter(state__in=("refused", "missed"), person__isnull=False)
    return set(told.values_list("person_id", flat=True))


def _routed(order: Order, category: Category | None) -> list[Choice]:
    """The unit that the catalogue names for this area, nearest scope first, then its deputy."""
    if category is None:
        return []
    route = intake.route_of(category, order.community_id)
    if route is None:
        return []
    named = [(route.unit, _("目录定的去向"))] + ([(route.deputy, _("目录定的备份"))] if route.deputy else [])
    return [Choice(f"u{unit.pk}", unit.name, _("单位"), (why,)) for unit, why in named]


def _teams(order: Order) -> list[Choice]:
    return [_team(team) for team in people.teams_of(order.community_id)[:MOST_OTHERS]]


def _team(team: Team) -> Choice:
    reasons = [_("队长%s") % team.leader.name] + ([_("会%s") % "、".join(team.skills)] if team.skills else [])
    return Choice(f"t{team.pk}", team.name, _("队伍"), tuple(reasons))


def _by_name(order: Order, q: str, at: datetime) -> list[Choice]:
    posts = Post.objects.held(at).filter(role__in=HELPING, scope__startswith=order.county)
    persons = Person.objects.filter(is_active=True, name__icontains=q, pk__in=posts.values("person"))
    found = list(persons.order_by("name_key", "pk")[:MOST_HELPERS])
    load = loads([person.pk for person in found])
    named = [Choice(f"p{one.pk}", one.name, _("个人"), (_load(load.get(one.pk, 0)),)) for one in found]
    teams = Team.objects.filter(name__icontains=q, scope__startswith=order.county).select_related("leader")
    units = Unit.objects.filter(name__icontains=q, scope__startswith=order.county).exclude(kind=Unit.Kind.PARTNER)
    named += [_team(team) for team in teams.order_by("name", "pk")[:MOST_OTHERS]]
    return named + [
        Choice(f"u{unit.pk}", unit.name, _("单位"), ()) for unit in units.order_by("name_key")[:MOST_OTHERS]
    ]


def named(values: Collection[str], county: str, at: datetime) -> list[Person | Team | Unit] | None:
    """The persons, teams and units of these values, in their order; None where one of them is nobody of this county."""
    ids = {kind: [int(v[1:]) for v in values if v[:1] == kind and v[1:].isdecimal()] for kind in "ptu"}
    posts = Post.objects.held(at).filter(role__in=HELPING, scope__startswith=county)
    persons = Person.objects.filter(is_active=True, pk__in=ids["p"]).filter(pk__in=posts.values("person"))
    found: dict[str, Person | Team | Unit] = {f"p{one.pk}": one for one in persons}
    found |= {f"t{one.pk}": one for one in Team.objects.filter(pk__in=ids["t"], scope__startswith=county)}
    found |= {f"u{one.pk}": one for one in _offered_units(ids["u"], county)}
    return [found[value] for value in values] if all(value in found for value in values) else None


def _offered_units(ids: Collection[int], county: str) -> QuerySet[Unit]:
    """Units an order may be offered to; partners get an excerpt instead, never an order."""
    return Unit.objects.filter(pk__in=ids, scope__startswith=county).exclude(kind=Unit.Kind.PARTNER)
