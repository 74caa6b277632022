"""Due work of the orders: what the clocks do, and drafts that nobody finished."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.orders import actions
from sandan.orders.actions import drafting, following, forgetting


@due("* * * * * */10")
def tick() -> None:
    """Windows, offers, pauses and deadlines that have come due."""
    actions.tick(at=timezone.now())


@due("7 * * * *")
def sweep() -> None:
    """Drafts whose day is over, with their photos; codes and wrong tries that count no longer."""
    now = timezone.now()
    drafting.sweep(at=now)
    following.sweep(at=now)


@due("23 3 * * *")
def forget() -> None:
    """Contacts and pictures whose time is over."""
    forgetting.forget(at=timezone.now())
