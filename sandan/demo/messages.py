"""What residents write in the demo: the labelled messages, set down in this county's estates."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sandan.places.models import Building

FILE = Path(__file__).with_name("messages.jsonl")
URGENCY = {"普通": 1, "紧急": 2, "突发": 3}
CHANNELS = {"wechat": "wechat", "hotline": "phone", "form": "web"}
GRAINS = ("room", "unit", "building")
NUMBERS = 1 << 16
NAMED = 5  # the version of a key that names its message; residents' own keys are of version 4


@dataclass(frozen=True)
class Message:
    """One message with its place cut out: what it says, what it is, how it came, how exactly it names a place.

    `grain` is "room", "unit", "building", "estate", "road", or nothing where no place is named; `number` its line.
    """

    number: int
    text: str
    spans: tuple[tuple[int, int], ...]
    grain: str
    category: str
    urgency: int
    channel: str
    codes: tuple[str, ...]

    def at(self, place: str) -> str:
        """The text with `place` where its own place stood."""
        text = self.text
        for start, end in sorted(self.spans, reverse=True):
            text = text[:start] + place + text[end:]
        return text

    def key(self, rng: Random) -> UUID:
        """A fresh key for a sending of this message, which tells later which message it was."""
        return UUID(int=rng.getrandbits(112) * NUMBERS + self.number, version=NAMED)


@cache
def everything() -> tuple[Message, ...]:
    """All messages in the order of the file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_read(number, json.loads(line)) for number, line in enumerate(lines))


@cache
def by_category() -> dict[str, tuple[Message, ...]]:
    """All messages by the code of their main matter."""
    found: dict[str, list[Message]] = {}
    for message in everything():
        found.setdefault(message.category, []).append(message)
    return {code: tuple(messages) for code, messages in found.items()}


def of_key(key: UUID) -> Message | None:
    """The message that a simulated sending was made of; None for a resident's own."""
    return everything()[key.int % NUMBERS] if key.version == NAMED else None


def _read(number: int, row: dict[str, Any]) -> Message:
    spans = tuple((int(start), int(end)) for start, end in row["place_spans"])
    return Message(
        number=number, text=row["text"], spans=spans, grain=_grain(row["place"]), category=row["category"],
        urgency=URGENCY[row["urgency"]], channel=CHANNELS[row["channel"]], codes=tuple(row["categories"]),
    )  # fmt: skip


def _grain(place: dict[str, Any] | None) -> str:
    if place is None:
        return ""
    finest = next((grain for grain in GRAINS if place[grain]), "estate")
    return "road" if place["type"] == "road" else finest


def where(building: Building, grain: str, rng: Random) -> tuple[str, str]:
    """How a resident names this place at that grain: the words, and the door that goes under seal."""
    unit = rng.randint(1, max(building.unit_count, 1))
    room = f"{rng.randint(1, max(building.floors, 1))}0{rng.randint(1, 4)}"
    estate = building.estate.name
    house = f"{estate}{building.label}{building.estate.building_word}"
    words = {
        "room": f"{house}{unit}单元{room}", "unit": f"{house}{unit}单元", "building": house, "estate": estate,
        "road": f"{estate}门口",
    }  # fmt: skip
    return words.get(grain, ""), f"{unit}单元{room}"
