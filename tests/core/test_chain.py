"""The chain over the journal: nobody waits for the sealer, and every tampering is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from sandan.core import chain, journal
from sandan.core.models import Block, Entry
from tests.factories.people import COUNTY, a_person

NOON = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)
LINE = (
    "INSERT INTO core_entry (at, subject, subject_id, verb, actor, scope, facts, era, tx) "
    "VALUES (now(), 'people.person', 1, %s, 'system', '990201', '{}', %s, %s)"
)
# Other databases of the test cluster have transactions of their own; here only this one's count.
RUNNING = """
SELECT system_identifier, coalesce(
  (SELECT min(backend_xid::text::bigint) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'),
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint) FROM pg_control_system()
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def horizon() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(RUNNING)
            row: tuple[int, int] = cursor.fetchone()
        return row

    monkeypatch.setattr(chain, "_horizon", horizon)


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, another process's as it were."""
    wrapper = connection.copy()
    with wrapper.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute("SET statement_timeout = '5s'")
    yield wrapper
    wrapper.close()


def a_line(verb: str = "note") -> Entry:
    return journal.write(a_person(), verb, by="system", at=NOON, scope=COUNTY, number=1)


@contextmanager
def unguarded(*tables: str) -> Iterator[Any]:
    """A forger who owns the tables and has put the guards to sleep."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_keep_all")


def three_blocks() -> list[Block]:
    for number in range(3):
        a_line(f"one{number}")
        a_line(f"two{number}")
        assert chain.seal() == 2
    return list(Block.objects.order_by("id"))


class TestSeal:
    def test_seals_each_line_once(self) -> None:
        a_line()
        a_line()
        assert (chain.seal(), chain.seal()) == (2, 0)
        a_line()
        assert chain.seal() == 1
        assert Block.objects.count() == 2

    def test_leaves_out_lines_after_the_oldest_open_transaction(self, other: BaseDatabaseWrapper) -> None:
        """A transaction that began earlier may still write; what came after it waits for it, nobody else does."""
        a_line("before")
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(LINE, ["early", 0, 0])
        late = a_line("late")
        assert chain.seal() == 1
        assert replace(chain.audit(), head="") == chain.Verdict(1, 1, 1)
        other.commit()
        assert chain.seal() == 2
        early = Entry.objects.get(verb="early")
        late.refresh_from_db()
        assert early.tx < late.tx
        assert replace(chain.audit(), head="") == chain.Verdict(2, 3, 0)

    def test_orders_by_transaction_where_ids_are_crossed(self, other: BaseDatabaseWrapper) -> None:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")  # the earlier transaction writes the later line
            a_line("first")
            cursor.execute(LINE, ["second", 0, 0])
        other.commit()
        assert chain.seal() == 2
        assert chain.audit().broken == ""

    def test_forgets_lines_of_transactions_that_failed(self, other: BaseDatabaseWrapper) -> None:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(LINE, ["undone", 0, 0])
        a_line()
        other.rollback()
        assert chain.seal() == 1
        assert replace(chain.audit(), head="") == chain.Verdict(1, 1, 0)

    def test_lets_a_second_sealer_pass(self, other: BaseDatabaseWrapper) -> None:
        a_line()
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [chain.LOCK])
        assert chain.seal() == 0
        other.commit()
        assert chain.seal() == 1

    def test_makes_no_writer_wait(self, other: BaseDatabaseWrapper) -> None:
        """Two transactions on different things, and the sealer between them: none waits for another."""
        a_line()
        with transaction.atomic():
            a_line("mine")
            with other.cursor() as cursor:  # times out if it had to wait
                cursor.execute(LINE, ["theirs", 0, 0])
        with transaction.atomic():
            assert chain.seal() > 0
            with other.cursor() as cursor:
                cursor.execute(LINE, ["while sealing", 0, 0])
        chain.seal()
        assert replace(chain.audit(), head="") == chain.Verdict(Block.objects.count(), 4, 0)

    def test_never_reaches_into_a_transaction_that_runs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The real horizon, in the middle of a transaction: its own lines stay outside."""
        monkeypatch.undo()
        with transaction.atomic():
            line = a_line()
            line.refresh_from_db()
            assert chain._horizon()[1] <= line.tx
            chain.seal()
            assert not Block.objects.filter(to_tx__gt=line.tx).exists()


def change_line(cursor: Any) -> None:
    cursor.execute("UPDATE core_entry SET facts = '{\"number\": 2}' WHERE verb = 'one1'")


def change_time(cursor: Any) -> None:
    cursor.execute("UPDATE core_entry SET at = at + interval '1 microsecond' WHERE verb = 'one1'")


def remove_line(cursor: Any) -> None:
    cursor.execute("DELETE FROM core_entry WHERE verb = 'one1'")


def add_line(cursor: Any) -> None:
    entry = Entry.objects.get(verb="one1")
    cursor.execute(LINE, ["slipped in", entry.era, entry.tx])


def swap_lines(cursor: Any) -> None:
    cursor.execute("UPDATE core_entry SET tx = 0 WHERE verb = 'two1'")


def change_count(cursor: Any) -> None:
    cursor.execute("UPDATE core_block SET line_count = 3 WHERE id = 2")


def change_bounds(cursor: Any) -> None:
    cursor.execute("UPDATE core_block SET to_tx = to_tx + 1 WHERE id = 2")


def change_digest(cursor: Any) -> None:
    cursor.execute("UPDATE core_block SET digest = sha256('forged') WHERE id = 2")


def remove_block(cursor: Any) -> None:
    cursor.execute("DELETE FROM core_block WHERE id = 2")


def renumber_blocks(cursor: Any) -> None:
    cursor.execute("DELETE FROM core_block WHERE id = 2")
    cursor.execute("UPDATE core_block SET id = 2 WHERE id = 3")


class TestAudit:
    def test_finds_a_whole_chain_whole(self) -> None:
        three_blocks()
        a_line("waits")
        assert replace(chain.audit(), head="") == chain.Verdict(3, 6, 1)

    @pytest.mark.parametrize(
        ("forge", "found"),
        [
            (change_line, "block 2: a line was changed"),
            (change_time, "block 2: a line was changed"),
            (remove_line, "block 2: 1 lines where 2 were sealed"),
            (add_line, "block 2: 3 lines where 2 were sealed"),
            (swap_lines, "block 1: 3 lines where 2 were sealed"),
            (change_count, "block 2: 2 lines where 3 were sealed"),
            (change_bounds, "block 2: a line was changed"),
            (change_digest, "block 2: a line was changed"),
            (remove_block, "block 2 is missing"),
            (renumber_blocks, "block 2 does not follow the block before it"),
        ],
    )
    def test_names_the_first_break(self, forge: Callable[[Any], None], found: str) -> None:
        three_blocks()
        with unguarded("core_entry", "core_block") as cursor:
            forge(cursor)
        assert chain.audit().broken == found

    def test_is_a_command_that_programs_read(self) -> None:
        three_blocks()
        out = StringIO()
        call_command("audit", json=True, stdout=out)
        assert '"lines": 6' in out.getvalue()
        with unguarded("core_entry") as cursor:
            change_line(cursor)
        with pytest.raises(SystemExit) as end:
            call_command("audit", stdout=out)
        assert end.value.code == 1
        assert "block 2: a line was changed" in out.getvalue()

    def test_finds_newest_blocks_taken_away_by_the_anchor_of_an_earlier_audit(self) -> None:
        """What is cut off at the end leaves a whole chain: only a digest kept elsewhere tells."""
        three_blocks()
        anchor, out = chain.audit().head, StringIO()
        call_command("audit", anchor=anchor, stdout=out)
        assert anchor in out.getvalue()
        with unguarded("core_entry", "core_block") as cursor:
            cursor.execute("DELETE FROM core_entry WHERE tx >= (SELECT from_tx FROM core_block WHERE id = 3)")
            cursor.execute("DELETE FROM core_block WHERE id = 3")
        assert chain.audit().broken == ""
        with pytest.raises(SystemExit):
            call_command("audit", anchor=anchor, stdout=out)


class TestEras:
    """A journal that moved to another cluster, whose transaction numbers begin anew."""

    @pytest.fixture
    def moved(self) -> int:
        """Two sealed and one waiting line of an older cluster, then the first seal in this one."""
        three_blocks()
        a_line("waits")
        with unguarded("core_entry", "core_block") as cursor:
            cursor.execute("UPDATE core_entry SET era = 4711")
            cursor.execute("DELETE FROM core_block")
        entry = Entry.objects.get(verb="two2")
        chain._seal_block(4711, entry.tx + 1)
        assert replace(chain.audit(), head="") == chain.Verdict(1, 6, 1)
        return entry.tx

    def test_are_sealed_to_the_end_before_the_next(self, moved: int) -> None:
        a_line("here")
        assert chain.seal() == 2
        assert replace(chain.audit(), head="") == chain.Verdict(3, 8, 0)
        assert [block.era for block in Block.objects.order_by("id")][:2] == [4711, 4711]

    def test_go_on_where_one_comes_back_to_them(self, moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
        a_line("here")
        chain.seal()
        monkeypatch.setattr(chain, "_horizon", lambda: (4711, 2**40))
        with unguarded("core_entry") as cursor:
            cursor.execute(LINE, ["back again", 4711, 2**39])
        assert chain.seal() == 1
        assert replace(chain.audit(), head="") == chain.Verdict(4, 9, 0)

    def test_that_are_over_take_no_more_lines(self, moved: int) -> None:
        a_line("here")
        chain.seal()
        with unguarded("core_entry") as cursor:
            cursor.execute(LINE, ["slipped in", 4711, 2**40])
        assert "belongs to an era that is over" in chain.audit().broken

    def test_that_nobody_knows_are_found(self, moved: int) -> None:
        a_line("here")
        chain.seal()
        with unguarded("core_entry") as cursor:
            cursor.execute(LINE, ["slipped in", 99, 5])
        assert "belongs to an era that is over" in chain.audit().broken
