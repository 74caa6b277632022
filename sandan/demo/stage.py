"""The stage of the simulated month: the clock, the heap of things to happen, the people."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.demo.world import World
from sandan.orders.models import Order

Event = Callable[["Stage", datetime], None]


@dataclass
class Stage:
    """Where the month is played: `reoffer` is how an order that lies about is offered again."""

    world: World
    now: datetime
    reoffer: Callable[["Stage", Order, datetime], None]
    heap: list[tuple[datetime, int, Event]] = field(default_factory=list)
    placed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    _serial: "count[int]" = field(default_factory=count)

    @property
    def rng(self) -> Random:
        return self.world.rng

    def fresh(self, order: Order) -> Order:
        """The order as it stands now, with those around it from memory; one statement."""
        return self.world.dress(Order.objects.get(pk=order.pk))

    def plan(self, at: datetime, event: Event) -> None:
        """Let something happen then; what would lie after the month's end is left to the visitor."""
        if at <= self.now:
            heapq.heappush(self.heap, (at, next(self._serial), event))

    def in_minutes(self, at: datetime, minutes: float, event: Event, kind: clock.Kind = "working") -> None:
        """Let something happen after that many minutes of the working or the natural clock."""
        self.plan(clock.add_minutes(calendar(), at, minutes, kind), event)

    def offer_later(self, at: datetime, minutes: float, order: Order) -> None:
        """After a while the desk offers the order, if it still lies there."""
        self.in_minutes(at, minutes, lambda stage, then: stage.reoffer(stage, order, then))
