"""The inbox page: one's own notices and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sandan.notices.actions import tell
from sandan.notices.models import Notice
from sandan.people.models import Person
from tests.factories.people import NOON, Cast, a_person

INBOX = "/notices/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def notice(cast: Cast) -> Notice:
    tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON, number="990201001001-2026-0811-907")
    return Notice.objects.get()


class TestInbox:
    def test_sends_a_visitor_to_the_login(self) -> None:
        assert reverse("front:login") in Client().get(INBOX)["Location"]

    def test_is_closed_without_a_post(self, db: None) -> None:
        assert signed_in(a_person()).get(INBOX).status_code == 403

    def test_shows_ones_own_notices_only(self, cast: Cast, notice: Notice) -> None:
        assert "新单 0811-907 到了" in signed_in(cast.dispatcher).get(INBOX).content.decode()
        assert "0811-907" not in signed_in(cast.neighbour).get(INBOX).content.decode()
        assert signed_in(cast.member).get(INBOX).status_code == 200

    def test_renews_its_list_alone(self, cast: Cast, notice: Notice) -> None:
        html = signed_in(cast.dispatcher).get(INBOX, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in html
        assert "0811-907" in html

    def test_takes_the_same_queries_with_many_notices(self, cast: Cast, django_assert_max_num_queries: object) -> None:
        for _ in range(30):
            tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON)
        client = signed_in(cast.dispatcher)
        with django_assert_max_num_queries(5):  # type: ignore[operator]  # session, user, posts, unread, recent
            client.get(INBOX)


class TestOpenNotice:
    def test_reads_it_and_goes_on(self, cast: Cast, notice: Notice) -> None:
        response = signed_in(cast.dispatcher).post(f"{INBOX}{notice.pk}/open/")
        assert response.status_code == 302
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_is_the_same_404_for_anothers_and_for_none(self, cast: Cast, notice: Notice) -> None:
        client = signed_in(cast.neighbour)
        assert client.post(f"{INBOX}{notice.pk}/open/").status_code == 404
        assert client.post(f"{INBOX}999999/open/").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None


class TestReadAll:
    @pytest.mark.parametrize("until", [(NOON + timedelta(minutes=1)).isoformat(), "", "2026-99-99", "x"])
    def test_reads_what_the_page_showed(self, cast: Cast, notice: Notice, until: str) -> None:
        signed_in(cast.dispatcher).post(INBOX + "read/", {"until": until})
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_leaves_what_came_after_the_page(self, cast: Cast, notice: Notice) -> None:
        signed_in(cast.dispatcher).post(INBOX + "read/", {"until": (NOON - timedelta(minutes=1)).isoformat()})
        notice.refresh_from_db()
        assert notice.read_at is None
