"""Two transactions on different orders never wait for each other, whatever they do; due work goes in small steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, connections, transaction

from sandan.orders.workflow import MOVES
from sandan.people.models import Role
from tests.factories.people import GRID, somebody
from tests.factories.people import cast as the_cast
from tests.orders.waiting_acts import SAID, Act, acts

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
        first, second = (acts(cast, somebody(name, Role.MEMBER, GRID, skills=["水暖维修"])) for name in ("甲一", "乙二"))
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
