"""What goes in and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GazetteerEntry:
    """One named place: `kind` is estate, road or point; `buildings` are the labels it has, empty when unknown."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    community: str = ""
    buildings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AddressCandidate:
    """A place the words may mean, with [start, end) of the wording in characters and a confidence of 0 to 1."""

    entry: GazetteerEntry
    building: str | None
    unit: str | None
    room: str | None
    start: int
    end: int
    confidence: float
