"""How the orders of a month that was broken off go on."""

from datetime import datetime

from sandan.demo import messages
from sandan.demo.course import giving, judging, serving
from sandan.demo.stage import Stage
from sandan.orders.models import Order
from sandan.orders.workflow import HELD, S


def go_on(month: Stage, order: Order, at: datetime) -> None:
    """Plan the next step of an open order of the month; a visitor's own order is left alone."""
    message = messages.of_key(order.key)
    if message is None and (order.parent is None or messages.of_key(order.parent.key) is None):
        return
    if message and order.state == S.RECEIVED:
        month.in_minutes(at, month.rng.uniform(5, 60), judging.judge(order, message))
    elif message and order.state == S.ASKED:
        month.in_minutes(at, month.rng.uniform(60, 400), judging.answer(order, message))
    elif order.state in STEPS:
        minutes, step = STEPS[order.state]
        month.in_minutes(at, month.rng.uniform(0.3, 1) * minutes, lambda m, t: step(m, order, t))
    elif order.state in HELD or order.state == S.PAUSED:
        _serve_on(month, order, at)


def _serve_on(month: Stage, order: Order, at: datetime) -> None:
    person = month.world.persons.get(order.holder_id or 0)
    if person and order.state == S.TAKEN:
        serving.work(month, order, person, at)
    elif person:
        month.in_minutes(at, month.rng.uniform(30, 300), lambda m, t: serving.finish(m, order, person, t))


def _hand_down(month: Stage, order: Order, at: datetime) -> None:
    judging.hand_down(month, order, month.world.desks[order.community_id][0], at)


STEPS = {
    S.JUDGED: (60, giving.offer_if_idle),
    S.REOPENED: (60, giving.offer_if_idle),
    S.OPEN: (20, giving.grab),
    S.OFFERED: (30, giving.respond),
    S.SERVED: (300, lambda month, order, at: serving.call(month, order, 1, at)),
    S.REVIEWED: (300, serving.close),
    S.ESCALATED: (300, _hand_down),
}
