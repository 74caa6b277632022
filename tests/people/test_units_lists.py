"""people.queries.units_lists at the size of the sources: 67 units and 5,000 names of one level."""

import pytest
from django.test import Client
from django.urls import reverse

from sandan.people.models import Roster, RosterRow, Unit, UnitFile
from sandan.people.queries import units_lists
from sandan.people.queries.units_roster import Tally
from tests.factories.people import COUNTY, NOON, Cast
from tests.factories.units import TODAY, an_overseer, came

pytestmark = pytest.mark.django_db
UNITS, NAMES = 67, 5000


@pytest.fixture
def level(cast: Cast) -> list[Unit]:
    """67 units with 5,000 names, 200 of them reported in."""
    units = Unit.objects.bulk_create(
        Unit(name=f"市直单位{i}", name_key=f"unit {i:03}", scope=COUNTY) for i in range(UNITS)
    )
    UnitFile.objects.bulk_create(UnitFile(unit=unit, touched_at=NOON) for unit in units)
    Roster.objects.bulk_create(Roster(unit=unit, on=TODAY, row_count=1, at=NOON) for unit in units)
    people = came(units[0], [f"党员{i}" for i in range(200)])
    RosterRow.objects.bulk_create(
        RosterRow(
            unit=units[i % UNITS], name=f"党员{i}", name_key=f"{i:05}", since_on=TODAY,
            person=people[i // UNITS] if i % UNITS == 0 and i // UNITS < len(people) else None,
        )
        for i in range(NAMES)
    )  # fmt: skip
    return units


class TestProgress:
    def test_counts_a_level_of_67_units_and_5000_names(self, level: list[Unit]) -> None:
        """R004 R005: nothing is lost on the way from rows to lines to the sum."""
        overseer = an_overseer()
        found = units_lists.progress(units_lists.registered(overseer.posts.all(), NOON), NOON)
        assert found.tally == Tally(5000, 75, 0)
        assert len(found.lines) == UNITS
        assert sum(line.tally.total for line in found.lines) == NAMES
        assert (found.first_on, found.last_on) == (TODAY, TODAY)

    def test_draws_that_level_in_a_handful_of_statements(
        self,
        level: list[Unit],
        client: Client,
        django_assert_max_num_queries,  # type: ignore[no-untyped-def]
    ) -> None:
        client.force_login(an_overseer())
        with django_assert_max_num_queries(14):
            html = client.get(reverse("people:progress")).content.decode()
        assert "已报到 75 / 名册 5000 人" in html
        listed = client.get(reverse("people:progress_rows", args=["gap"]) + "?page=25").content.decode()
        assert "第 4801 至 4925 人，共 4925 人" in listed
