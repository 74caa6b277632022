"""What a list would do: the same frame for units, members and posts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandan.calc.sheets.lists import Line, Listing, Reader
from sandan.calc.sheets.records import Fault, Where
from sandan.people import access
from sandan.people.actions.import_crowd import Crowd, Question, Someone
from sandan.people.actions.posts import Actor
from sandan.people.models import Person, Post
from sandan.people.queries.import_ground import Ground

Tick = Callable[[int, int], None]  # rows done and rows in all
Before = dict[str, Any]  # JSON: what was made, and what stood there


@dataclass(frozen=True)
class Turn:
    """One thing that would come or change: what it is (unit, person, checkin, post), new or changed, and its words."""

    thing: str
    what: str
    where: Where
    text: str
    more: str = ""


@dataclass
class Plan:
    """A list compared with what is here. `remarks` are (key of words, row or None, value) and keep nothing out."""

    kind: str
    listing: Listing
    faults: list[Fault] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    same: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[str, Where | None, str]] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)
    body: list[Any] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether it could be applied as it is."""
        return not self.faults and not self.questions and bool(self.turns)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """For each thing how many are new, changed and the same."""
        found: dict[str, dict[str, int]] = {}
        for turn in self.turns:
            row = found.setdefault(turn.thing, {})
            row[turn.what] = row.get(turn.what, 0) + 1
        for thing, count in self.same.items():
            found.setdefault(thing, {})["same"] = count
        return found

    def is_same(self, thing: str) -> None:
        """One more thing that stays as it is."""
        self.same[thing] = self.same.get(thing, 0) + 1


@dataclass
class Desk:
    """Everything at hand while a list is compared: whose work it is, when, on which ground, with which answers."""

    plan: Plan
    county: str
    by: Actor
    at: datetime
    ground: Ground
    answers: Mapping[str, str]

    @property
    def posts(self) -> tuple[Post, ...]:
        """The posts of whoever imports; none for the system."""
        return access.posts_of(self.by, self.at) if isinstance(self.by, Person) else ()

    def reader(self, line: Line) -> Reader:
        """A reader of that row whose faults are the plan's."""
        return Reader(line, self.plan.faults)

    def crowd(self) -> Crowd:
        """An empty crowd whose questions and persons are the plan's."""
        return Crowd(self.county, self.answers, self.plan.questions, self.plan.people)
