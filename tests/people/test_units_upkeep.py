"""people.actions.units_upkeep: rosters follow check-ins by themselves, and forget."""

from datetime import date, timedelta

import pytest

from sandan.core.models import Entry
from sandan.people.actions import units_upkeep
from sandan.people.models import RosterExcuse, RosterRow
from tests.factories.people import NOON, Cast
from tests.factories.units import TODAY, a_registered, a_roster, came

pytestmark = pytest.mark.django_db


class TestMatchAll:
    def test_finds_who_reported_in_since_the_roster_came(self, cast: Cast) -> None:
        """R008: the figure follows without anybody pressing a button."""
        unit, other = a_registered(), a_registered("区档案馆")
        a_roster(unit, ["安歌", "白鹭"])
        a_roster(other, ["安歌"])
        (person,) = came(unit, ["安歌"])
        assert units_upkeep.match_all(at=NOON) == 1
        assert [row.unit for row in RosterRow.objects.filter(person=person)] == [unit]
        assert units_upkeep.match_all(at=NOON) == 0


class TestForgetLeft:
    def test_takes_rows_of_two_years_ago_with_their_excuses(self, cast: Cast) -> None:
        """G1: nobody stays on a list for ever; the journal keeps that rows went, not whose."""
        unit = a_registered()
        old, young = a_roster(unit, ["安歌", "白鹭"], date(2024, 1, 1))
        RosterExcuse.objects.create(row=old, why="leave", from_on=date(2024, 1, 1), at=NOON)
        RosterRow.objects.filter(pk=old.pk).update(left_on=TODAY - timedelta(days=731))
        RosterRow.objects.filter(pk=young.pk).update(left_on=TODAY - timedelta(days=729))
        assert (units_upkeep.forget_left(at=NOON), units_upkeep.forget_left(at=NOON)) == (1, 0)
        assert list(RosterRow.objects.values_list("name", flat=True)) == ["白鹭"]
        assert not RosterExcuse.objects.exists()
        assert Entry.objects.get(verb="forget_left").facts == {"count": 1}
