"""How a simulated order finds somebody: the grab window, offers, a no, silence."""

from datetime import datetime

from sandan.demo.course.common import REASONS_NO, desk
from sandan.demo.course.serving import work
from sandan.demo.stage import Stage
from sandan.orders import actions, clocks
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.workflow import S
from sandan.people.models import Person, Unit


def give(month: Stage, order: Order, at: datetime) -> None:
    """A grab window where the catalogue allows it, else an offer to the nearest who can or to the department."""
    category, by = order.category, desk(month, order)
    if category and category.may_be_grabbed and order.urgency == 1:
        actions.open_up(order=order, by=by, at=at)
        month.in_minutes(at, month.rng.uniform(2, 42), lambda m, t: grab(m, order, t))
    else:
        _offer(month, order, by, at)


def grab(month: Stage, order: Order, at: datetime) -> None:
    """The first who fits and has a hand free takes it; else the desk looks for somebody later."""
    current = month.fresh(order)
    if current.state == S.OPEN:
        for person in _fitting(month, current)[:4]:
            try:
                actions.grab(order=current, by=person, at=at)
            except actions.NotFitting:
                continue
            work(month, order, person, at)
            return
    month.in_minutes(at, 35, lambda m, t: offer_if_idle(m, order, t))


def _fitting(month: Stage, order: Order) -> list[Person]:
    skills = order.category.skills if order.category else []
    found = month.world.near(order.community_id, skills, order.lon, order.lat)
    return month.rng.sample(found[:8], len(found[:8]))


def _anybody(month: Stage, order: Order) -> list[Person | Unit]:
    """Where nobody has the skill and no department is named, the desk asks whoever is there."""
    there = month.world.helpers.get(order.community_id, [])
    return list(month.rng.sample(there, min(3, len(there))))


def offer_if_idle(month: Stage, order: Order, at: datetime) -> None:
    """Dispatch an order that lies with the desk."""
    current = month.fresh(order)
    if current.state in (S.JUDGED, S.REOPENED):
        _offer(month, current, desk(month, current), at)


def _offer(month: Stage, order: Order, by: Person, at: datetime) -> None:
    """To three names, or to the department whose matter it is; with a no or silence the next is asked."""
    fitting: list[Person | Unit] = list(_fitting(month, order)[:3])
    unit = month.world.units.get(order.category_id or "")
    names = fitting if fitting and order.level < 3 else ([unit] if unit else _anybody(month, order))
    if not names:
        month.in_minutes(at, 600, lambda m, t: offer_if_idle(m, order, t))
        return
    actions.offer(order=order, to=names, by=by, at=at)
    _await(month, order, at)


def _await(month: Stage, order: Order, at: datetime) -> None:
    """Most answer within their time, on the order's own clock."""
    limit, kind = clocks.ANSWER_MINUTES[Urgency(order.urgency)], clocks.kind_of(order)
    month.in_minutes(at, month.rng.uniform(0.05, 1.05) * limit, lambda m, t: respond(m, order, t), kind)


def respond(month: Stage, order: Order, at: datetime) -> None:
    """Whoever is asked says yes, says no, or says nothing."""
    current, rng = month.fresh(order), month.rng
    live = current.offers.select_related("person", "unit").filter(state="sent").first()
    if current.state != S.OFFERED or live is None:
        month.in_minutes(at, 60, lambda m, t: offer_if_idle(m, order, t))
        return
    person = live.person or rng.choice(month.world.clerks[live.unit_id or 0])
    draw = rng.random()
    if draw < 0.8 or live.unit_id:
        actions.accept(order=current, by=person, at=at)
        work(month, order, person, at)
        return
    if draw < 0.92:
        actions.decline(order=current, reason=rng.choice(REASONS_NO), by=person, at=at)
    _await(month, current, at)
