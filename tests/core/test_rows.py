"""Instances out of statements written by hand."""

import pytest

from sandan.core.rows import Columns, fetch
from sandan.people.models import Person, Unit
from tests.factories.people import Cast
from tests.factories.people import cast as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return people()


def read(columns: Columns[Person], pk: int) -> Person:
    (row,) = fetch(f"SELECT 1, {columns.sql} FROM people_person p WHERE id = %s", [pk])
    person = columns.instance(row, 1)
    assert person
    return person


class TestColumns:
    def test_give_the_instance_that_the_orm_gives(self, cast: Cast) -> None:
        person, plain = read(Columns(Person, "p"), cast.member.pk), Person.objects.get(pk=cast.member.pk)
        for field in Person._meta.concrete_fields:
            if field.name != "phone":
                assert getattr(person, field.attname) == getattr(plain, field.attname)
        assert not person._state.adding

    def test_keep_a_sealed_field_under_seal(self, cast: Cast) -> None:
        cast.member.phone = "16400001234"
        cast.member.save()
        phone = read(Columns(Person, "p"), cast.member.pk).phone
        assert str(phone) == "‹sealed›"
        assert phone.open_unlogged() == "16400001234"

    def test_leave_out_what_is_read_on_demand(self, cast: Cast) -> None:
        person = read(Columns(Person, "p", without=("name",)), cast.member.pk)
        assert person.get_deferred_fields() == {"name"}
        assert person.name == cast.member.name

    def test_give_nothing_where_an_outer_join_found_nothing(self) -> None:
        unit = Columns(Unit, "u")
        (row,) = fetch(f"SELECT {unit.sql} FROM (SELECT 1) one LEFT JOIN people_unit u ON u.id = -1")
        assert unit.instance(row) is None
