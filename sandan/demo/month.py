"""Thirty simulated days: every order goes through the real actions, at the simulated hour."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandan.core import chain
from sandan.core.errors import Refused
from sandan.demo import course, messages, placing, scenes
from sandan.demo.stage import Event, Stage
from sandan.demo.world import World
from sandan.orders import actions
from sandan.orders.actions import duty_paging, whistle_clock
from sandan.orders.models import Order

ZONE = ZoneInfo("Asia/Shanghai")
DAYS, ORDERS = 30, 3300
TICK = timedelta(minutes=20)
TWINS = 0.05
MORNING = 10  # when the street looks at what lies about
BY_HOUR = (1, 0, 0, 0, 0, 1, 3, 8, 10, 9, 8, 7, 5, 5, 7, 8, 8, 8, 9, 10, 8, 5, 3, 1)  # when people write


class Month(Stage):
    """The simulation of one month."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, course.offer_if_idle)
        self.has_scenes = bool(world.tour)

    def run(
        self,
        told: Callable[[float], None],
        since: datetime | None = None,
        scale: float = 1.0,
        reached: Callable[[datetime], None] = lambda _at: None,
    ) -> None:
        """Play the month, or what is left of it `since` then; `told` hears the share done, `reached` the hour."""
        whole = timedelta(days=DAYS)
        start = since or self.now - whole
        if since:
            self._go_on(start)
        self._plan_orders(start, round(ORDERS * scale * ((self.now - start) / whole)))
        if self.has_scenes:
            scenes.plan(self)
        tick_at = start
        while self.heap:
            at, _, event = heapq.heappop(self.heap)
            while tick_at < at:
                self._tick(tick_at)
                if tick_at.astimezone(ZONE).hour == MORNING and tick_at.minute < TICK.seconds // 60:
                    self._happen(course.give_back, tick_at)
                reached(tick_at)
                tick_at += TICK
            self._happen(event, at)
            told(max((at - start) / max(self.now - start, TICK), 0.0))
        self._tick(self.now)
        chain.seal()
        told(1.0)

    def _happen(self, event: Event, at: datetime) -> None:
        try:
            event(self, at)
        except Refused as refusal:
            name = type(refusal).__name__
            self.refused[name] = self.refused.get(name, 0) + 1

    def _tick(self, at: datetime) -> None:
        """The clocks' own steps; most of the time nothing is due, which one small statement tells."""
        if Order.objects.open().filter(next_at__lte=at).exists():
            actions.tick(at=at)
        whistle_clock.tick(at=at)
        duty_paging.page_due(at=at)

    def _go_on(self, at: datetime) -> None:
        """The orders that were under way when the month was broken off."""
        for order in Order.objects.open().within(self.world.county.code).select_related("parent").order_by("pk"):
            course.go_on(self, order, at)

    def _plan_orders(self, start: datetime, orders: int) -> None:
        """Every category in turn first, so that each has orders; the rest by how often people write of it."""
        pool = messages.by_category()
        codes = sorted(pool)
        weights = [len(pool[code]) for code in codes]
        drawn = codes * 3 + self.rng.choices(codes, weights, k=max(orders - 3 * len(codes), 0))
        for code in drawn[:orders]:
            day = start + self.rng.random() * (self.now - start)
            local = day.astimezone(ZONE).replace(hour=self.rng.choices(range(24), BY_HOUR)[0], minute=0)
            at = local + timedelta(minutes=self.rng.randrange(60), seconds=self.rng.randrange(60))
            self.plan(max(at, start), _arrival(self.rng.choice(pool[code])))


def _arrival(message: messages.Message) -> Event:
    def arrive(month: Stage, at: datetime) -> None:
        building = month.world.a_building()
        order = placing.place(month, message, building, at)
        course.begin(month, order, message, at)
        if month.rng.random() < TWINS and message.category[:2] != "99":
            again = at + timedelta(minutes=month.rng.randrange(8, 90))
            month.plan(again, lambda m, t: course.begin_twin(m, placing.place(m, message, building, t), order, t))

    return arrive
