"""What Prometheus reads: requests counted by all web processes, and the state of the business from the database.

No label names a person, an order or a place: states, ways out of the house and pages of the program only.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sandan.core import chain, health, meters, tasks
from sandan.notices.models import UNDER_WAY, Delivery, Notice
from sandan.orders.models import Order


def text() -> bytes:
    """All figures in Prometheus' text form; with several web processes their counts are added up."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(meters.REQUESTS)
    registry.register(Business(timezone.now()))
    return generate_latest(registry)


class Business(Collector):
    """The figures that the database knows, at one moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """Orders, messages, the journal, jobs, the worker, the disk."""
        yield _by("sandan_orders_open", "Open orders by state", "state", _open_orders())
        yield _one("sandan_orders_late", "Open orders past their deadline", _late(self.at))
        yield _by("sandan_deliveries_waiting", "Messages on their way, by channel", "channel", _waiting())
        yield _one("sandan_notices_unplanned", "Notices without a way out of the house yet", _unplanned())
        yield _one("sandan_journal_unsealed_seconds", "Age of the oldest unsealed journal line", self._unsealed())
        yield _by("sandan_jobs", "Due work by state", "status", _jobs())
        yield _one("sandan_worker_silent_seconds", "Since a worker was last heard; -1: never", self._silent())
        yield _one("sandan_backup_seconds", "Since the last backup made from here; -1: never", self._since_backup())
        yield _one("sandan_disk_free_bytes", "Room on the disk of SANDAN_HOME", shutil.disk_usage(settings.HOME).free)

    def _unsealed(self) -> float:
        oldest = chain.oldest_unsealed()
        return max(0.0, (self.at - oldest).total_seconds()) if oldest else 0.0

    def _since_backup(self) -> float:
        made = health.last_backup()
        return max(0.0, (self.at - made).total_seconds()) if made else -1.0

    def _silent(self) -> float:
        heard = tasks.last_heartbeat()
        return max(0.0, (self.at - heard).total_seconds()) if heard else -1.0


def _open_orders() -> dict[str, int]:
    found = Order.objects.filter(is_open=True).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(found)


def _late(at: datetime) -> int:
    return Order.objects.filter(is_open=True, due_at__lt=at).count()


def _waiting() -> dict[str, int]:
    found = Delivery.objects.filter(state__in=UNDER_WAY).order_by().values_list("channel").annotate(count=Count("pk"))
    return dict(found)


def _unplanned() -> int:
    return Notice.objects.filter(is_unplanned=True).count()


def _jobs() -> dict[str, int]:
    return dict(ProcrastinateJob.objects.order_by().values_list("status").annotate(count=Count("pk")))


def _by(name: str, words: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, count in sorted(counts.items()):
        family.add_metric([key], count)
    return family


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
