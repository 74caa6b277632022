"""Many members grab at the same moment through real processes: one wins, everybody else hears who has it (R044)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from sandan.core.models import Entry
from sandan.orders.models import Claim, Order
from sandan.orders.queries.member_rules import HOUSE
from sandan.orders.workflow import HELD, S
from sandan.people.models import Person, Role
from tests.factories.orders import an_order
from tests.factories.people import GRID, Cast, somebody
from tests.factories.people import cast as the_cast
from tests.storm.crowd import Answer, Call, at_once, cookie_of
from tests.storm.servers import Server

AT_ONCE = 200  # of many orders' requests; those of one order come all at once
TAKE = {"act": "take"}


@dataclass(frozen=True)
class Size:
    """How big the storm is: requests and members for one order, then orders and grabbers."""

    requests: int
    members: int
    orders: int
    grabbers: int


@pytest.fixture
def size(is_full: bool) -> Size:
    return Size(1000, 200, 200, 50) if is_full else Size(200, 40, 20, 10)


@pytest.fixture
def people(server: Server) -> Cast:
    return the_cast()


def opened(cast: Cast) -> Order:
    """An order in the hall, its window open since a few minutes."""
    return an_order(cast, S.OPEN, at=timezone.now() - timedelta(minutes=8))


def crowd(count: int) -> list[Person]:
    """So many members who live near and can do it."""
    near = {"skills": ["水暖维修"], "lon": 112.551, "lat": 37.861}
    return [somebody(f"抢单{number}", Role.MEMBER, GRID, **near) for number in range(count)]


def path(order: Order) -> str:
    return f"/hall/{order.full_number}/"


def grabs() -> int:
    return Entry.objects.filter(verb="grab").count()


class TestOneOrder:
    def test_has_one_winner_and_everybody_else_is_told(self, server: Server, people: Cast, size: Size) -> None:
        """R044: of all requests at once one wins; the others read the winner's name; nobody sees an error page."""
        order, members = opened(people), crowd(size.members)
        cookies = [cookie_of(member) for member in members]
        turns = [number % size.members for number in range(size.requests)]
        answers = at_once(server.port, [Call(path(order), cookies[turn], TAKE) for turn in turns])
        order.refresh_from_db()
        assert (order.state, grabs()) == (S.TAKEN, 1)
        winner = next(number for number, member in enumerate(members) if member == order.holder)
        told = Counter(
            self._told(answer, turn == winner, members[winner].name)
            for answer, turn in zip(answers, turns, strict=True)
        )
        mine = turns.count(winner)
        assert told == {"has it": mine, "knows who": size.requests - mine}

    def _told(self, answer: Answer, is_winner: bool, name: str) -> str:
        if is_winner:  # every further press of the winner leads to his own page
            return "has it" if (answer.status, "/mine/" in answer.where) == (302, True) else f"winner: {answer.status}"
        knows = answer.status == 409 and f"晚了一步，{name}刚接走。" in answer.body
        return "knows who" if knows else f"{answer.status} {answer.body[:200]}"


class TestManyOrders:
    def test_go_to_one_each_and_nobody_gets_more_than_the_limit(self, server: Server, people: Cast, size: Size) -> None:
        """R044: limits hold under the storm: no order twice, none lost, never more than two in one hand."""
        orders = [opened(people) for _ in range(size.orders)]
        members = crowd(size.grabbers)
        cookies = [cookie_of(member) for member in members]
        pairs = [(n, m) for n in range(size.orders) for m in range(size.grabbers)]
        calls = [Call(path(orders[(n + m) % size.orders]), cookies[m], TAKE) for n, m in pairs]
        answers = [
            a for start in range(0, len(calls), AT_ONCE) for a in at_once(server.port, calls[start : start + AT_ONCE])
        ]
        statuses = Counter(answer.status for answer in answers)
        assert set(statuses) <= {302, 409, 422}, statuses
        rows = Order.objects.filter(pk__in=[order.pk for order in orders])
        taken = rows.filter(state__in=sorted(HELD))
        assert rows.filter(state=S.OPEN, holder=None).count() == size.orders - taken.count(), "an order was lost"
        assert grabs() == taken.count() == Claim.objects.count(), "an order was given twice"
        held = Counter(taken.values_list("holder", flat=True))
        assert max(held.values()) <= HOUSE.most_open
        everybody_full = all(held[member.pk] == HOUSE.most_open for member in members)
        assert everybody_full or taken.count() == size.orders
        assert self._refused(answers) == statuses[422]

    def _refused(self, answers: list[Answer]) -> int:
        """How many were refused in words that name the limit."""
        return sum("您手上已有 2 单没办完" in answer.body for answer in answers if answer.status == 422)
