"""The journal: codes only, in the same transaction, and never changed again."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from sandan.core import guards, journal
from sandan.core.models import Block, Entry
from sandan.places.models import Place
from tests.factories.orders import an_order
from tests.factories.people import COUNTY, a_person, a_place, cast

NOON = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Place:
    return a_place(COUNTY)


def a_line(verb: str = "note", **facts: journal.Fact) -> Entry:
    return journal.write(a_person(), verb, by="system", at=NOON, scope=COUNTY, **facts)


class TestWrite:
    def test_keeps_who_what_when_and_where(self) -> None:
        subject, actor = a_person("贺连生"), a_person("周敏")
        line = journal.write(subject, "praise", by=actor, at=NOON, scope=COUNTY, score=5)
        line.refresh_from_db()
        assert (line.subject, line.subject_id, line.verb) == ("people.person", subject.pk, "praise")
        assert (line.actor, line.actor_id, line.scope, line.at) == ("person", actor.pk, COUNTY, NOON)
        assert line.facts == {"score": 5}

    @pytest.mark.parametrize("actor", ["asker", "clock", "system"])
    def test_keeps_no_id_of_those_without_an_account(self, actor: str) -> None:
        line = journal.write(a_person(), "look", by=actor, at=NOON, scope=COUNTY)
        assert (line.actor, line.actor_id) == (actor, None)

    @pytest.mark.parametrize("fact", ["邓秀兰", "x" * 65, ["0102", "三楼的邓姐"], ["y" * 65]])
    def test_refuses_words(self, fact: journal.Fact) -> None:
        with pytest.raises(ValueError, match="words"):
            a_line(said=fact)
        assert not Entry.objects.exists()

    def test_goes_with_the_change_that_it_tells_of(self) -> None:
        with transaction.atomic():
            a_line()
            transaction.set_rollback(True)
        assert not Entry.objects.exists()

    def test_is_stamped_with_cluster_and_transaction(self) -> None:
        line = a_line()
        line.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute("SELECT system_identifier, pg_current_xact_id()::text::bigint FROM pg_control_system()")
            assert (line.era, line.tx) == cursor.fetchone()

    def test_cannot_be_given_a_transaction_of_the_past(self) -> None:
        now = a_line()
        now.refresh_from_db()
        forged = Entry.objects.create(
            at=NOON, subject="people.person", subject_id=1, verb="forged", actor="system", scope=COUNTY, era=1, tx=1
        )
        forged.refresh_from_db()
        assert (forged.era, forged.tx) == (now.era, now.tx)


class TestLinesOf:
    def test_gives_one_things_lines_oldest_first(self) -> None:
        subject = a_person()
        for verb in ("first", "second"):
            journal.write(subject, verb, by="system", at=NOON, scope=COUNTY)
        a_line()
        assert [line.verb for line in journal.lines_of(subject)] == ["first", "second"]


class TestGuards:
    """What the database itself refuses, whoever asks."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE core_entry SET verb = 'praise'",
            "DELETE FROM core_entry",
            "UPDATE core_block SET line_count = 0",
            "DELETE FROM core_block",
            "UPDATE core_look SET why = 'care'",
        ],
    )
    def test_refuse_changes(self, statement: str) -> None:
        order = an_order(cast())
        Block.objects.create(id=1, era=1, from_tx=0, to_tx=1, line_count=0, previous=b"", digest=b"")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_look (at, person_id, subject, subject_id, field, why) "
                "VALUES (now(), %s, '', 1, '', '')",
                [order.owner_id],
            )
        with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    @pytest.mark.parametrize("table", ["core_entry", "core_block"])
    def test_refuse_truncation(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_keep_all")
        with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")

    def test_can_be_taken_away_and_installed_again(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(guards.NO_JOURNAL)
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'core_%'")
            assert cursor.fetchone() == (0,)
            cursor.execute(guards.JOURNAL)
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'core_%'")
            assert cursor.fetchone() == (6,)
