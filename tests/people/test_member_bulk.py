"""people.actions.member_bulk: a unit's list at once, in a handful of statements, and nobody twice (R005)."""

from typing import Any

import pytest

from sandan.core.errors import NotAllowed
from sandan.core.models import Entry
from sandan.people.actions.member_bulk import Wanted, check_in_many
from sandan.people.actions.member_checkin import TooManyGrids
from sandan.people.models import MemberCheckin, Person, Post, Role
from sandan.people.queries.member_register import by_unit
from tests.factories.members import a_keeper, checked_in
from tests.factories.people import COUNTY, GRID, NOON, OTHER_GRID, a_person, a_place, a_unit, somebody

pytestmark = pytest.mark.django_db


def a_crowd(count: int) -> list[Person]:
    return Person.objects.bulk_create(
        [Person(login=f"crowd{number}", name=f"党员{number}", password="!") for number in range(count)], batch_size=1000
    )


class TestCheckInMany:
    def test_brings_thousands_of_members_without_a_double_person(self) -> None:
        """R005: many members in one run; the same list again changes nothing; the unit's count is of persons."""
        unit, grids = a_unit("统计局", "unit"), [a_place(GRID), a_place(OTHER_GRID)]
        crowd = a_crowd(2000)
        wanted = [Wanted(person, grids[number % 2], unit) for number, person in enumerate(crowd)]
        wanted += [Wanted(crowd[0], grids[1], unit), wanted[0]]  # one with two duties, one line twice
        assert len(check_in_many(wanted=wanted, by="system", at=NOON)) == 2001
        assert check_in_many(wanted=wanted, by="system", at=NOON) == []
        assert Post.objects.filter(role=Role.MEMBER).count() == 2001
        assert Entry.objects.filter(subject="people.membercheckin", verb="check_in").count() == 2001
        assert by_unit([unit.pk], NOON) == {unit.pk: 2000}
        assert not Person.objects.filter(pk__in=[one.pk for one in crowd], home=None).exists()

    def test_costs_the_same_for_ten_as_for_a_hundred(self, django_assert_max_num_queries: Any) -> None:
        keeper, grid = a_keeper(), a_place(GRID)
        for crowd in (a_crowd(110)[:10], list(Person.objects.filter(login__startswith="crowd").order_by("pk")[10:])):
            with django_assert_max_num_queries(16):
                check_in_many(wanted=[Wanted(person, grid) for person in crowd], by=keeper, at=NOON)
        assert MemberCheckin.objects.count() == 110

    def test_brings_all_or_nobody(self) -> None:
        unit, grid = a_unit("统计局", "unit"), a_place(GRID)
        clerk = somebody("甘露", Role.UNIT_CLERK, COUNTY, unit=unit)
        with pytest.raises(NotAllowed):
            check_in_many(wanted=[Wanted(a_person(), grid, unit), Wanted(a_person(), grid, None)], by=clerk, at=NOON)
        person = a_person()
        for number in (1, 2, 3):
            checked_in(person, GRID[:-1] + str(number))
        with pytest.raises(TooManyGrids, match="贺连生"):
            check_in_many(wanted=[Wanted(person, a_place(GRID[:-1] + "4"))], by="system", at=NOON)
        assert MemberCheckin.objects.count() == 3
