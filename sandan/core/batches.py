"""Due work in small steps: a few rows in a transaction, claimed without waiting for whoever has one of them in hand."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def claimed(rows: QuerySet[M, M], most: int) -> list[M]:
    """Up to `most` of these rows, locked until the transaction ends; what others hold is left for the next run."""
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:most])


def in_steps(step: Callable[[], int], most: int) -> int:
    """Repeat `step`, each time in a transaction of its own, until it finds nothing or has done `most`; how many."""
    done = 0
    while done < most:
        with transaction.atomic():
            found = step()
        if not found:
            break
        done += found
    return done
