"""What the tests of the ladder share."""

from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import Course, a_course
from tests.factories.people import Cast


def path(order: Order) -> list[tuple[str, int, int, str]]:
    return [(s.verb, s.from_level, s.to_level, s.reason) for s in order.steps.order_by("pk")]


def in_the_grid(cast: Cast, **facts: object) -> Course:
    return a_course(cast, S.TAKEN, helper=cast.grid_worker, **facts)
