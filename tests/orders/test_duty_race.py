"""Paging under contention: exactly one answers, nobody is paged twice in a turn, nobody waits for another's order."""

from datetime import timedelta

import pytest
from django.db import transaction

from sandan.core import journal
from sandan.orders.actions import duty_paging
from sandan.orders.models import Order, Page, Paging
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, Cast, somebody
from tests.factories.people import cast as the_cast
from tests.orders.test_race import contend

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 40
TURN = timedelta(minutes=duty_paging.PAGE_MINUTES)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return the_cast()


def bursts(people: Cast, count: int) -> list[int]:
    return [an_order(people, urgency=3).pk for _ in range(count)]


def answer(pk: int, by: Person) -> str:
    duty_paging.respond(order=Order.objects.get(pk=pk), by=by, at=MORNING + TURN)
    return "won"


class TestRespond:
    def test_has_exactly_one_answer_forty_times(self, people: Cast) -> None:
        """R139: one press each, by three at the same moment: one has it, the others hear who."""
        orders = bursts(people, ROUNDS)
        for number in range(3):
            duty_paging.page_due(at=MORNING + number * TURN)
        rivals = [people.dispatcher, people.reviewer, people.liaison]
        told = contend(ROUNDS, *(lambda n, by=by: answer(orders[n], by) for by in rivals))
        for answers, pk in zip(zip(*told, strict=True), orders, strict=True):
            assert answers.count("won") == 1, answers
            winner = rivals[answers.index("won")]
            assert sum(f"晚了一步，{winner.name}" in said for said in answers) == 2
            assert Paging.objects.get(order=pk).answered_by == winner
            assert Page.objects.filter(paging__order=pk, state="answered").count() == 1
            order = Order.objects.get(pk=pk)
            assert order.owner == winner
            assert order.custody.get(to_at=None).person == winner
            assert journal.lines_of(order).filter(verb="respond").count() == 1

    def test_and_the_worker_do_not_block_each_other(self, people: Cast) -> None:
        orders = bursts(people, ROUNDS)
        duty_paging.page_due(at=MORNING)
        told = contend(
            ROUNDS,
            lambda n: answer(orders[n], people.dispatcher),
            lambda _n: str(duty_paging.page_due(at=MORNING + TURN, most=ROUNDS)),
        )
        assert told[0] == ["won"] * ROUNDS
        assert not Paging.objects.filter(ended_at=None).exists()


class TestWorkers:
    def test_side_by_side_page_everybody_once(self, people: Cast) -> None:
        orders = bursts(people, ROUNDS)
        told = contend(3, *(lambda n: str(duty_paging.page_due(at=MORNING + n * TURN)) for _ in range(2)))
        for pair in zip(*told, strict=True):
            assert sum(int(said) for said in pair) == ROUNDS
        for pk in orders:
            pages = Page.objects.filter(paging__order=pk)
            assert pages.count() == 3  # the owner, the other dispatcher, the liaison
            assert pages.values("person").distinct().count() == 3

    def test_wait_for_no_order_that_somebody_holds_locked(self, people: Cast) -> None:
        """Background work reads the order and locks nothing of it: a desk in the middle of a move delays no page."""
        somebody("三号派单", Role.DISPATCHER, COMMUNITY)
        pk = bursts(people, 1)[0]
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=pk)
            assert contend(1, lambda _n: str(duty_paging.page_due(at=MORNING)), keep=True) == [["1"]]
        assert Page.objects.count() == 1
