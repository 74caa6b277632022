"""The permission battery (R113, G2, G3): every address and verb x every role x own, sibling, parent, other hands.

Expected answers stand in table.py. One world for all; each request is rolled back.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from tests.rights import battery
from tests.rights.battery import Answer
from tests.rights.cast import ACTORS, CODES, COUNTS, ORDERS_OF, READS, RELATIONS, World, nobody
from tests.rights.table import GUESTS, TABLE, VERBS, P, who

pytestmark = pytest.mark.django_db
ADDRESSES = battery.addresses()
HOW = (
    "tests/rights/table has no line for {names}. Add one each; its __init__.py tells how. "
    "If it names a new kind of thing, plant one in things.py."
)
FIXED: dict[str, Any] = {
    "size": "small", "kind": "grids", "form": "xlsx", "step": "survey", "side": "unit", "rating": 7, "nth": 0,
}  # fmt: skip
NOTHING_TO_SEE = ("visitor", "resident")


def places_of(entry: URLPattern) -> list[str]:
    """The names of the places in an address, of a plain pattern or of a regular expression."""
    return list(entry.pattern.converters or entry.pattern.regex.groupindex)


def kwargs_of(world: World, name: str, entry: URLPattern, named: Any, actor: str, relation: str) -> dict[str, Any]:
    """The places of an address, the thing it names put in."""
    found: dict[str, Any] = {}
    for key in places_of(entry):
        if key == "kind" and name.startswith("people:import"):
            found[key] = "units"
        elif key in FIXED and TABLE[name].of != "gaps":
            found[key] = FIXED[key]
        elif key == "verb":
            continue
        elif key == "photo":
            found[key] = world.things["photo", "A1"]
        elif name == "places:undo" and key == "code":
            found[key] = int(CODES["A"])
        elif key == "show" and TABLE[name].of != "show":
            found[key] = "all"
        elif name == "orders:draft_photo" and key == "key":
            found[key] = world.things["draft", "own"]
        else:
            found[key] = named
    return found


def verbs_of(name: str, method: str, entry: URLPattern) -> list[str]:
    if name not in VERBS or (method == "GET" and "verb" not in entry.pattern.converters):
        return [""]
    return list(VERBS[name]) if method == "POST" else [next(iter(VERBS[name]))]


def expected(line: P, actor: str, relation: str, method: str) -> set[str]:
    """The answers that the table allows."""
    allowed = line.get if method == "GET" else line.post
    if allowed is None:
        return {"method", "login"} if actor in NOTHING_TO_SEE and not line.open else {"method"}
    is_outside = actor in NOTHING_TO_SEE
    if is_outside and not line.open:
        return {"login"}
    if relation != "own" and line.of and not line.wide:
        return {"on"} if actor in who(line.away) else {"gone"}
    if actor in line.also:
        return {line.also[actor]}
    if actor in who(allowed):
        return {"in", "on"} if method == "GET" else {"in", "on", "asked", *(["gone"] if line.lacks else [])}
    if actor in who(line.sees):
        return {"asked", "forbidden"}
    if "*" in line.also:
        return {line.also["*"]}
    return {"gone"} if line.of or actor in GUESTS else {"forbidden"}


@cache
def secrets(world: World, actor: str) -> re.Pattern[str]:
    """Everything planted that this actor may meet nowhere: others' words and numbers, and what is under seal of all."""
    hidden = [mark for marks in world.marks.values() for mark in marks.sealed]
    hidden += [m.phone[:-1] + "9" for m in world.marks.values()]
    unread = {key: marks for key, marks in world.marks.items() if key not in READS[actor]}
    hidden += [marks.words for marks in unread.values()]
    hidden += [marks.number for key, marks in unread.items() if actor not in COUNTS.get(key, ())]
    if actor != "partner":
        hidden.append("摘要记号辰巳")
    return re.compile("|".join(map(re.escape, hidden)))


def plain(answer: Answer, path: str) -> str:
    """The text without what is new in every answer."""
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+', "", answer.text)
    return re.sub(r"\b\d{6}\b", "", text.replace(path, ""))


def world_key(actor: str) -> str:
    """The order that is an actor's own."""
    return ORDERS_OF.get(actor, {}).get("own", "A1")


def same(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two answers asked the same; that somebody was here is noted once in a while, whatever was asked."""
    both = (
        [one for one in each if "front_visit" not in one and "django_session SET" not in one] for each in (some, others)
    )
    first, second = both
    return first == second


class Trial:
    """One address asked by everybody; what is wrong is gathered and told at once."""

    def __init__(self, world: World, name: str, entry: URLPattern) -> None:
        self.world, self.name, self.entry, self.line = world, name, entry, TABLE[name]
        self.faults: list[str] = []

    def run(self) -> list[str]:
        for actor in ACTORS:
            for method in ("GET", "POST"):
                for verb in verbs_of(self.name, method, self.entry):
                    self._one(actor, method, verb)
        return self.faults

    def _one(self, actor: str, method: str, verb: str) -> None:
        if not self.line.of:
            self._ask(actor, "own", method, verb, None)
            return
        allowed = self.line.get if method == "GET" else self.line.post
        is_shut = actor in NOTHING_TO_SEE and not self.line.open  # the login page, whatever is named
        absent = None
        if allowed is not None and not is_shut:
            absent = self._ask(actor, "absent", method, verb, nobody(self.line.of))
        for relation in RELATIONS[:2] if is_shut or allowed is None else RELATIONS:
            named = self.world.named(self.line.of, actor, relation)
            if named is not None:
                answer = self._ask(actor, relation, method, verb, named)
                is_known = relation == "own" and self.line.of == "order" and world_key(actor) in READS[actor]
                is_mine = relation == "own" and answer.kind == "on"
                if absent and not is_known and not is_mine and answer.kind in ("gone", "on") and not self.line.wide:
                    self._compare(actor, relation, method, verb, answer, absent)

    def _ask(self, actor: str, relation: str, method: str, verb: str, named: Any) -> Answer:
        kwargs = kwargs_of(self.world, self.name, self.entry, named, actor, relation)
        data = dict(self.line.data) if method == "POST" else {}
        if verb and "verb" in self.entry.pattern.converters:
            kwargs["verb"] = verb
        elif verb:
            data["act"] = verb
        self.path = reverse(self.name, kwargs=kwargs)
        answer = battery.ask(self.world, actor, method, self.path, data, counted=self._counts(method, verb))
        where = f"{self.name} {method} {verb} as {actor}, {relation}:"
        wanted = (
            {"gone", "login", *(["on"] if actor in who(self.line.away) else [])}
            if relation == "absent"
            else expected(self.line, actor, relation, method)
        )
        if relation == "absent" and self.line.wide:
            wanted |= {"in", "on", "asked"}
        if answer.kind not in wanted:
            self.faults.append(f"{where} {answer.kind} ({answer.status}), expected {' or '.join(sorted(wanted))}")
        may_open = self.line.reveals and relation == "own" and actor in who(self.line.post or "")
        found = None if may_open else secrets(self.world, actor).search(answer.text)
        if found:
            self.faults.append(f"{where} tells {found[0]}")
        return answer

    def _counts(self, method: str, verb: str) -> bool:
        """Statements are compared for each way to ask; all verbs of an address go the same way to their thing."""
        return bool(self.line.of) and verb == verbs_of(self.name, method, self.entry)[0]

    def _compare(self, actor: str, relation: str, method: str, verb: str, answer: Answer, absent: Answer) -> None:
        where = f"{self.name} {method} {verb} as {actor}, {relation}:"
        if plain(answer, self.path) != plain(absent, self.path):
            self.faults.append(f"{where} the 404 reads otherwise than that of what does not exist")
        if not same(answer.statements, absent.statements):
            more = [s[:160] for s in answer.statements if s not in absent.statements]
            less = [s[:160] for s in absent.statements if s not in answer.statements]
            self.faults.append(
                f"{where} {len(answer.statements)} statements, absent {len(absent.statements)}: +{more} -{less}"
            )


def trials() -> Iterator[Any]:
    for name, entries in ADDRESSES.items():
        for entry in entries:
            yield pytest.param(name, entry, id=f"{name} {entry.pattern}")


class TestTable:
    def test_has_a_line_for_every_address(self) -> None:
        missing = sorted(set(ADDRESSES) - set(TABLE))
        assert not missing, HOW.format(names=", ".join(missing))

    def test_has_no_line_for_an_address_that_is_no_more(self) -> None:
        assert sorted((set(TABLE) | set(VERBS)) - set(ADDRESSES)) == []

    def test_knows_the_verbs_of_every_address_with_a_verb(self) -> None:
        with_verb = {name for name, entries in ADDRESSES.items() for e in entries if "verb" in e.pattern.converters}
        assert with_verb <= set(VERBS), "table.py VERBS: name the code's own table of verbs for these addresses"


class TestAddresses:
    @pytest.mark.parametrize(("name", "entry"), list(trials()))
    def test_answer_as_the_table_says(self, world: World, name: str, entry: URLPattern) -> None:
        """R113, G2, G3: by number guessing nobody learns anything: same text, same statements, no planted word."""
        if name not in TABLE:
            pytest.fail(HOW.format(names=name))
        faults = Trial(world, name, entry).run()
        assert not faults, "\n".join(["", *faults[:40], f"{len(faults)} in all"])
