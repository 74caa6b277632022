"""What the copies say: a message set down at a place, masked as the product masks it, at a price for millions."""

from functools import cache, lru_cache
from random import Random

from sandan.demo.messages import Message, where
from sandan.orders.actions import saying
from sandan.places.models import Building, Estate

DOOR = "〔门牌〕"
TRIED = (  # two houses that no message speaks of: where their names come through untouched, every name does
    Building(estate=Estate(name="青石里", building_word="号楼"), label="7", unit_count=4, floors=6),
    Building(estate=Estate(name="东园小区", building_word="栋"), label="12", unit_count=1, floors=18),
)


def shown(message: Message, building: Building, words: str) -> str:
    """The masked text of the message at this building: as `saying.shown`, from the parts where that is the same."""
    if message.grain in ("estate", "road"):  # a name may be taken for a person's: each estate is tried by itself
        return _direct(message.at(words))
    parts = _parts(message)
    return _direct(message.at(words)) if parts is None else _place(message.grain, building).join(parts)


@lru_cache(50_000)
def _direct(text: str) -> str:
    return saying.shown(text)


@lru_cache(20_000)
def terms(masked: str) -> list[str]:
    """Its search terms."""
    return saying.search_terms(masked)


def _place(grain: str, building: Building) -> str:
    """The masked words of a place: a door is never shown."""
    house = f"{building.estate.name}{building.label}{building.estate.building_word}"
    if grain in ("room", "unit"):
        return house + DOOR
    return house


@cache
def _parts(message: Message) -> tuple[str, ...] | None:
    """The masked text without its place; None where the place cannot simply be put between."""
    found = set()
    for building in TRIED:
        words, _door = where(building, message.grain, Random(1))
        masked, place = saying.shown(message.at(words)), _place(message.grain, building)
        found.add(tuple(masked.split(place)) if words else (masked,))
    return found.pop() if len(found) == 1 else None
