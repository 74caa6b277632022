"""One verb for several orders at a time: each by itself, so that one refusal stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandan.core.errors import Refused
from sandan.orders.actions import giving, standing
from sandan.orders.models import Order
from sandan.people.models import Person

VERBS: dict[str, Callable[..., Order]] = {"open_up": giving.open_up, "resume": standing.resume}  # moves without words


@dataclass(frozen=True)
class Batch:
    """What became of a batch: the orders that moved, and those that did not with the reason in words."""

    done: tuple[Order, ...]
    refused: tuple[tuple[Order, str], ...]


def each(*, verb: str, orders: Sequence[Order], by: Person, at: datetime) -> Batch:
    """Do `verb` (one of VERBS) to every order, each in its own transaction."""
    done: list[Order] = []
    refused: list[tuple[Order, str]] = []
    for order in orders:
        try:
            done.append(VERBS[verb](order=order, by=by, at=at))
        except Refused as refusal:
            refused.append((order, str(refusal)))
    return Batch(tuple(done), tuple(refused))
