"""Due work of the orders: what the clocks do, and drafts that nobody finished."""

from django.utils import timezone

from sandan.core import retention, tallies
from sandan.core.tasks import due
from sandan.notices.actions import delivering
from sandan.notices.kinds import Lane
from sandan.orders import actions
from sandan.orders.actions import (
    contacts,
    drafting,
    duty_paging,
    following,
    forgetting,
    moving,
    partner,
    resident_data,
    whistle_clock,
)


@due("* * * * * */10")
def tick() -> None:
    """Windows, offers, pauses and deadlines that have come due."""
    actions.tick(at=timezone.now())


@due("* * * * * */20")
def whistles() -> None:
    """Called units that do not answer, whistles and sendings whose order or time is over."""
    now = timezone.now()
    whistle_clock.tick(at=now)
    partner.sweep(at=now)


@due("* * * * * */3")
def page() -> None:
    """突发: the next of those on duty, until one answers."""
    duty_paging.page_due(at=timezone.now())


@due("* * * * * */5")
def follow_ground() -> None:
    """Open orders go where their ground went."""
    moving.settle(at=timezone.now())


@due("7 * * * *")
def sweep() -> None:
    """Drafts whose day is over, with their photos; codes, wrong tries and tallies that count no longer."""
    now = timezone.now()
    drafting.sweep(at=now)
    following.sweep(at=now)
    tallies.sweep(at=now)


@due("23 3 * * *")
def forget() -> None:
    """Contacts, pictures, callers whose time is over, and what residents wished gone; each with its proof."""
    forgetting.forget(at=timezone.now())
    retention.run([resident_data.WISHES], at=timezone.now())


@due("* * * * * */2")
def send_at_once() -> None:
    """Pages and codes; slow news never stands before them."""
    delivering.run(book=contacts.Book(), lanes=(Lane.PAGE, Lane.CODE), clock=timezone.now)


@due("* * * * * */5")
def send_news() -> None:
    """Everything else that goes out of the house."""
    delivering.run(book=contacts.Book(), lanes=(Lane.PROGRESS,), clock=timezone.now)
