"""One simulated message becomes an order: from whom, through which channel, from which house."""

from datetime import datetime

from sandan.demo import course, messages
from sandan.demo.stage import Stage
from sandan.orders import actions
from sandan.orders.actions import Contact, Ground, Sending
from sandan.orders.models import Order
from sandan.places.models import Building

CHANNELS = ("web", "wechat", "phone", "phone", "meeting", "group", "board", "visit")
STAFFED = ("phone", "meeting", "visit")
NAMED, CALLABLE, PICTURED = 0.85, 0.92, 0.25


def place(month: Stage, message: messages.Message, building: Building, at: datetime) -> Order:
    """One message placed from a building, named or not, by the resident or by the desk that took the call."""
    rng, community = month.rng, building.estate.community
    words, door = messages.where(building, message.grain, rng)
    channel = message.channel if rng.random() < 0.7 else rng.choice(CHANNELS)
    named = rng.random() < NAMED
    contact = Contact(course.caller(rng), course.phone(rng), rng.random() < CALLABLE) if named else Contact()
    ground = Ground(
        community=community, grid=building.grid_id or "", micro=building.micro_id or "", estate=building.estate,
        building=building.label, door=door, lon=building.lon, lat=building.lat, confidence=0.9,
    )  # fmt: skip
    sending = Sending(
        key=message.key(rng), channel=channel, text=message.at(words), ground=ground, contact=contact,
        urgency=message.urgency,
    )  # fmt: skip
    by = rng.choice(month.world.desks[community.code]) if channel in STAFFED else None
    placed = actions.place(sending=sending, by=by, at=at)
    month.placed += 1
    if rng.random() < PICTURED:
        actions.add_photo(target=placed.order, stage="report", content=rng.choice(month.world.pictures), by=None, at=at)
    return placed.order
