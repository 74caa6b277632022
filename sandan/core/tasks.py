"""Due work in the same database: rooms register it in their tasks.py, the worker of `sandan serve` runs it.

A job's arguments are ids and times only. Due work takes none: it claims its rows itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateWorker
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from sandan.core import chain, retention

log = structlog.get_logger("sandan.tasks")

Work = Callable[[], object]
KEPT_FAILED_HOURS = 14 * 24
CONCURRENCY = 8  # jobs at a time in one worker process; each holds at most one connection


def due(cron: str) -> Callable[[Work], Work]:
    """Run a function without arguments on a cron line: five fields, a sixth one for seconds. Never twice at a time.

    Hours are those of the local clock.
    """

    def register(work: Work) -> Work:
        name = f"{work.__module__.removeprefix('sandan.')}.{work.__name__}"

        @app.periodic(cron=_in_utc(cron), periodic_id=name)
        @app.task(name=name, lock=name, queueing_lock=name)
        def run(timestamp: int) -> None:  # noqa: ARG001 (procrastinate gives it by name)
            work()

        return work

    return register


def _in_utc(cron: str) -> str:
    """A line of the local clock as the queue reads it, which counts in UTC; China knows no summer time."""
    minute, hour, *others = cron.split()
    if not hour.isdigit():
        return cron
    offset = timezone.get_default_timezone().utcoffset(datetime(2026, 1, 1))  # noqa: DTZ001 (the zone's own clock)
    assert offset is not None
    return " ".join((minute, str((int(hour) - offset // timedelta(hours=1)) % 24), *others))


@due("* * * * * */5")
def seal() -> None:
    """Seal the journal's lines of finished transactions into the next block."""
    chain.seal()


@app.periodic(cron="* * * * *")
@app.task(name="core.tasks.rescue", queueing_lock="core.tasks.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 (given by name)
    """Give jobs of a worker that died back to the others; without this their locks would hold for ever."""
    for job in await context.app.job_manager.get_stalled_jobs():
        log.warning("job of a dead worker runs again", job=job.id, task=job.task_name)
        try:
            await context.app.job_manager.retry_job(job)
        except UniqueViolation:  # the next one of its kind already waits and will do the same
            await context.app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


@app.periodic(cron=_in_utc("41 4 * * *"))
@app.task(name="core.tasks.tidy", queueing_lock="core.tasks.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 (given by name)
    """Forget jobs that failed long ago: work due every few seconds leaves tens of thousands on a bad day."""
    await context.app.job_manager.delete_old_jobs(KEPT_FAILED_HOURS, include_failed=True, include_aborted=True)


@due("37 3 * * *")
def forget() -> None:
    """Looks of last year and sessions that are over, with proof."""
    retention.run(retention.OWN, at=timezone.now())


def run_worker() -> None:
    """Work until told to stop by SIGINT or SIGTERM; jobs in hand have twenty seconds to end."""
    connector = DjangoConnector().get_worker_connector()  # an own connection: Django's cannot wait for news
    with app.replace_connector(connector) as working:
        working.run_worker(
            name="sandan", concurrency=CONCURRENCY, delete_jobs="successful", shutdown_graceful_timeout=20
        )


def last_heartbeat() -> datetime | None:
    """When a worker last said it is alive; None when none has."""
    return ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
