"""What the desk does in one go: judge and give out, ring the asker and keep his word."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sandan.intake.models import Category
from sandan.orders.actions import closing, consenting, giving, judging
from sandan.orders.actions.placing import Ground
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Team, Unit


@transaction.atomic
def judge_and_open(
    *, order: Order, category: Category, urgency: int, by: Person, at: datetime, ground: Ground | None = None,
    reply: str = "", then_best: bool = False,
) -> Order:  # fmt: skip
    """Judge and open the grab window; nothing is kept where the category is not for grabbing."""
    judged = judging.judge(order=order, category=category, urgency=urgency, by=by, at=at, ground=ground, reply=reply)
    return giving.open_up(order=judged, by=by, at=at, then_best=then_best)


@transaction.atomic
def judge_and_offer(
    *, order: Order, category: Category, urgency: int, to: Sequence[Person | Team | Unit], by: Person, at: datetime,
    ground: Ground | None = None, reply: str = "",
) -> Order:  # fmt: skip
    """Judge and offer to the names in their order; nothing is kept where nobody was named."""
    judged = judging.judge(order=order, category=category, urgency=urgency, by=by, at=at, ground=ground, reply=reply)
    return giving.offer(order=judged, to=to, by=by, at=at)


@transaction.atomic
def judge_and_gather(
    *, order: Order, category: Category, urgency: int, to: Sequence[Person | Team | Unit], needed: int, minutes: int,
    by: Person, at: datetime, ground: Ground | None = None, reply: str = "",
) -> Order:  # fmt: skip
    """Judge and ask all the names at once; nothing is kept where they are too few."""
    judged = judging.judge(order=order, category=category, urgency=urgency, by=by, at=at, ground=ground, reply=reply)
    return consenting.gather(order=judged, to=to, needed=needed, minutes=minutes, by=by, at=at)


@transaction.atomic
def called(
    *, order: Order, is_reached: bool, channel: str, by: Person, at: datetime, word: str = "",
    satisfaction: int | None = None, text: str = "",
) -> Order:  # fmt: skip
    """One call-back with what it brought: no answer is a try; a word before review is heard; a no starts anew.

    A word is needed where the asker was reached before his review.
    """
    if is_reached and order.state == S.SERVED:
        return closing.hear(
            order=order, word=word, channel=channel, by=by, at=at, satisfaction=satisfaction, text=text
        )  # fmt: skip
    if is_reached and word == "no":
        closing.call_back(
            order=order, is_reached=True, channel=channel, word=word, satisfaction=satisfaction, by=by, at=at
        )  # fmt: skip
        return closing.dissent(
            order=order, reason="not_solved", by=by, at=at, satisfaction=satisfaction, text=text
        )  # fmt: skip
    return closing.call_back(
        order=order, is_reached=is_reached, channel=channel, word=word, satisfaction=satisfaction, by=by, at=at
    )  # fmt: skip
