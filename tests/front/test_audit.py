"""The auditor's page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core import chain, looks
from sandan.orders.models import Asker
from tests.factories.orders import an_order
from tests.factories.people import Cast, cast


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def a_look(people: Cast, minutes: int = 0) -> str:
    order = an_order(people)
    at = timezone.now() - timedelta(minutes=minutes)
    asker = Asker.objects.get(order=order)
    return looks.reveal(asker, "phone", by=people.dispatcher, why="desk", at=at, scope=order.community_id)


class TestAudit:
    def test_names_who_looked_at_what_and_never_what_was_read(self, people: Cast, client: Client) -> None:
        """G2: each read of a sealed field leaves a line, and the line does not repeat it."""
        phone = a_look(people)
        chain.seal()
        client.force_login(people.auditor)
        html = client.get("/audit/").content.decode()
        assert people.dispatcher.name in html
        assert "点单人电话" in html
        assert "社区办单" in html
        assert phone not in html
        assert phone[-4:] not in html.partition("<main")[2]

    def test_is_for_auditors_alone(self, people: Cast, client: Client) -> None:
        assert client.get("/audit/").status_code == 302
        for person in (people.dispatcher, people.district, people.member):
            client.force_login(person)
            assert client.get("/audit/").status_code == 403

    @pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "1"])
    def test_takes_any_address(self, people: Cast, client: Client, before: str) -> None:
        client.force_login(people.auditor)
        assert client.get("/audit/", {"before": before}).status_code == 200

    def test_needs_no_more_statements_for_more_looks(
        self, people: Cast, client: Client, django_assert_max_num_queries
    ) -> None:
        client.force_login(people.auditor)
        for minutes in range(5):
            a_look(people, minutes)
        with django_assert_max_num_queries(8):
            client.get("/audit/")
