"""What residents write in the demo: the labelled messages, set down in this county's estates."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from sandan.places.models import Building

FILE = Path(__file__).with_name("messages.jsonl")
URGENCY = {"普通": 1, "紧急": 2, "突发": 3}
CHANNELS = {"wechat": "wechat", "hotline": "phone", "form": "web"}


@dataclass(frozen=True)
class Message:
    """One message with its place cut out: what it says, what it is, how it came."""

    text: str
    spans: tuple[tuple[int, int], ...]
    category: str
    urgency: int
    channel: str
    codes: tuple[str, ...]

    def at(self, place: str) -> str:
        """The text with `place` where its own place stood; without one the place is said first when it helps."""
        text = self.text
        for start, end in sorted(self.spans, reverse=True):
            text = text[:start] + place + text[end:]
        return text


@cache
def by_category() -> dict[str, tuple[Message, ...]]:
    """All messages by the code of their main matter."""
    found: dict[str, list[Message]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        message = _read(json.loads(line))
        found.setdefault(message.category, []).append(message)
    return {code: tuple(messages) for code, messages in found.items()}


def _read(row: dict[str, object]) -> Message:
    spans = tuple((int(a), int(b)) for a, b in row["place_spans"])  # type: ignore[attr-defined]
    return Message(
        text=str(row["text"]), spans=spans, category=str(row["category"]), urgency=URGENCY[str(row["urgency"])],
        channel=CHANNELS[str(row["channel"])], codes=tuple(row["categories"]),  # type: ignore[arg-type]
    )  # fmt: skip


def where(building: Building, rng: Random) -> tuple[str, str]:
    """How a resident writes a place: the words, and the door that goes under seal."""
    unit = rng.randint(1, max(building.unit_count, 1))
    room = f"{rng.randint(1, max(building.floors, 1))}0{rng.randint(1, 4)}"
    name = f"{building.estate.name}{building.label}{building.estate.building_word}"
    return name + rng.choice(("", f"{unit}单元", f"{unit}单元{room}")), f"{unit}单元{room}"
