"""Serial numbers: from 1, per key and day, without gaps, and no key waits for another."""

from datetime import date

import pytest
from django.db import connection, transaction

from sandan.core.serials import next_serial

TODAY, TOMORROW = date(2026, 8, 10), date(2026, 8, 11)


@pytest.mark.django_db
class TestNextSerial:
    def test_counts_from_one(self) -> None:
        assert [next_serial("a", TODAY) for _ in range(3)] == [1, 2, 3]

    def test_counts_each_key_and_day_apart(self) -> None:
        next_serial("a", TODAY)
        assert (next_serial("b", TODAY), next_serial("a", TOMORROW), next_serial("a", TODAY)) == (1, 1, 2)

    def test_takes_back_the_number_of_what_did_not_happen(self) -> None:
        with transaction.atomic():
            next_serial("a", TODAY)
            transaction.set_rollback(True)
        assert next_serial("a", TODAY) == 1


@pytest.mark.django_db(transaction=True)
class TestTwoConnections:
    def test_do_not_wait_across_keys(self) -> None:
        other = connection.copy()
        try:
            with transaction.atomic(), other.cursor() as cursor:
                next_serial("a", TODAY)
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("INSERT INTO core_counter (key, \"on\", last) VALUES ('b', %s, 1)", [TODAY])
        finally:
            other.close()
