"""orders.queries.participation and its page: units and people with at least one order taken."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sandan.orders.models import Claim
from sandan.orders.queries.participation import participation
from sandan.orders.workflow import S
from sandan.people.models import Person, Unit
from tests.factories.orders import a_course
from tests.factories.people import NOON, Cast, cast
from tests.factories.units import TODAY, a_registered, a_roster, an_overseer, came

pytestmark = pytest.mark.django_db
SYLLABLES = "甲乙丙丁戊"


@pytest.fixture
def people() -> Cast:
    return cast()


def took(people: list[Person], order: object, **facts: object) -> None:
    Claim.objects.bulk_create(
        Claim(order=order, person=one, county="990201", how="grab", **{"at": NOON, **facts}) for one in people
    )


class TestParticipation:
    def test_counts_distinct_units_and_people(self, people: Cast) -> None:
        """R012: 40 units and 180 people with at least one order; two orders of one hand are one taker."""
        order, more = (a_course(people, S.OPEN).order for _ in range(2))
        for number in range(41):
            unit = a_registered(f"单位{number}")
            members = came(unit, [f"党员{number}{one}" for one in (SYLLABLES if number < 40 else "")])
            took(members, order)
            took(members[:1], more)
        found = participation(Unit.objects.filter(file__isnull=False))
        assert (found.units, found.people, found.all_units) == (40, 200, 41)
        assert all(line.orders == 6 for line in found.lines)

    def test_counts_somebody_of_two_units_once(self, people: Cast) -> None:
        order = a_course(people, S.OPEN).order
        first, second = a_registered(), a_registered("区档案馆")
        (person,) = came(first, ["安歌"])
        (row,) = a_roster(second, ["安歌"])
        row.person = person
        row.save()
        took([person], order)
        found = participation(Unit.objects.filter(file__isnull=False))
        assert (found.units, found.people) == (2, 1)

    def test_leaves_out_what_was_given_back_and_other_days(self, people: Cast) -> None:
        order = a_course(people, S.OPEN).order
        unit = a_registered()
        one, two, three = came(unit, ["安歌", "白鹭", "常青"])
        took([one], order, released_at=NOON, verb="release")
        took([two], order, at=NOON - timedelta(days=9))
        took([three], order, released_at=NOON, verb="finish")
        units = Unit.objects.filter(pk=unit.pk)
        assert participation(units).people == 2
        assert participation(units, TODAY, TODAY).people == 1


class TestTakers:
    def test_shows_the_overseer_names_and_counts_and_no_order(self, client: Client, people: Cast) -> None:
        """R012 R021: every figure opens its list; no number, word or address of a resident is on it."""
        order = a_course(people, S.OPEN).order
        unit, elsewhere = a_registered(), a_registered("外县单位", "990299")
        took(came(unit, ["安歌"]), order)
        client.force_login(an_overseer())
        html = client.get(reverse("orders:participation")).content.decode()
        assert unit.name in html
        assert elsewhere.name not in html
        listed = client.get(reverse("orders:participation_unit", args=[unit.pk])).content.decode()
        assert "安歌" in listed
        assert order.full_number not in html + listed
        assert client.get(reverse("orders:participation_unit", args=[elsewhere.pk])).status_code == 404

    def test_refuses_days_that_are_none(self, client: Client, people: Cast) -> None:
        client.force_login(an_overseer())
        assert client.get(reverse("orders:participation") + "?since=gestern").status_code == 422
