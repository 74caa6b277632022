"""Several rows in one statement: the same rows as the ORM writes one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from sandan.core import joined
from sandan.core.models import Entry
from sandan.notices.models import Notice
from sandan.people.models import Person, Post, Role
from tests.factories.people import COMMUNITY, NOON, Cast
from tests.factories.people import cast as people

STAMPED = ("created_at", "recorded_at")  # by the database, each statement its own

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return people()


def a_person(login: str) -> Person:
    return Person(login=login, name="仇英", phone="16400007719", skills=["电工", "水工"], lon=112.5, lat=37.8)


def an_entry(pk: int, person: Person) -> Entry:
    facts = {"words": 7, "parts": [1, 2], "after": "open"}
    return Entry(
        at=NOON, subject="orders.order", subject_id=pk, verb="place", actor="person", actor_id=person.pk,
        scope=COMMUNITY, facts=facts,
    )  # fmt: skip


def everything(row: Any) -> dict[str, Any]:
    """All columns of a row but its key and what differs with every row."""
    found = model_to_dict(row) | {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        name: value for name, value in found.items() if name not in ("id", "phone", "subject_id", "login", *STAMPED)
    }


class TestInsert:
    def test_writes_the_rows_that_the_orm_writes(self, cast: Cast) -> None:
        joined.insert(a_person("one"), an_entry(1, cast.member), an_entry(2, cast.member))
        a_person("two").save()
        an_entry(3, cast.member).save()
        one, two = Person.objects.get(login="one"), Person.objects.get(login="two")
        assert everything(one) == everything(two)
        assert one.phone.open_unlogged() == "16400007719"
        first, second, plain = Entry.objects.order_by("subject_id")
        assert everything(first) == everything(second) == everything(plain)
        assert first.tx == plain.tx != 0  # the journal's trigger saw the line
        assert plain.recorded_at - first.recorded_at < timedelta(hours=1)

    def test_is_one_statement(self, cast: Cast, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            joined.insert(*(an_entry(pk, cast.member) for pk in range(20)), a_person("one"))
        assert Entry.objects.count() == 20

    def test_writes_nothing_when_one_row_is_refused(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            joined.insert(an_entry(1, cast.member), a_person(cast.member.login))
        assert not Entry.objects.exists()

    def test_lets_a_row_point_to_one_beside_it(self, cast: Cast) -> None:
        (pk,) = joined.keys(Person)
        person = a_person("one")
        person.pk = pk
        post = Post(person=person, role=Role.MEMBER, scope=COMMUNITY, from_at=NOON)
        notice = Notice(at=NOON, kind="place", person=person, subject="orders.order", subject_id=1, facts={})
        joined.insert(post, notice, person)
        assert Person.objects.get(pk=pk).posts.get().role == Role.MEMBER
        assert not person._state.adding
        connection.check_constraints()


class TestStatement:
    def test_writes_only_the_named_columns_of_a_row(self, cast: Cast) -> None:
        cast.member.name, cast.member.reach_metres = "甲", 77
        statement = joined.Statement()
        statement.update(cast.member, {"reach_metres"})
        statement.run()
        fresh = Person.objects.get(pk=cast.member.pk)
        assert (fresh.name, fresh.reach_metres) != ("甲", 77)
        assert fresh.reach_metres == 77

    def test_joins_parts_of_every_kind(self, cast: Cast, django_assert_num_queries: Any) -> None:
        statement = joined.Statement()
        statement.insert(an_entry(1, cast.member))
        cast.member.name = "甲"
        statement.update(cast.member, {"name"})
        statement.add("DELETE FROM people_post WHERE person_id = %s", [cast.neighbour.pk])
        with django_assert_num_queries(1):
            statement.run()
        assert Entry.objects.count() == 1
        assert Person.objects.get(pk=cast.member.pk).name == "甲"
        assert not cast.neighbour.posts.exists()

    def test_without_parts_asks_nothing(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            joined.Statement().run()


class TestKeys:
    def test_are_fresh_and_in_the_order_asked_for(self, cast: Cast) -> None:
        first, entry = joined.keys(Person, Entry)
        second, _entry = joined.keys(Person, Entry)
        assert second > first > cast.member.pk
        assert Person.objects.create_user("next", "下一位").pk > second
        line = an_entry(1, cast.member)
        line.save()
        assert line.pk > entry
