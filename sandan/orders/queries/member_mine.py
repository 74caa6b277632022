"""What a member has in hand, what waits for the asker's word, what was done lately; nothing of others."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandan.orders.models import Order
from sandan.orders.queries.rows import Row, board_rows
from sandan.orders.workflow import HELD, STANDING, S
from sandan.people.models import Person

WAITING = (S.SERVED, S.REVIEWED)
LATELY = timedelta(days=30)
MOST_DONE = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """Three lists of rows: in hand (the first due on top), waiting for a word, done in the last thirty days."""

    in_hand: list[Row]
    waiting: list[Row]
    done: list[Row]


def mine(person: Person, at: datetime) -> Mine:
    """Three statements whatever their number."""
    held = Order.objects.open().filter(holder=person, state__in=sorted(HELD | STANDING))
    served = Order.objects.filter(served_by=person).exclude(state__in=sorted(HELD | STANDING))
    waiting = served.filter(state__in=WAITING)
    done = served.filter(touched_at__gte=at - LATELY).exclude(state__in=WAITING)
    return Mine(
        board_rows(held.order_by("due_at", "pk"), at),
        board_rows(waiting.order_by("served_at", "pk"), at),
        board_rows(done.order_by("-touched_at", "-pk")[:MOST_DONE], at),
    )
