"""Counting tries: one statement, stretches on the clock, forgotten when they are over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sandan.core import tallies
from sandan.core.models import Tally
from sandan.core.tallies import Limit, Try

pytestmark = pytest.mark.django_db
AT = datetime(2026, 8, 10, 9, 59, 30, tzinfo=UTC)
FEW = Limit("few", 3, timedelta(hours=1))
MANY = Limit("many", 5, timedelta(days=1))


class TestCount:
    def test_passes_a_limit_with_the_try_after_the_last_allowed(self) -> None:
        told = [tallies.count([Try(FEW, b"a")], AT) for _ in range(5)]
        assert told == [(), (), (), (FEW,), (FEW,)]

    def test_counts_amounts_and_several_limits_in_one_statement(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert tallies.count([Try(MANY, b"a", 4), Try(FEW, b"a", 2)], AT) == ()
            assert tallies.count([Try(MANY, b"a", 2), Try(FEW, b"a", 1)], AT) == (MANY,)
        assert len(queries) == 2

    def test_counts_each_source_for_itself(self) -> None:
        assert tallies.count([Try(FEW, b"a", 3), Try(FEW, b"b", 3)], AT) == ()
        assert tallies.count([Try(FEW, b"b")], AT) == (FEW,)

    def test_begins_anew_with_the_next_stretch(self) -> None:
        tallies.count([Try(FEW, b"a", 9)], AT)
        assert tallies.count([Try(FEW, b"a")], AT + timedelta(minutes=1)) == ()

    def test_lifts_every_limit_by_the_office_s_factor(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.LIMIT_FACTOR = 2
        assert tallies.count([Try(FEW, b"a", 6)], AT) == ()
        assert tallies.count([Try(FEW, b"a")], AT) == (FEW,)

    def test_writes_nothing_for_nothing(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        with django_assert_num_queries(0):
            assert tallies.count([Try(FEW, b"a", 0)], AT) == ()


class TestSweep:
    def test_forgets_what_counts_no_longer(self) -> None:
        tallies.count([Try(FEW, b"old")], AT - timedelta(days=3))
        tallies.count([Try(FEW, b"new")], AT)
        assert tallies.sweep(at=AT) == 1
        assert bytes(Tally.objects.get().source) == b"new"
