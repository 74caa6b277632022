"""What is said with each verb when the machine makes a move: drawn at random, sometimes nonsense."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sandan.orders.models import Order
from sandan.orders.models.ladder import UP_REASONS
from tests.factories.orders import a_category
from tests.factories.people import OTHER_COMMUNITY

Make = Callable[[Random, Any, Order], Any]


def one_of(*values: Any) -> Make:
    return lambda rng, _machine, _order: rng.choice(values)


def fixed(value: Any) -> Make:
    return lambda _rng, _machine, _order: value


def a_code(*codes: str) -> Make:
    return lambda rng, _machine, _order: a_category(rng.choice(codes))


def some_names(rng: Random, machine: Any, _order: Order) -> list[Any]:
    cast = machine.cast
    names = [cast.member, cast.second_member, cast.dispatcher, cast.team, cast.unit, cast.grid_worker]
    return rng.choices(names, k=rng.choice([1, 1, 2, 3, 0]))


def a_day(rng: Random, machine: Any, _order: Order) -> Any:
    return machine.now + timedelta(days=rng.choice([1, 2, 3, 30, 95, -1]))


def a_later_day(rng: Random, machine: Any, order: Order) -> Any:
    return (order.due_at or machine.now) + timedelta(hours=rng.choice([1, 2, 5, 24, 900, -1]))


def another(rng: Random, machine: Any, _order: Order) -> Order:
    return machine.one(rng)


def some_parts(rng: Random, _machine: Any, _order: Order) -> list[Any]:
    codes = rng.choices(["0102", "0601", "0601", "0702", "9902"], k=rng.choice([1, 2, 3]))
    return [(a_category(code), f"第{number}件事，请看看。") for number, code in enumerate(codes)]


def somebody_below(rng: Random, machine: Any, _order: Order) -> Any:
    cast = machine.cast
    return rng.choice([None, None, cast.dispatcher, cast.liaison, cast.grid_worker, cast.member])


UP = one_of(*UP_REASONS, "busy")
TEXT = one_of("麻烦看看。", "好了。", "今天来。", "电话 16400001111，找邓秀兰。", "", "𠮷 <b>好</b>")
REASON = one_of("busy", "parts", "not_solved", "no_means")
WORD = one_of("yes", "yes", "yes", "half", "no", "maybe")
STARS = one_of(None, 1, 2, 3, 5, 9)

SAID: dict[str, dict[str, Make]] = {
    "judge": {"category": a_code("0102", "0601", "0601", "0702", "0101", "9901"), "urgency": one_of(1, 1, 2, 3)},
    "file": {"category": a_code("9901", "9902", "0601"), "reply": one_of("", "谢谢您。")},
    "unfile": {},
    "open_up": {"then_best": one_of(True, False)},
    "offer": {"to": some_names},
    "gather": {"to": some_names, "needed": one_of(1, 1, 2, 3, 99), "minutes": one_of(5, 60, 240)},
    "grab": {},
    "accept": {},
    "decline": {"reason": REASON},
    "set_out": {},
    "release": {"reason": REASON},
    "finish": {"work": TEXT},
    "review": {"word": WORD, "satisfaction": STARS, "text": TEXT},
    "hear": {"word": WORD, "channel": one_of("phone", "visit"), "satisfaction": STARS},
    "stand_in": {"word": WORD, "reason": fixed("anonymous")},
    "dissent": {"reason": REASON, "text": TEXT},
    "send_back": {"reason": REASON},
    "call_back": {"is_reached": one_of(True, False, False), "word": one_of("", "yes")},
    "close": {"outcome": fixed("solved")},
    "reopen": {"reason": REASON, "text": TEXT},
    "ask": {"question": TEXT},
    "answer": {"text": TEXT},
    "pause": {"reason": REASON, "until": a_day},
    "resume": {},
    "ledger": {"reason": REASON, "until": a_day},
    "take_up": {},
    "extend": {"reason": REASON, "until": a_later_day, "text": TEXT},
    "escalate": {"reason": UP, "areas": one_of((), (), (OTHER_COMMUNITY,), ("990201001001",))},
    "hand_down": {"reason": REASON, "to": somebody_below},
    "pass_on": {"where": one_of("110", "119", "petition", "mediation", "the moon")},
    "take_back": {"reason": REASON},
    "refuse": {"reason": REASON, "where": TEXT},
    "merge": {"into": another},
    "unmerge": {},
    "split": {"parts": some_parts},
    "withdraw": {},
}
