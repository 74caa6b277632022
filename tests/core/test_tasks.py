"""Due work: what a job may carry, that the worker runs it, and that a dead worker's jobs come back."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from sandan.core import tasks


def ours() -> dict[str, object]:
    """The tasks of this house by name."""
    return {name: task.func for name, task in app.tasks.items() if task.func.__module__.startswith("sandan.")}


def defer(name: str, timestamp: int) -> int:
    """One job in the queue."""
    return app.configure_task(name).defer(timestamp=timestamp)


class TestArguments:
    def test_are_ids_and_times_only(self) -> None:
        """R042 G2: a queue is readable by whoever runs the database, so no word about a person may lie in it."""
        wrong = [
            f"{name}({parameter})"
            for name, function in ours().items()
            for parameter in inspect.signature(function).parameters.values()  # type: ignore[arg-type]
            if parameter.name not in {"context", "timestamp"}
            and not (parameter.name.endswith("_id") and parameter.annotation is int)
        ]
        assert ours()
        assert wrong == []


class TestDue:
    def test_runs_at_its_times_one_at_a_time(self) -> None:
        periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
        assert periodic["core.tasks.seal"] == "* * * * * */5"
        assert app.tasks["core.tasks.seal"].lock == app.tasks["core.tasks.seal"].queueing_lock == "core.tasks.seal"

    @pytest.mark.parametrize(
        ("name", "clock"),
        [
            ("orders.tasks.forget", "03:23"),  # at night
            ("places.tasks.forget_drafts", "04:40"),
            ("core.tasks.tidy", "04:41"),
        ],
    )
    def test_means_the_local_clock(self, name: str, clock: str) -> None:
        (periodic,) = [task for task in app.periodic_registry.periodic_tasks.values() if task.task.name == name]
        at = periodic.croniter.get_next(ret_type=float, start_time=timezone.now().timestamp())
        assert f"{timezone.localtime(datetime.fromtimestamp(at, UTC)):%H:%M}" == clock

    def test_changes_official_codes_in_the_first_minute_of_the_day_or_as_soon_as_it_runs(self) -> None:
        """A tick that a switched-off machine missed is not made up for; and what waits for the orders goes on soon."""
        periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
        assert periodic["places.tasks.apply_areas"] == "* * * * *"

    def test_leaves_the_function_to_be_called_as_it_is(self) -> None:
        def work() -> int:
            return 7

        assert tasks.due("* * * * *")(work)() == 7


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """No job before and none after: Django's flush does not know tables that are not its own."""
    empty()
    yield
    empty()


def empty() -> None:
    """Forget all jobs and workers."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.mark.usefixtures("empty_queue")
class TestRunWorker:
    def test_works_on_what_is_waiting_and_keeps_no_finished_job(self) -> None:
        defer("core.tasks.seal", 1)
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")
        assert list(ProcrastinateJob.objects.filter(task_name="core.tasks.seal", queue_name="default")) == []


@pytest.mark.usefixtures("empty_queue")
class TestRescue:
    def test_gives_back_the_job_of_a_worker_that_died(self) -> None:
        job = defer("core.tasks.seal", 1)
        with connection.cursor() as cursor:
            silent = timezone.now() - timedelta(minutes=5)
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [silent])
            worker = cursor.fetchone()[0]
            cursor.execute("SELECT * FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        assert ProcrastinateJob.objects.get(pk=job).status == "doing"
        defer("core.tasks.seal", 2)  # the next one waits already: both cannot, and one is enough
        defer("core.tasks.rescue", 1)
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        assert not ProcrastinateJob.objects.filter(pk=job, status="doing").exists()


@pytest.mark.usefixtures("empty_queue")
class TestTidy:
    def test_forgets_what_failed_long_ago(self) -> None:
        old = defer("core.tasks.seal", 1)
        with connection.cursor() as cursor:
            fail = "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s"
            cursor.execute(fail, [old])
            cursor.execute("UPDATE procrastinate_events SET at = %s", [timezone.now() - timedelta(days=15)])
            new = defer("core.tasks.seal", 2)
            cursor.execute(fail, [new])
        defer("core.tasks.tidy", 1)
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        assert list(ProcrastinateJob.objects.filter(status="failed").values_list("pk", flat=True)) == [new]


@pytest.mark.django_db
class TestLastHeartbeat:
    def test_is_none_where_no_worker_ever_ran(self) -> None:
        assert tasks.last_heartbeat() is None

    def test_is_the_newest_of_all_workers(self) -> None:
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s), (%s)", [now - timedelta(1), now]
            )
        assert tasks.last_heartbeat() == now
