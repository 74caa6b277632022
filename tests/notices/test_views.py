"""The inbox page: one's own notices and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.core.models import Entry
from sandan.notices.actions import Receipt, receive, tell
from sandan.notices.models import Delivery, Notice, Reach
from sandan.people.models import Person, Role
from tests.factories.people import COUNTY, NOON, Cast, a_person, somebody

INBOX = "/notices/"
UNSENT = "/notices/unsent/"
REACH = "/notices/reach/"
NUMBER = "990201001001-2026-0810-048"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def notice(cast: Cast) -> Notice:
    tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON, number="990201001001-2026-0811-907")
    return Notice.objects.get()


@pytest.fixture
def missed(cast: Cast) -> Delivery:
    """An asker of COMMUNITY whom the provider could not reach."""
    tell(cast.unit, "finish", asker_ids=[7], at=timezone.now(), number=NUMBER)
    return Delivery.objects.create(
        notice=Notice.objects.get(asker_id=7), channel="sms", lane=2, made_at=timezone.now(), state="failed",
        error="timeout",
    )  # fmt: skip


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
        with django_assert_max_num_queries(7):  # type: ignore[operator]  # session, user, unread, recent, ledger, missed
            client.get(INBOX)

    def test_says_how_it_went_by_phone(self, cast: Cast) -> None:
        tell(cast.unit, "offer", persons=[cast.member], at=NOON, number=NUMBER)
        line = Delivery.objects.create(notice=Notice.objects.get(), channel="sms", lane=2, made_at=NOON, next_at=NOON)
        html = signed_in(cast.member).get(INBOX).content.decode()
        assert "短信待发" in html
        receive(receipts=[Receipt(line.key, True)], at=timezone.now().replace(hour=0, minute=12))
        assert "短信已送达 8:12" in signed_in(cast.member).get(INBOX).content.decode()

    def test_points_the_desk_to_what_did_not_arrive(self, cast: Cast, missed: Delivery) -> None:
        assert "有 1 条通知没送到人" in signed_in(cast.dispatcher).get(INBOX).content.decode()
        assert "没送到" not in signed_in(cast.neighbour).get(INBOX).content.decode()


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


class TestUnsent:
    def test_lists_for_the_desk_whom_to_ring_up(self, cast: Cast, missed: Delivery) -> None:
        """Nothing fails silently: who, about which order, and why."""
        for person in (cast.dispatcher, cast.liaison, cast.district):
            html = signed_in(person).get(UNSENT).content.decode()
            assert "0810-048" in html
            assert "短信平台没回应" in html
        assert "0810-048" not in signed_in(cast.neighbour).get(UNSENT).content.decode()

    def test_is_closed_to_who_neither_rings_nor_mends(self, cast: Cast) -> None:
        assert signed_in(cast.member).get(UNSENT).status_code == 403
        assert reverse("front:login") in Client().get(UNSENT)["Location"]

    def test_shows_the_administrator_reasons_without_orders(self, cast: Cast, missed: Delivery) -> None:
        html = signed_in(somebody("桂圆", Role.ADMIN, COUNTY)).get(UNSENT).content.decode()
        assert "短信平台没回应" in html
        assert "0810-048" not in html

    @pytest.mark.parametrize("code", ["no_phone", "sealed", "no_calls", "switched_off"])
    def test_counts_apart_who_wanted_none(self, cast: Cast, missed: Delivery, code: str) -> None:
        Delivery.objects.update(error=code, state="unreachable", channel="none")
        html = signed_in(cast.dispatcher).get(UNSENT).content.decode()
        assert "0810-048" not in html
        assert "另有 1 条没有发" in html

    def test_takes_the_same_queries_with_many_lines(
        self, cast: Cast, missed: Delivery, django_assert_max_num_queries: object
    ) -> None:
        tell(cast.unit, "finish", asker_ids=range(100, 130), at=timezone.now(), number=NUMBER)
        Delivery.objects.bulk_create(
            Delivery(notice=notice, channel="sms", lane=2, made_at=timezone.now(), state="given_up", error="tries")
            for notice in Notice.objects.filter(asker_id__gte=100)
        )
        client = signed_in(cast.dispatcher)
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            assert client.get(UNSENT).content.decode().count("/handle/") == 31


class TestHandle:
    def test_takes_it_off_the_list_and_says_who(self, cast: Cast, missed: Delivery) -> None:
        assert signed_in(cast.dispatcher).post(f"{UNSENT}{missed.pk}/handle/").status_code == 302
        missed.refresh_from_db()
        assert missed.handled_by == cast.dispatcher
        assert Entry.objects.filter(subject="notices.delivery", subject_id=missed.pk, verb="handle").exists()
        assert "0810-048" not in signed_in(cast.reviewer).get(UNSENT).content.decode()

    def test_is_the_same_404_for_anothers_and_for_none(self, cast: Cast, missed: Delivery) -> None:
        client = signed_in(cast.neighbour)
        assert client.post(f"{UNSENT}{missed.pk}/handle/").status_code == 404
        assert client.post(f"{UNSENT}999999/handle/").status_code == 404

    def test_is_not_the_administrators(self, cast: Cast, missed: Delivery) -> None:
        client = signed_in(somebody("桂圆", Role.ADMIN, COUNTY))
        assert client.post(f"{UNSENT}{missed.pk}/handle/").status_code == 404


class TestReach:
    def test_is_chosen_by_oneself_and_kept_under_seal(self, cast: Cast) -> None:
        client = signed_in(cast.member)
        assert client.post(REACH, {"takes_email": "on", "email": "he@example.org"}).status_code == 302
        chosen = Reach.objects.get(person=cast.member)
        assert (chosen.takes_sms, chosen.takes_email, chosen.email.open_unlogged()) == (False, True, "he@example.org")
        assert "he@example.org" in client.get(REACH).content.decode()
        assert "he@example.org" not in signed_in(cast.dispatcher).get(REACH).content.decode()
        assert "he@example.org" not in str([*Entry.objects.values(), *Reach.objects.values()])

    def test_takes_both_ways_where_nothing_was_chosen(self, cast: Cast) -> None:
        assert signed_in(cast.member).get(REACH).content.decode().count(" checked") == 2

    def test_says_what_is_wrong_with_an_address(self, cast: Cast) -> None:
        answer = signed_in(cast.member).post(REACH, {"email": "he@"})
        assert answer.status_code == 422
        assert "邮箱不完整" in answer.content.decode()

    def test_says_that_nothing_is_connected(self, cast: Cast) -> None:
        assert "短信和邮件都还没有接上" in signed_in(cast.member).get(REACH).content.decode()
