"""The member's own times: said, shown again, kept as limits, seen by nobody else (R018)."""

import pytest
from django.test import Client

from sandan.core import journal
from sandan.people.models import Away, FreeTime
from tests.factories.people import Cast
from tests.factories.people import cast as a_cast

pytestmark = pytest.mark.django_db
AWAY = {"away_from": "2099-05-01", "away_to": "2099-05-07"}


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


@pytest.fixture
def hands(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.member)
    return client


class TestTimes:
    def test_are_kept_as_they_were_ticked(self, cast: Cast, hands: Client) -> None:
        """R018: own times and days away, changed at any time."""
        answer = hands.post("/times/", {"free": ["0eve", "5am", "5pm"], **AWAY}, follow=True)
        assert "按这个时间推给您" in answer.content.decode()
        rows = FreeTime.objects.filter(person=cast.member).order_by("weekday", "from_minute")
        assert list(rows.values_list("weekday", "from_minute", "to_minute")) == [
            (0, 1080, 1260), (5, 480, 720), (5, 720, 1080),
        ]  # fmt: skip
        assert str(Away.objects.get(person=cast.member).to_on) == "2099-05-07"
        page = hands.get("/times/").content.decode()
        assert page.count(" checked") == 3
        assert "2099-05-01" in page

    def test_are_replaced_as_a_whole(self, cast: Cast, hands: Client) -> None:
        hands.post("/times/", {"free": ["0eve"], **AWAY})
        hands.post("/times/", {"free": []})
        assert not FreeTime.objects.exists()
        assert not Away.objects.exists()

    def test_refuse_days_that_run_backwards(self, cast: Cast, hands: Client) -> None:
        answer = hands.post("/times/", {"away_from": "2099-05-07", "away_to": "2099-05-01"})
        assert answer.status_code == 422
        assert "后一天要不早于前一天" in answer.content.decode()

    def test_leave_no_day_in_the_journal(self, cast: Cast, hands: Client) -> None:
        """Who is away when is nobody's business: the journal knows that times were set, not which."""
        hands.post("/times/", {"free": ["0eve"], **AWAY})
        facts = journal.lines_of(cast.member).get(verb="set_times").facts
        assert facts == {"stretches": 1, "away": True}

    def test_are_for_members_alone(self, cast: Cast) -> None:
        client = Client()
        client.force_login(cast.dispatcher)
        assert client.get("/times/").status_code == 403
