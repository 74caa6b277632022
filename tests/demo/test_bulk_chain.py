"""Copies are lines of the journal like all others: they are sealed into its chain."""

import pytest

from sandan.core import chain
from sandan.core.models import Entry
from sandan.demo import month
from sandan.orders.models import Order
from tests.demo.test_bulk import a_town, fill, play

TINY = 8 / month.ORDERS


@pytest.mark.django_db(transaction=True)
class TestFill:
    def test_leaves_a_journal_that_audits(self) -> None:
        """`sandan audit` verifies every line; those after a transaction that still runs elsewhere wait."""
        place = a_town()
        play(place, TINY)
        fill(place, 60)
        verdict = chain.audit()
        assert (verdict.broken, verdict.lines + verdict.unsealed) == ("", Entry.objects.count())
        assert Order.objects.count() >= 60
