"""Two transactions on different orders never wait for each other, whatever they do; due work goes in small steps."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from sandan.core import retention
from sandan.orders import actions
from sandan.orders.actions import drafting, following, forgetting
from sandan.orders.models import Draft, Knock, Order
from sandan.orders.workflow import MOVES, S
from sandan.people.models import Role
from tests.factories.orders import an_order
from tests.factories.people import GRID, somebody
from tests.factories.people import cast as the_cast
from tests.orders.waiting_acts import AT, SAID, Act, acts

ONE_ROW = re.compile(r'\bid"? = \d')  # locked by its key: a row that was claimed just before
PATIENCE = 60  # seconds; how long the machine may take, not how long a lock may


class _Held(Thread):
    """Does one act in a transaction of its own and keeps that open until it is told to roll back."""

    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self.act, self.written, self.over = act, Event(), Event()
        self.trouble: Exception | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.act()
                self.written.set()
                self.over.wait(PATIENCE)
                transaction.set_rollback(True)
        except Exception as trouble:
            self.trouble = trouble
        finally:
            self.written.set()
            connections.close_all()


@contextmanager
def held_open(act: Act) -> Iterator[None]:
    """While it holds, the act has written everything and committed nothing."""
    held = _Held(act)
    held.start()
    held.written.wait(PATIENCE)
    try:
        yield
    finally:
        held.over.set()
        held.join(PATIENCE)
    if held.trouble:
        raise held.trouble


def waits(act: Act) -> bool:
    """Whether it had to wait for a lock; whatever it does is taken back."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return True
    return False


@pytest.mark.django_db(transaction=True)
class TestVerbs:
    def test_are_all_here(self) -> None:
        assert set(SAID) == {move.verb for move in MOVES.moves}

    def test_never_wait_for_a_verb_on_another_order(self) -> None:
        """Same desk, same owner, same holder, same community, same category, every verb against every verb.

        One rule needs the person's lock: two grabs of the same person are counted one after the other. Here the second
        grab is another member's.
        """
        cast = the_cast()
        first, second = (
            acts(cast, somebody(name, Role.MEMBER, GRID, skills=["水暖维修"])) for name in ("甲一", "乙二")
        )
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        waiting = []
        for verb, act in first.items():
            with held_open(act):
                waiting += [f"{other} waits for {verb}" for other, one in second.items() if waits(one)]
        assert waiting == []

    def test_of_one_person_who_grabs_twice_stand_in_line(self) -> None:
        """The one exception, and the proof that the test above would see a wait."""
        cast, one = the_cast(), somebody("甲一", Role.MEMBER, GRID, skills=["水暖维修"])
        first, second = acts(cast, one), acts(cast, one)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        with held_open(first["grab"]):
            assert waits(second["grab"])
            assert not waits(second["accept"])


DUE: dict[str, Callable[[datetime], int]] = {
    "tick": lambda at: actions.tick(at=at),
    "drafts": lambda at: drafting.sweep(at=at),
    "codes": lambda at: following.sweep(at=at),
    "forget": lambda at: forgetting.forget(at=at) // 3,  # an order loses its asker's name, its words and its door
}


@pytest.mark.django_db(transaction=True)
class TestDueWork:
    """No lock of a worker lasts: few rows in a transaction, and a row in another hand is left for the next run."""

    @pytest.mark.parametrize("work", DUE)
    def test_claims_few_rows_without_waiting(self, work: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (drafting, following, retention):
            monkeypatch.setattr(module, "BATCH", 2)
        rows, at = self._five(work)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        pk = rows.order_by("pk")[0].pk
        with held_open(lambda: rows.model.objects.select_for_update(of=("self",)).get(pk=pk)):
            with CaptureQueriesContext(connection) as seen:
                assert DUE[work](at) == 4, "the four that nobody holds"
            assert self._most_at_a_time(seen) <= 2
        assert DUE[work](at) == 1

    def _five(self, work: str) -> tuple[QuerySet[Any, Any], datetime]:
        """Five rows that are due, and a moment at which they are."""
        if work == "drafts":
            for number in range(5):
                Draft.objects.create(key=UUID(int=number), content="{}", at=AT)
            return Draft.objects.all(), AT + timedelta(days=2)
        if work == "codes":
            Knock.objects.bulk_create(Knock(source=bytes(32), at=AT) for _ in range(5))
            return Knock.objects.all(), AT + timedelta(days=2)
        cast = the_cast()
        state = S.OPEN if work == "tick" else S.WITHDRAWN
        orders = [an_order(cast, state) for _ in range(5)]
        at = (orders[-1].next_at or AT) if work == "tick" else AT + forgetting.KEEP_CONTACT + timedelta(days=2)
        return Order.objects.all(), at

    def _most_at_a_time(self, seen: CaptureQueriesContext) -> int:
        """The largest claim that was made; a lock that neither skips nor names one row would wait."""
        sizes = [0]
        for query in seen.captured_queries:
            sql = query["sql"]
            if "SKIP LOCKED" in sql:
                sizes.append(int(sql.rsplit("LIMIT ", 1)[1].split()[0]))
            else:
                assert " FOR UPDATE" not in sql or ONE_ROW.search(sql), sql
        return max(sizes)
