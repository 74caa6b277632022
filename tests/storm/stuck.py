"""What is left after a soak, told by a process of its own that gives the worker time: python -m tests.storm.stuck"""

import json
import sys
import time
from datetime import timedelta

import django

PATIENCE = 90


def left() -> dict[str, int]:
    """Orders in all; jobs that have run for a minute, lines nobody sealed, open orders that nobody holds."""
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

    from sandan.core import chain
    from sandan.orders.models import Order

    minute_ago = timezone.now() - timedelta(minutes=1)
    running = ProcrastinateJob.objects.filter(status="doing").values("id")
    stuck = ProcrastinateEvent.objects.filter(job__in=running, type="started", at__lt=minute_ago)
    open_orders = Order.objects.filter(is_open=True)
    return {
        "orders": Order.objects.count(), "stuck": stuck.count(), "unsealed": chain.audit().unsealed,
        "unowned": open_orders.exclude(custody__to_at=None, custody__isnull=False).count(),
    }  # fmt: skip


if __name__ == "__main__":
    django.setup()
    until = time.monotonic() + PATIENCE
    while (found := left()) and found["unsealed"] and time.monotonic() < until:
        time.sleep(1)
    sys.stdout.write(json.dumps(found))
