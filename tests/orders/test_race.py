"""Two at the same moment: one wins, the other hears who has it (R044). Real processes, real connections."""

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.queries import member_rules
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, a_category, a_course, a_sending, an_order
from tests.factories.people import GRID, Cast, somebody
from tests.factories.people import cast as the_cast

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 100
LATER = MORNING + timedelta(hours=2)
SPAWN = multiprocessing.get_context("fork")


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return the_cast()


def _process(work: Callable[[int], str], rounds: int, barrier: Any, answers: Any) -> None:
    """One contender: a process with a connection of its own, at the barrier before every round."""
    for alias in connections:
        connections[alias] = connections[alias].copy()  # never speak on the parent's connection, nor close it
    connections["default"].ensure_connection()
    with connections["default"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '20s'")
    told = []
    for number in range(rounds):
        barrier.wait(60)
        try:
            told.append(work(number))
        except Refused as refusal:
            told.append(f"{type(refusal).__name__}: {refusal}")
    connections["default"].close()
    answers.put((multiprocessing.current_process().name, told))


def contend(rounds: int, *works: Callable[[int], str], keep: bool = False) -> list[list[str]]:
    """What each contender was told, round by round; they start every round at the same moment.

    `keep` leaves the parent's transaction open.
    """
    if not keep:
        connections.close_all()
    barrier, answers = SPAWN.Barrier(len(works)), SPAWN.Queue()
    children = [
        SPAWN.Process(target=_process, args=(work, rounds, barrier, answers), name=f"{number}")
        for number, work in enumerate(works)
    ]
    for child in children:
        child.start()
    told = dict(answers.get(timeout=120) for _ in children)
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    return [told[f"{number}"] for number in range(len(works))]


def a_try(verb: str, pk: int, by: Any, **said: Any) -> str:
    """Read the order, make the move; "won" where it went through."""
    getattr(actions, verb)(order=Order.objects.get(pk=pk), by=by, at=LATER, **said)
    return "won"


def lines(pk: int, *verbs: str) -> int:
    return journal.lines_of(Order(pk=pk)).filter(verb__in=verbs).count()


def is_whole(pk: int) -> bool:
    """One open line of custody, and it is in the right hand."""
    order = Order.objects.get(pk=pk)
    line = order.custody.get(to_at__isnull=True)
    return line.person_id == (order.holder_id if order.state == S.TAKEN else order.owner_id)


class TestGrab:
    def test_has_one_winner_a_hundred_times(self, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """R044: two people grabbing at once: exactly one wins, the other hears the winner's name."""
        monkeypatch.setattr(member_rules, "HOUSE", replace(member_rules.HOUSE, most_open=ROUNDS + 1))
        rivals = [somebody(name, Role.MEMBER, GRID, skills=["水暖维修"]) for name in ("甲一", "乙二")]
        orders = [an_order(people, S.OPEN).pk for _ in range(ROUNDS)]
        told = contend(ROUNDS, *(lambda n, by=by: a_try("grab", orders[n], by) for by in rivals))
        for pair, pk in zip(zip(*told, strict=True), orders, strict=True):
            assert pair.count("won") == 1, pair
            winner = rivals[pair.index("won")]
            assert f"Stale: 晚了一步，{winner.name}刚接走。" in pair
            assert lines(pk, "grab") == 1
            assert Order.objects.get(pk=pk).holder == winner
            assert is_whole(pk)
        assert 0 < told[0].count("won") < ROUNDS, "the same one won every time: that was no race"

    def test_counts_what_one_person_holds_also_in_two_windows(self, people: Cast) -> None:
        """R044: fair share, by one person in two browsers."""
        for _ in range(10):
            pair = [an_order(people, S.OPEN).pk for _ in range(2)]
            for _ in range(member_rules.HOUSE.most_open - 1):
                a_course(people, S.OPEN).do("grab", people.member)
            told = contend(1, *(lambda n, pk=pk: a_try("grab", pk, people.member) for pk in pair))
            assert sorted(answer[0].split(":")[0] for answer in told) == ["NotFitting", "won"]
            Order.objects.filter(holder=people.member).update(holder=people.second_member)

    def test_goes_against_a_dispatcher_who_offers(self, people: Cast) -> None:
        orders = [an_order(people, S.OPEN).pk for _ in range(20)]
        rivals = [somebody(f"甲{number}", Role.MEMBER, GRID, skills=["水暖维修"]) for number in range(20)]
        told = contend(
            20,
            lambda n: a_try("grab", orders[n], rivals[n]),
            lambda n: a_try("offer", orders[n], people.dispatcher, to=[people.second_member]),
        )
        for pair, pk in zip(zip(*told, strict=True), orders, strict=True):
            assert pair.count("won") == 1, pair
            assert lines(pk, "grab", "offer") == 1
            assert is_whole(pk)


class TestPlace:
    def test_makes_one_order_of_one_key(self, people: Cast) -> None:
        """The same sending twice at the same moment: one order, one number, one secret."""
        sendings = [a_sending(guess=a_category()) for _ in range(30)]

        def place(number: int) -> str:
            placed = actions.place(sending=sendings[number], by=None, at=MORNING)
            return f"{placed.order.pk} {placed.secret} {placed.is_new}"

        told = contend(30, place, place)
        for first, second in zip(*told, strict=True):
            assert first.split()[:2] == second.split()[:2]
            assert {first.split()[2], second.split()[2]} == {"True", "False"}
        assert Order.objects.count() == 30
        assert max(Order.objects.values_list("serial", flat=True)) <= 60, "a twin costs a number at most"

    def test_makes_one_order_across_midnight(self, people: Cast) -> None:
        sending = a_sending()
        first = actions.place(sending=sending, by=None, at=MORNING)
        second = actions.place(sending=sending, by=None, at=MORNING + timedelta(days=1))
        assert (first.order.pk, first.secret, second.is_new) == (second.order.pk, second.secret, False)

    def test_gives_every_order_its_own_number_without_gaps_where_all_go_through(self, people: Cast) -> None:
        sendings = [[a_sending() for _ in range(20)] for _ in range(2)]

        def place(mine: list[actions.Sending]) -> Callable[[int], str]:
            return lambda n: actions.place(sending=mine[n], by=None, at=MORNING).order.number

        told = contend(20, *(place(mine) for mine in sendings))
        assert sorted(told[0] + told[1]) == [f"0810-{serial:03d}" for serial in range(1, 41)]


class TestDesk:
    def test_judges_once(self, people: Cast) -> None:
        """Both desks have the message on the screen; who comes second is told, however late he presses."""
        orders = [an_order(people).pk for _ in range(20)]
        seen = [Order.objects.get(pk=pk) for pk in orders]  # by both, before either of them pressed
        category, desks = a_category(), (people.dispatcher, people.reviewer)

        def judge(by: Person) -> Callable[[int], str]:
            return lambda n: actions.judge(order=seen[n], category=category, urgency=1, by=by, at=LATER) and "won"

        told = contend(20, *(judge(by) for by in desks))
        for pair, pk in zip(zip(*told, strict=True), orders, strict=True):
            assert pair.count("won") == 1, pair
            assert any("已经往前走了" in answer for answer in pair)
            assert lines(pk, "judge") == 1
            assert Order.objects.get(pk=pk).owner == desks[pair.index("won")]

    def test_merges_two_orders_into_each_other_once(self, people: Cast) -> None:
        """Each desk locks both orders in the same order: no deadlock, no pair that swallows itself."""
        pairs = [(an_order(people).pk, an_order(people).pk) for _ in range(20)]

        def merge(this: int, by: Person) -> Callable[[int], str]:
            return lambda n: a_try("merge", pairs[n][this], by, into=Order(pk=pairs[n][1 - this]))

        told = contend(20, merge(0, people.dispatcher), merge(1, people.reviewer))
        for pair in zip(*told, strict=True):
            assert pair.count("won") == 1, pair
        assert Order.objects.filter(state=S.MERGED).count() == 20
        assert Order.objects.filter(asker_count=2, is_open=True).count() == 20


class TestClock:
    def test_and_the_member_do_not_both_have_their_way(self, people: Cast) -> None:
        orders = [an_order(people, S.OFFERED).pk for _ in range(20)]
        told = contend(
            20, lambda n: a_try("accept", orders[n], people.member), lambda n: str(actions.tick(at=LATER, most=1))
        )
        assert {answer.split(":")[0] for answer in told[0]} <= {"won", "Stale"}
        for pk in orders:
            assert lines(pk, "accept", "miss") <= 1
            assert is_whole(pk)
        assert lines(orders[0], "accept") + sum(lines(pk, "accept") for pk in orders[1:]) == told[0].count("won")

    def test_ticks_once_with_two_workers(self, people: Cast) -> None:
        orders = [an_order(people, S.OPEN).pk for _ in range(40)]
        told = contend(1, *(lambda n: str(actions.tick(at=LATER)) for _ in range(2)))
        assert sum(int(answer[0]) for answer in told) == 40
        assert all(lines(pk, "lapse") == 1 for pk in orders)


class TestLocks:
    def test_of_two_orders_do_not_wait_for_each_other(self, people: Cast) -> None:
        """Two transactions on different orders: the second goes through while the first is still open."""
        first, second = (an_order(people, S.RECEIVED) for _ in range(2))
        said = {"category": a_category(), "urgency": 1}
        with transaction.atomic():
            actions.judge(order=first, by=people.dispatcher, at=LATER, **said)
            assert contend(1, lambda n: a_try("judge", second.pk, people.dispatcher, **said), keep=True) == [["won"]]
        assert Order.objects.filter(state=S.JUDGED).count() == 2

    def test_keep_the_course_in_order_when_clocks_disagree(self, people: Cast) -> None:
        """Who waited for the lock comes with an older time: nothing runs backwards."""
        course = a_course(people, S.TAKEN)
        early = course.order.touched_at - timedelta(seconds=1)
        actions.release(order=course.order, reason="busy", by=people.member, at=early)
        closed, opened = course.order.custody.order_by("-pk")[1], course.order.custody.order_by("-pk")[0]
        assert closed.from_at <= closed.to_at == opened.from_at
