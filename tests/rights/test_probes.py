"""Tests that try to break G2 and G3 from the side: by filters, search, the map, and foreign ids in what is sent."""

import re
from collections.abc import Mapping

import pytest
from django.urls import reverse

from tests.rights import battery
from tests.rights.cast import CODES, Marks, World
from tests.rights.table import TABLE, who
from tests.rights.test_battery import secrets

pytestmark = pytest.mark.django_db
ASKING = ("member", "worker", "leader", "desk", "street", "clerk", "overseer", "auditor", "security", "admin")
PAGES = sorted(name for name, line in TABLE.items() if not line.of and line.get and name.partition(":")[0] != "running")
WORLD_WINDOW = {"west": "70", "south": "10", "east": "140", "north": "55", "zoom": "17", "z": "17"}


def foreign_values(world: World) -> list[dict[str, str]]:
    """What somebody may write into an address to get at another's: places, numbers, words, phones, names, ids."""
    other: Marks = world.marks["X"]
    asked = [{name: code} for name in ("place", "county", "code", "at", "scope") for code in (CODES["X"], CODES["XA"])]
    asked += [{name: other.number} for name in ("q", "number", "open", "order")]
    asked += [{"q": text} for text in (other.words, other.phone, other.name, other.door, other.number[-8:])]
    asked += [{"holder": str(world.people["desk X"].pk)}, {"unit": str(world.units["U2"].pk)}, {"list": "all"}]
    return [*asked, WORLD_WINDOW, {"place": CODES["X"], "q": other.words}]


class TestFilters:
    @pytest.mark.parametrize("name", PAGES)
    def test_over_foreign_places_show_nothing_foreign(self, world: World, name: str) -> None:
        """G2: whatever stands in the address of a page, it shows nothing beyond one's own."""
        path, told = reverse(name), []
        for actor in ASKING:
            if actor not in who(TABLE[name].get or ""):
                continue
            for data in foreign_values(world):
                answer = battery.ask(world, actor, "GET", path, data)
                found = set(secrets(world, actor).findall(answer.text)) - set(data.values())
                if found or answer.kind.startswith("broken"):
                    told.append(f"{name} as {actor} with {data}: {answer.status} {sorted(found)}")
        assert told == []


class TestSearch:
    """G2: residents are found by their exact key alone; there is no list of them to browse."""

    @pytest.mark.parametrize("actor", ["desk", "street", "district"])
    def test_finds_by_the_whole_phone_only(self, world: World, actor: str) -> None:
        marks = world.marks["A2"]
        assert marks.number in self.found(world, actor, marks.phone)
        for part in (
            marks.phone[:10],
            marks.phone[:7],
            marks.phone[-4:],
            marks.name,
            marks.name[:2],
            marks.door,
            "164%",
        ):
            assert marks.number not in self.found(world, actor, part), part

    def test_of_a_units_clerk_finds_the_units_own_alone(self, world: World) -> None:
        assert world.marks["U1"].number in self.found(world, "clerk", world.marks["U1"].words)
        for key in ("A1", "S2", "U2", "X"):
            for key_word in (world.marks[key].words, world.marks[key].phone, world.marks[key].number):
                assert world.marks[key].number not in self.found(world, "clerk", key_word).replace(key_word, "")

    def test_has_no_empty_question(self, world: World) -> None:
        """No word, no row."""
        for q in ("", " ", "%", "_", "1"):
            assert not re.search(r"\d{12}-\d{4}-\d{4}-\d{3}", self.found(world, "district", q))

    def found(self, world: World, actor: str, q: str) -> str:
        answer = battery.ask(world, actor, "GET", reverse("orders:find"), {"q": q})
        return answer.text + answer.leads_to


class TestForeignIdsInWhatIsSent:
    def test_are_the_404_of_what_does_not_exist(self, world: World) -> None:
        """G2: a thing named in a form is as closed as one named in an address."""
        other, absent = world.marks["B"].number, f"{CODES['B']}-2026-0810-999"
        for name, field, foreign, nothing, more in (
            ("orders:batch", "order", other, absent, {"verb": "open_up"}),
            ("orders:duty", "place", CODES["B"], "990201009009", {}),
            ("orders:phone", "known", str(world.things["ring", "B"]), "999999999", self.press()),
        ):
            answers = [self.ask(world, name, {**more, field: value}) for value in (foreign, nothing)]
            assert [answer.status for answer in answers] == [404, 404], name
            assert len({tuple(answer.statements) for answer in answers}) == 1, name

    def ask(self, world: World, name: str, data: Mapping[str, str]) -> battery.Answer:
        return battery.ask(world, "desk", "POST", reverse(name), data, counted=True)

    def press(self) -> dict[str, str]:
        return {"key": "6a175aa5-838b-41f9-86ab-d581f10bfb57"}
