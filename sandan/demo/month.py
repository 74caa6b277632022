"""Thirty simulated days: every order goes through the real actions, at the simulated hour."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sandan.core import chain
from sandan.core.errors import Refused
from sandan.demo import course, messages
from sandan.demo.stage import Event, Stage
from sandan.demo.world import World
from sandan.orders import actions
from sandan.orders.actions import Contact, Ground, Sending
from sandan.orders.models import Order
from sandan.places.models import Building

ZONE = ZoneInfo("Asia/Shanghai")
DAYS, ORDERS = 30, 3200
TICK = timedelta(minutes=20)
BY_HOUR = (1, 0, 0, 0, 0, 1, 3, 8, 10, 9, 8, 7, 5, 5, 7, 8, 8, 8, 9, 10, 8, 5, 3, 1)  # when people write
CHANNELS = ("web", "wechat", "phone", "phone", "meeting", "group", "board", "visit")


class Month(Stage):
    """The simulation of one month."""

    def __init__(self, world: World, now: datetime) -> None:
        super().__init__(world, now, course.offer_if_idle)

    def run(self, told: Callable[[float], None], since: datetime | None = None, scale: float = 1.0) -> None:
        """Play the month through, or what is left of it `since` then; `told` hears the share done, 0 to 1."""
        whole = timedelta(days=DAYS)
        start = since or self.now - whole
        self._plan_orders(start, round(ORDERS * scale * ((self.now - start) / whole)))
        tick_at = start
        while self.heap:
            at, _, event = heapq.heappop(self.heap)
            while tick_at < at:
                actions.tick(at=tick_at)
                tick_at += TICK
            try:
                event(self, at)
            except Refused as refusal:
                name = type(refusal).__name__
                self.refused[name] = self.refused.get(name, 0) + 1
            told((at - start) / max(self.now - start, TICK))
        actions.tick(at=self.now)
        chain.seal()
        told(1.0)

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
        building = month.rng.choice(month.world.buildings)
        order = place(month, message, building, at)
        course.begin(month, order, message, at)
        if month.rng.random() < 0.05 and message.category[:2] != "99":
            again = at + timedelta(minutes=month.rng.randrange(8, 90))
            month.plan(again, lambda m, t: course.begin_twin(m, place(m, message, building, t), order, t))

    return arrive


def place(month: Stage, message: messages.Message, building: Building, at: datetime) -> Order:
    """One message placed from a building, named or not, by the resident or by the desk that took the call."""
    rng, community = month.rng, building.estate.community
    words, door = messages.where(building, rng)
    channel = message.channel if rng.random() < 0.7 else rng.choice(CHANNELS)
    named = rng.random() < 0.85
    contact = Contact(course.caller(rng), course.phone(rng), rng.random() < 0.92) if named else Contact()
    ground = Ground(
        community=community, grid=building.grid_id or "", micro=building.micro_id or "", estate=building.estate,
        building=building.label, door=door, lon=building.lon, lat=building.lat, confidence=0.9,
    )  # fmt: skip
    sending = Sending(
        key=UUID(int=rng.getrandbits(128), version=4), channel=channel, text=message.at(words), ground=ground,
        contact=contact, urgency=message.urgency,
    )  # fmt: skip
    staffed = channel in ("phone", "meeting", "visit")
    by = rng.choice(month.world.desks[community.code]) if staffed else None
    placed = actions.place(sending=sending, by=by, at=at)
    month.placed += 1
    if rng.random() < 0.25:
        actions.add_photo(target=placed.order, stage="report", content=rng.choice(month.world.pictures), by=None, at=at)
    return placed.order
