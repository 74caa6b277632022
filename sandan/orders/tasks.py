"""Due work of the orders: what the clocks do, and drafts that nobody finished."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.orders import actions


@due("* * * * * */10")
def tick() -> None:
    """Windows, offers, pauses and deadlines that have come due."""
    actions.tick(at=timezone.now())
