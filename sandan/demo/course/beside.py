"""Now and then, where the demo's logins are: a whistle to departments, a helper for the holder, word to a partner."""

from datetime import datetime
from random import Random

from sandan.core.errors import Refused
from sandan.demo.course.common import desk
from sandan.demo.stage import Event, Stage
from sandan.intake.models import Category
from sandan.orders.actions import joint, partner, whistle
from sandan.orders.models import Call, Order, Sending, Share
from sandan.orders.queries import partner as partners
from sandan.orders.queries import whistle as queries
from sandan.people.models import Person

WHISTLES, HELPERS, SENDINGS = 0.10, 0.25, 0.32  # of the orders set out for at home, one after the other
ASKS = ("请来看看归谁管，怎么清。", "请来现场一起定个办法。", "请派人来处理，居民等着。")
DONE = ("到现场看过，清理了。", "和社区一起定了办法，当天办完。", "处理好了，居民认可。")
HELP = ("搬东西，递工具。", "一起清了堆物。", "帮着扶梯子，收拾了现场。")
EXCERPTS = ("楼道公共部位有问题，请派人看一看。", "院里的设施坏了，请来修一下。", "请安排人手，和社区一起办。")


def maybe(month: Stage, order: Order, lead: Person, at: datetime) -> None:
    """By lot of the order's own key: the month's other draws stay what they are."""
    if order.community_id != month.world.home or order.privacy == Category.Privacy.SEALED:
        return
    rng = Random(order.key.int)
    try:
        _one(month, order, lead, rng, at)
    except Refused as refusal:  # what stands beside an order never holds it up
        name = type(refusal).__name__
        month.refused[name] = month.refused.get(name, 0) + 1


def _one(month: Stage, order: Order, lead: Person, rng: Random, at: datetime) -> None:
    draw = rng.random()
    if draw < WHISTLES:
        _whistle(month, order, rng, at)
    elif draw < HELPERS:
        _help(month, order, lead, rng, at)
    elif draw < SENDINGS:
        _send(month, order, rng, at)


def _whistle(month: Stage, order: Order, rng: Random, at: datetime) -> None:
    """One or two departments; most come, some say no, some say nothing."""
    found = list(queries.callable_units(order.community_id, at))
    first = [unit for unit in queries.suggested(order) if unit in found]
    units = list(dict.fromkeys([*first[:1], *rng.sample(found, min(1, len(found)))]))
    if not units:
        return
    caller = month.world.tour.get("demo.leader") or desk(month, order)
    blown = whistle.blow(order=order, units=units, ask=rng.choice(ASKS), by=caller, at=at)
    for call in blown.calls.select_related("whistle").order_by("pk"):
        month.in_minutes(at, rng.uniform(10, 400), _answered(call, rng))


def _answered(call: Call, rng: Random) -> Event:
    def answer(month: Stage, at: datetime) -> None:
        clerks, draw = month.world.clerks.get(call.unit_id) or [], rng.random()
        if not clerks or draw > 0.9:
            return
        by = clerks[0]
        if draw > 0.78:
            whistle.decline(call=call, reason=rng.choice(whistle.NO_REASONS), by=by, at=at)
        else:
            whistle.come(call=call, by=by, at=at)
            month.in_minutes(at, rng.uniform(20, 120), lambda _m, then: _came(call, by, rng, then))

    return answer


def _came(call: Call, by: Person, rng: Random, at: datetime) -> None:
    whistle.arrive(call=call, by=by, at=at)
    whistle.report(call=call, text=rng.choice(DONE), by=by, at=at)
    whistle.judge(call=call, was_needed=rng.random() < 0.85, was_clear=rng.random() < 0.9, by=by, at=at)
    whistle.rate(call=call, stars=rng.choice((5, 5, 4, 4, 3, 2)), by=call.whistle.by, at=at)


def _help(month: Stage, order: Order, lead: Person, rng: Random, at: datetime) -> None:
    """Somebody of the community lends a hand, keeps a record, and gets a share."""
    others = [one for one in month.world.helpers.get(order.community_id, []) if one.pk != lead.pk]
    if not others:
        return
    helper = rng.choice(others)
    share = joint.ask(order=order, who=helper, by=lead, at=at, goes_there=rng.random() < 0.5)
    month.in_minutes(at, rng.uniform(2, 20), lambda _m, then: _helped(share, helper, lead, rng, then), "natural")


def _helped(share: Share, helper: Person, lead: Person, rng: Random, at: datetime) -> None:
    joint.join(share=share, by=helper, at=at)
    joint.record(share=share, text=rng.choice(HELP), pictures=[], by=helper, at=at)
    joint.agree(share=share, per_cent=rng.choice((20, 30, 40, 50)), by=lead, at=at)


def _send(month: Stage, order: Order, rng: Random, at: datetime) -> None:
    found = partners.partners_of(order.community_id, at)
    if not found:
        return
    sending = partner.send(
        order=order, unit=rng.choice(found), text=rng.choice(EXCERPTS), by=desk(month, order), at=at
    )  # fmt: skip
    if rng.random() < 0.7:
        month.in_minutes(at, rng.uniform(20, 300), lambda m, then: _taken(m, sending, rng, then))


def _taken(month: Stage, sending: Sending, rng: Random, at: datetime) -> None:
    clerks = month.world.clerks.get(sending.unit_id)
    if not clerks:
        return
    partner.accept(sending=sending, by=clerks[0], at=at)
    if rng.random() < 0.7:
        partner.finish(sending=sending, text=rng.choice(DONE), pictures=[], by=clerks[0], at=at)
