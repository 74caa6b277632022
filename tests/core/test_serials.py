"""Serial numbers: from 1, per key and day; nobody waits for a number, and none is given twice."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from sandan.core import serials
from sandan.core.models import Counter
from sandan.core.serials import next_serial

TODAY, TOMORROW = date(2026, 8, 10), date(2026, 8, 11)


def used(key: str = "a", on: date = TODAY) -> QuerySet[Any, Any]:
    """Any table of numbers will do."""
    return Counter.objects.filter(key__startswith=f"{key}-", on=on).order_by("-last").values("last")


def drawn(key: str = "a", on: date = TODAY) -> int:
    """Draw a number and store it."""
    number = next_serial(key, on, used(key, on))
    Counter.objects.create(key=f"{key}-{number}", on=on, last=number)
    return number


@pytest.mark.django_db
class TestNextSerial:
    def test_counts_from_one(self) -> None:
        assert [drawn() for _ in range(3)] == [1, 2, 3]

    def test_counts_each_key_and_day_apart(self) -> None:
        drawn()
        assert (drawn("b"), drawn("a", TOMORROW), drawn()) == (1, 1, 2)

    def test_takes_back_the_number_of_what_did_not_happen(self) -> None:
        with transaction.atomic():
            drawn()
            transaction.set_rollback(True)
        assert drawn() == 1


@pytest.fixture
def other(transactional_db: None) -> Iterator[BaseDatabaseWrapper]:
    """A second connection that waits for no lock longer than half a second."""
    second = connection.copy()
    with second.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")
    yield second
    second.close()


class TestTwoConnections:
    def _drawn_by(self, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> int:
        with monkeypatch.context() as patch:
            patch.setattr(serials, "connection", other)
            return next_serial("a", TODAY, used())

    def test_do_not_wait_and_never_share_a_number(
        self, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other.set_autocommit(False)
        with transaction.atomic():
            assert drawn() == 1
            assert self._drawn_by(other, monkeypatch) == 2
        other.rollback()
        assert drawn() == 2

    def test_leave_a_gap_where_the_lower_one_did_not_happen(
        self, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other.set_autocommit(False)
        assert self._drawn_by(other, monkeypatch) == 1
        assert drawn() == 2
        other.rollback()
        assert [drawn() for _ in range(2)] == [3, 4]
