"""Two workers at once, real connections: nothing twice, nothing lost, no lock while the network is asked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from sandan.notices.actions import Receipt, receive, sending, tell
from sandan.notices.actions.planning import plan
from sandan.notices.actions.sending import LEASE
from sandan.notices.channels.standin import Manners, Message, Provider
from sandan.notices.models import Delivery, Notice, State
from sandan.people.models import Unit
from tests.factories.people import NOON, a_unit
from tests.notices.kit import NUMBER, FakeBook, told, work

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 60


@pytest.fixture
def unit(transactional_db: None) -> Unit:
    return a_unit()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def apart(work: Callable[[], Any]) -> Any:
    """Run on this thread's own connection, and close it."""
    try:
        return work()
    finally:
        connection.close()


def together(pool: ThreadPoolExecutor, *works: Callable[[], Any]) -> list[Any]:
    """All at the same moment, each on a connection of its own."""
    barrier = Barrier(len(works))

    def start(work: Callable[[], Any]) -> Any:
        barrier.wait(60)
        return work()

    return [future.result(120) for future in [pool.submit(apart, lambda w=w: start(w)) for w in works]]


class TestTwoWorkers:
    def test_share_the_work_and_send_each_message_once(
        self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor
    ) -> None:
        told("finish", *range(1, MANY + 1), about=unit, at=NOON)
        tried = together(pool, lambda: work(FakeBook(), NOON), lambda: work(FakeBook(), NOON))
        assert sum(tried) == MANY
        assert (len(provider.tries), set(provider.tries.values())) == (MANY, {1})
        assert Delivery.objects.filter(state=State.SENT, tries=1).count() == MANY

    def test_bring_everything_through_where_half_of_the_tries_fail(
        self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor
    ) -> None:
        """Failures, lost answers, duplicate receipts during the run: every message is sent, none twice."""
        dice = Random(7)
        provider.manners = Manners(
            status=lambda _message, _nth: dice.choice((200, 503)),
            loses_answer=lambda _message, _nth: dice.random() < 0.2,
        )
        told("finish", *range(1, MANY + 1), about=unit, at=NOON)
        for hour in range(8):
            at = NOON + timedelta(hours=hour)
            together(pool, *[lambda at=at: work(FakeBook(), at)] * 2)
            taken = [Receipt(key, True) for key in provider.taken] * 2
            together(pool, *[lambda at=at, taken=taken: receive(receipts=taken, at=at)] * 2)
        assert Delivery.objects.exclude(state=State.RECEIVED).count() == 0
        assert len(provider.taken) == len({message["to"] for message in provider.taken.values()}) == MANY

    def test_do_not_wait_for_each_other(self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor) -> None:
        """One holds its rows locked in the middle of claiming: the other takes the rest."""
        told("finish", *range(1, 11), about=unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        with transaction.atomic():
            held = [line.pk for line in Delivery.objects.select_for_update().order_by("pk")[:4]]
            assert pool.submit(apart, lambda: work(FakeBook(), NOON)).result(60) == 6
        assert set(Delivery.objects.filter(state=State.WAITING).values_list("pk", flat=True)) == set(held)


class TestLocks:
    def test_are_not_held_while_the_network_is_asked(
        self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor
    ) -> None:
        """During the call a receipt, a reader and another worker go through."""
        arrived, go_on = Event(), Event()

        def status(_message: Message, _nth: int) -> int:
            arrived.set()
            assert go_on.wait(60)
            return 200

        provider.manners = Manners(status=status)
        told("finish", 7, about=unit, at=NOON)
        working = pool.submit(apart, lambda: work(FakeBook(), NOON))
        assert arrived.wait(60)
        with transaction.atomic():
            line = Delivery.objects.select_for_update(nowait=True).get()
            Notice.objects.select_for_update(nowait=True).get()
        assert line.state == State.SENDING
        assert receive(receipts=[Receipt(line.key, True)], at=NOON) == 1
        go_on.set()
        assert working.result(60) == 1
        assert (Delivery.objects.get().state, Delivery.objects.get().reference) == ("received", f"standin-{line.key}")

    def test_of_a_killed_worker_end_with_its_lease(
        self, unit: Unit, provider: Provider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It dies after the provider took the message, before it could settle: once sent, settled by the next."""

        class Killed(BaseException):
            """As SIGKILL: nothing of ours catches it."""

        def die(*_args: object) -> None:
            raise Killed

        told("finish", 7, about=unit, at=NOON)
        with monkeypatch.context() as patch:
            patch.setattr(sending, "_settle", die)
            with pytest.raises(Killed):
                work(FakeBook(), NOON)
        assert Delivery.objects.get().state == State.SENDING
        assert work(FakeBook(), NOON + LEASE - timedelta(seconds=1)) == 0
        assert work(FakeBook(), NOON + LEASE) == 1
        assert (list(provider.tries.values()), len(provider.taken)) == ([2], 1)
        assert Delivery.objects.get().state == State.SENT


class TestPlanning:
    def test_finds_what_commits_late(self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor) -> None:
        """A lower id that commits after a higher one was sent is not skipped."""
        with transaction.atomic():
            told("finish", 1, about=unit, at=NOON)
            later = pool.submit(apart, lambda: tell(unit, "finish", asker_ids=[2], at=NOON, number=NUMBER))
            later.result(60)
            assert pool.submit(apart, lambda: work(FakeBook(), NOON)).result(60) == 1
        assert work(FakeBook(), NOON) == 1
        first, second = Notice.objects.order_by("pk")
        assert (first.asker_id, second.asker_id) == (1, 2)
        assert {line.state for line in Delivery.objects.all()} == {State.SENT}

    def test_by_two_workers_makes_each_line_once(
        self, unit: Unit, provider: Provider, pool: ThreadPoolExecutor
    ) -> None:
        told("finish", *range(1, MANY + 1), about=unit, at=NOON)
        planned = together(pool, *[lambda: plan(book=FakeBook(), at=NOON)] * 2)
        assert (sum(planned), Delivery.objects.count()) == (MANY, MANY)
