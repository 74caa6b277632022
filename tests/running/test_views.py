"""running.views: what probes and Prometheus are told, and who may ask."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker
from prometheus_client.parser import text_string_to_metric_families

from sandan.core import health, serving
from sandan.running import readiness
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.factories.people import cast as the_cast

pytestmark = pytest.mark.django_db
TOKEN = "a token of twenty letters or more"


@pytest.fixture
def people(db: None) -> Cast:
    return the_cast()


@pytest.fixture
def a_worker(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


class TestLive:
    def test_answers_without_asking_the_database(self, client: Client, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert client.get("/health/live/").json() == {"ok": True}


class TestReady:
    def test_tells_each_thing(self, client: Client, a_worker: None) -> None:
        told = client.get("/health/").json()
        assert told == {"ok": True, "database": True, "migrations": True, "worker": True, "disk": True}

    def test_is_not_ready_without_the_database(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise DatabaseError("away")

        monkeypatch.setattr(connection, "cursor", away)
        answer = client.get("/health/")
        assert (answer.status_code, answer.json()["ok"], answer.json()["database"]) == (503, False, False)

    def test_is_not_ready_on_older_tables(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(readiness, "_seen", set())
        monkeypatch.setattr(serving, "unapplied", lambda: 2)
        answer = client.get("/health/")
        assert (answer.status_code, answer.json()["migrations"]) == (503, False)

    def test_tells_of_a_silent_worker_and_a_full_disk_with_the_door_open(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "LEAST_ROOM", 10**18)
        answer = client.get("/health/")
        assert answer.status_code == 200
        assert (answer.json()["worker"], answer.json()["disk"]) == (False, False)

    def test_hearsa_worker_for_a_minute(self, client: Client, a_worker: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
        assert ProcrastinateWorker.objects.count() == 1
        assert client.get("/health/").json()["worker"] is False


def figures_of(client: Client) -> dict[tuple[str, ...], float]:
    """All samples: name and label values to the value."""
    text = client.get("/metrics/").content.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class TestMetrics:
    def test_answer_this_machine_alone(self, client: Client, settings: Any) -> None:
        assert client.get("/metrics/").status_code == 200
        assert client.get("/metrics/", REMOTE_ADDR="10.1.2.3").status_code == 404

    def test_do_not_answer_what_came_through_a_proxy_of_this_machine(self, client: Client) -> None:
        assert client.get("/metrics/", headers={"X-Forwarded-Proto": "https"}).status_code == 404
        assert client.get("/metrics/", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404

    def test_answer_whoever_knows_the_token(self, client: Client, settings: Any) -> None:
        settings.METRICS_TOKEN = TOKEN
        asked = {"REMOTE_ADDR": "10.1.2.3"}
        assert client.get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"}, **asked).status_code == 200
        assert client.get("/metrics/", headers={"Authorization": "Bearer guess"}, **asked).status_code == 404
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics/", headers={"Authorization": "Bearer "}, **asked).status_code == 404

    def test_count_open_orders_by_state_and_late_ones(self, client: Client, people: Cast) -> None:
        for state in ("received", "received", "taken", "closed"):
            an_order(people, state)
        found = figures_of(client)
        assert (found["sandan_orders_open", "received"], found["sandan_orders_open", "taken"]) == (2, 1)
        assert ("sandan_orders_open", "closed") not in found
        assert found["sandan_orders_late",] == 3

    def test_tell_how_long_the_journal_lies_unsealed(self, client: Client, people: Cast) -> None:
        assert figures_of(client)["sandan_journal_unsealed_seconds",] == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT now() - interval '5 minutes'")
            ago: datetime = cursor.fetchone()[0]
        an_order(people)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_keep")
            cursor.execute("UPDATE core_entry SET recorded_at = %s", [ago])
        assert figures_of(client)["sandan_journal_unsealed_seconds",] >= 299

    def test_tell_of_waiting_work_and_of_the_worker(self, client: Client, a_worker: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)"
                " SELECT 'default', 'core.tasks.seal', 0, '{}', 'todo' FROM generate_series(1, 3)"
            )
        found = figures_of(client)
        assert found["sandan_jobs", "todo"] == 3
        assert 0 <= found["sandan_worker_silent_seconds",] < 60
        assert found["sandan_disk_free_bytes",] > 0

    def test_count_requests_by_page(self, client: Client) -> None:
        key = ("sandan_request_seconds_count", "GET", "front:help", "2xx")
        before = figures_of(client).get(key, 0)
        client.get("/help/")
        assert figures_of(client)[key] == before + 1

    def test_have_labels_of_the_program_s_own_words_only(self, client: Client, people: Cast) -> None:
        """Nothing that grows with people, orders or what somebody sends: not an address, number or name."""
        order = an_order(people)
        client.get(f"/desk/orders/{order.number}/")
        client.get("/邓秀兰/16400007719/")
        client.generic("邓秀兰", "/help/")
        text = client.get("/metrics/").content.decode()
        labels = set(re.findall(r'="([^"]*)"', text))
        assert all(
            re.fullmatch(r"[a-z_]+(:[a-z_]+)?|[0-9.]+(e\+\d+)?|\+Inf|[1-5]xx|GET|HEAD|POST", word) for word in labels
        )
        assert order.number not in text

    def test_say_so_when_the_database_is_away(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_args: object) -> None:
            raise DatabaseError("away")

        monkeypatch.setattr("sandan.running.figures.text", away)
        assert client.get("/metrics/").status_code == 503


def test_the_silence_is_measured_from_the_newest_worker(a_worker: None) -> None:
    assert not health.worker_is_silent()
    assert timezone.now() - health.tasks.last_heartbeat() < timedelta(minutes=1)  # type: ignore[operator]
