"""How a simulated desk judges: mostly it gives the order to somebody, now and then something else."""

from datetime import datetime, timedelta
from typing import Any

from sandan.demo.course.common import asker, desk, fresh
from sandan.demo.course.giving import give
from sandan.demo.messages import Message
from sandan.demo.stage import Stage
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.actions import standing
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person

REPLIES = ("您的事收到了，已经在找人办。", "收到了，今天给您安排。", "看到了，这就问附近能办的人。")


def begin(month: Stage, order: Order, message: Message, at: datetime) -> None:
    """The desk will look at it: soon when it burns, within its limit otherwise, now and then too late."""
    if order.urgency > 1:
        month.in_minutes(at, month.rng.uniform(2, 30), _judge(order, message), "natural")
    else:
        minutes = month.rng.lognormvariate(3.6, 0.8)
        month.in_minutes(at, min(minutes, 600), _judge(order, message))


def begin_twin(month: Stage, order: Order, first: Order, at: datetime) -> None:
    """A second report of the same matter: the desk merges it, or finds the first one already served."""
    month.in_minutes(at, month.rng.uniform(5, 60), lambda m, t: _merge(m, order, first, t))


def _merge(month: Stage, order: Order, first: Order, at: datetime) -> None:
    target = fresh(first)
    if target.is_open:
        actions.merge(order=order, into=target, by=desk(month, order), at=at)
        if month.rng.random() < 0.06:
            actions.unmerge(order=order, by=desk(month, order), at=at + timedelta(minutes=3))
    else:
        category = target.category or month.world.categories["9904"]
        actions.judge(order=order, category=category, urgency=1, by=desk(month, order), at=at)
        give(month, fresh(order), at)


def _judge(order: Order, message: Message) -> Any:
    def judge(month: Stage, at: datetime) -> None:
        current, rng = fresh(order), month.rng
        if current.state != S.RECEIVED:
            return
        by, category = desk(month, current), month.world.categories[message.category]
        if not category.is_request:
            actions.file(order=current, category=category, by=by, at=at, reply="谢谢您，收到了。")
            return
        if rng.random() < 0.04:
            actions.ask(order=current, question="方便说一下是几号楼几单元吗？", by=by, at=at)
            month.in_minutes(at, rng.lognormvariate(5, 1), lambda m, t: _answer(m, order, message, t))
            return
        _judged(month, current, category, message, by, at)

    return judge


def _answer(month: Stage, order: Order, message: Message, at: datetime) -> None:
    if month.rng.random() < 0.85:
        actions.answer(order=order, text="就在楼门口这边，一来就看见。", by=asker(order), at=at)
        month.in_minutes(at, 20, _judge(order, message))


def _judged(month: Stage, order: Order, category: Category, message: Message, by: Person, at: datetime) -> None:
    """Most are given to somebody; a few are refused, passed on, split, escalated or put on the ledger."""
    rng = month.rng
    if rng.random() < 0.015:
        actions.refuse(order=order, reason="not_ours", where="这事归 12315 管，请打 12315。", by=by, at=at)
        return
    if message.urgency == 3 and category.emergency_route and rng.random() < 0.5:
        where = next((n for n in ("110", "119", "120") if n in category.emergency_route), "110")
        actions.pass_on(order=order, where=where, by=by, at=at, text=f"已请您直接打 {where}，我们也报了过去。")
        return
    others = [code for code in message.codes[1:] if code in month.world.categories]
    if others and rng.random() < 0.4:
        parts = [(category, "第一件：" + order.masked[:60])]
        parts += [(month.world.categories[code], "另一件：" + order.masked[:60]) for code in others]
        for born in actions.split(order=order, parts=parts, by=by, at=at):
            give(month, fresh(born), at)
        return
    judged = actions.judge(
        order=order, category=category, urgency=message.urgency, by=by, at=at, reply=rng.choice(REPLIES)
    )
    if not _exceptions(month, judged, by, at):
        give(month, fresh(judged), at)


def _exceptions(month: Stage, order: Order, by: Person, at: datetime) -> bool:
    rng = month.rng
    if rng.random() < 0.01:
        until = at + timedelta(days=rng.randrange(10, 60))
        actions.ledger(
            order=order,
            reason=rng.choice(standing.LEDGER_REASONS),
            until=until,
            by=by,
            at=at,
            text="要立项才能办，先记上。",
        )
        return True
    if rng.random() < 0.02:
        actions.escalate(order=order, reason=rng.choice(("no_right", "no_means", "several_areas")), by=by, at=at)
        month.in_minutes(at, rng.uniform(30, 300), lambda m, t: _hand_down(m, order, by, t))
        return True
    return False


def _hand_down(month: Stage, order: Order, to: Person, at: datetime) -> None:
    current = fresh(order)
    actions.hand_down(order=current, reason="means_given", to=to, by=current.owner, at=at)
    give(month, fresh(order), at)
