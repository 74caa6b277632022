"""What the tests of the pages to people on duty share: half past two at night, a burst, turns of the clock."""

from datetime import datetime, timedelta

from sandan.notices.models import Notice
from sandan.orders.actions import duty_paging
from sandan.orders.actions.duty_paging import PAGE_MINUTES
from sandan.orders.models import Duty, Order, Page
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, Cast

NIGHT = MORNING + timedelta(hours=17)  # 02:30
TURN = timedelta(minutes=PAGE_MINUTES)


def on_duty(person: Person, scope: str = COMMUNITY, rank: int = 1, at: datetime = MORNING) -> Duty:
    return Duty.objects.create(
        scope=scope, person=person, rank=rank, from_at=at - timedelta(days=1), to_at=at + timedelta(days=2)
    )


def a_burst(cast: Cast, at: datetime = NIGHT, state: str = S.RECEIVED) -> Order:
    return an_order(cast, state, at=at, urgency=3)


def paged(order: Order) -> list[Person]:
    pages = Page.objects.filter(paging__order=order).select_related("person").order_by("at", "pk")
    return [page.person for page in pages]


def turns(order: Order, count: int, since: datetime = NIGHT) -> datetime:
    """That many turns of the worker, each when it is due; the moment of the last."""
    at = since
    for number in range(count):
        at = since + number * TURN
        duty_paging.page_due(at=at)
    return at


def told(kind: str) -> list[int | None]:
    return sorted(Notice.objects.filter(kind=kind).values_list("person_id", flat=True), key=lambda pk: pk or 0)
