"""Every change of the ground: a county comes, grids are drawn, split and merged, communities are switched."""

from datetime import timedelta

import pytest

from sandan.calc import ground
from sandan.calc.ground import Level
from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.models import Entry
from sandan.people.models import Person
from sandan.places import actions, queries
from sandan.places.models import Building, Estate, Place, PlaceChange, Spot
from tests.factories.places import AT, COUNTY, County, a_county

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


def across(grid: Place) -> list[tuple[float, float]]:
    """A line through the middle of a grid from west to east."""
    assert grid.west is not None
    assert grid.east is not None
    middle = ((grid.south or 0) + (grid.north or 0)) / 2
    return [(grid.west - 0.001, middle), (grid.east + 0.001, middle + 0.0002)]


def errors(county: County) -> list[ground.Finding]:
    return [f for f in queries.findings(county.county) if f.level is Level.ERROR]


def homes() -> dict[str, tuple[str | None, str | None]]:
    return {str(b.pk): (b.grid_id, b.micro_id) for b in Building.objects.all()}


def lines_about(change: PlaceChange) -> list[Entry]:
    return list(journal.lines_of(change))


class TestInitCounty:
    def test_brings_in_official_codes_and_names(self) -> None:
        """R108"""
        county = actions.init_county(code="140106", at=AT)
        assert (county.name, county.origin) == ("迎泽区", "imported")
        assert Place.objects.filter(kind="street").count() == 7
        assert Place.objects.filter(kind="community").count() == 112
        first = Place.objects.get(code="140106001001")
        assert (first.name, first.parent_id, first.origin) == ("察院后社区居委会", "140106001", "generated")
        assert first.name_key.startswith("cha2 yuan4")

    @pytest.mark.parametrize(
        ("code", "name"), [("441900", "东莞市"), ("620201", "嘉峪关市"), ("140171", "山西转型综合改革示范区")]
    )
    def test_serves_a_city_without_counties_and_a_zone_without_outline(self, code: str, name: str) -> None:
        county = actions.init_county(code=code, at=AT)
        assert county.name == name
        assert county.origin == ("generated" if code == "140171" else "imported")
        communities = Place.objects.filter(kind="community", parent__parent=county)
        assert communities.exists()
        assert not communities.filter(outline=None).exists()
        spot = communities.first()
        assert spot is not None
        assert queries.locate(spot.lon or 0, spot.lat or 0, code) == queries.Located(spot.code)

    def test_refuses_a_code_that_is_none_and_names_others(self) -> None:
        with pytest.raises(Refused, match="140106 迎泽区"):
            actions.init_county(code="140199", at=AT)
        with pytest.raises(Refused, match="六位代码"):
            actions.init_county(code="迎泽", at=AT)
        assert not Place.objects.exists()

    def test_refuses_a_second_time(self) -> None:
        actions.init_county(code="620201", at=AT)
        with pytest.raises(actions.AlreadyHere, match="嘉峪关市"):
            actions.init_county(code="620201", at=AT)


class TestMakeGrids:
    def test_fills_the_demonstration_county_as_the_source_counts_it(self) -> None:
        """R102 R103 R104 R105"""
        county = actions.init_county(code="140106", at=AT)
        actions.make_grids(county=county, at=AT)
        kinds = {kind: Place.objects.filter(kind=kind).count() for kind in ("grid", "exclusive", "micro")}
        assert kinds == {"grid": 853, "exclusive": 345, "micro": 2558}
        cells = Place.objects.filter(kind__in=kinds)
        assert set(cells.values_list("origin", flat=True)) == {"generated"}
        assert not Building.objects.filter(micro=None).exists()
        county.refresh_from_db()
        assert [f for f in queries.findings(county) if f.level is Level.ERROR] == []

    def test_labels_everything_invented(self) -> None:
        a_county()
        for model in (Estate, Spot):
            made = model.objects.exclude(name="桐花菜场")
            assert set(made.values_list("origin", flat=True)) == {"generated"}

    def test_refuses_where_there_are_grids(self) -> None:
        county = a_county()
        with pytest.raises(actions.NoGrids):
            actions.make_grids(county=county.county, at=AT, ordinary=6, exclusive=3, micro=14)

    def test_refuses_fewer_grids_than_communities(self) -> None:
        county = actions.init_county(code="620201", at=AT)
        with pytest.raises(actions.NoGrids, match="48 个社区"):
            actions.make_grids(county=county, at=AT, ordinary=20, exclusive=0, micro=30)


class TestSplit:
    def test_makes_two_grids_that_tile_the_old_one(self) -> None:
        """R103"""
        county = a_county()
        old = county.grids[0]
        change = actions.split(grid=old, line=across(old), by="system", at=LATER)
        assert change.new_codes == ["990201001001003", "990201001001004"]
        assert errors(county) == []
        old.refresh_from_db()
        assert str(old.valid_to) == "2026-07-31"
        halves = Place.objects.filter(code__in=change.new_codes)
        assert sum(half.households for half in halves) == old.households
        assert {str(half.valid_from) for half in halves} == {"2026-07-31"}

    def test_moves_buildings_and_micro_grids_to_new_codes(self) -> None:
        """R103 R105"""
        county = a_county()
        old = county.grids[0]
        inside = set(Building.objects.filter(grid=old).values_list("pk", flat=True))
        change = actions.split(grid=old, line=across(old), by="system", at=LATER)
        moved = Building.objects.filter(pk__in=inside)
        assert set(moved.values_list("grid_id", flat=True)) == set(change.new_codes)
        assert all(b.micro_id and b.micro_id[:15] == b.grid_id for b in moved)
        assert not Place.objects.current().filter(parent=old).exists()
        for building in moved:
            found = queries.locate(building.lon, building.lat, COUNTY)
            assert found is not None
            assert (found.grid, found.micro) == (building.grid_id, building.micro_id)

    def test_writes_history_and_journal_in_codes(self) -> None:
        """R103"""
        county = a_county()
        old = county.grids[0]
        change = actions.split(grid=old, line=across(old), by="system", at=LATER)
        assert set(change.outlines) > {old.code}
        (line,) = lines_about(change)
        assert (line.verb, line.scope) == ("split", "990201001001")
        assert line.facts == {"old": [old.code], "new": change.new_codes}

    def test_never_gives_a_code_twice(self) -> None:
        county = a_county()
        first = county.grids[0]
        one = actions.split(grid=first, line=across(first), by="system", at=AT)
        half = Place.objects.get(code=one.new_codes[0])
        two = actions.split(grid=half, line=across(half), by="system", at=LATER)
        codes = {first.code, *one.new_codes, *two.new_codes}
        assert len(codes) == 5

    def test_gives_no_code_again_that_an_undoing_ended(self) -> None:
        county = a_county()
        first = county.grids[0]
        one = actions.split(grid=first, line=across(first), by="system", at=AT)
        both = list(Place.objects.filter(code__in=one.new_codes))
        merged = actions.merge(grids=both, by="system", at=AT)
        actions.undo(change=merged, by="system", at=AT)
        again = actions.merge(grids=both, by="system", at=LATER)
        assert again.new_codes > merged.new_codes

    def test_remembers_who_did_it(self) -> None:
        county = a_county()
        clerk = Person.objects.create_user("desk", "景师古")
        change = actions.split(grid=county.grids[0], line=across(county.grids[0]), by=clerk, at=AT)
        assert change.by == clerk
        assert [(line.actor, line.actor_id) for line in lines_about(change)] == [("person", clerk.pk)]

    @pytest.mark.parametrize("line", [[], [(112.5, 37.8)], [(112.4, 37.7), (112.41, 37.7)]])
    def test_refuses_a_line_that_cuts_nothing(self, line: list[tuple[float, float]]) -> None:
        county = a_county()
        before = homes()
        with pytest.raises(actions.CannotSplit, match="线"):
            actions.split(grid=county.grids[0], line=line, by="system", at=AT)
        assert homes() == before

    def test_refuses_exclusive_micro_and_ended_grids(self) -> None:
        """R104"""
        county = a_county()
        old = county.grids[0]
        actions.split(grid=old, line=across(old), by="system", at=AT)
        for place in (county.exclusive[0], county.micro[0], old):
            with pytest.raises(actions.CannotSplit, match="普通网格"):
                actions.split(grid=place, line=across(place), by="system", at=AT)


class TestMerge:
    def test_makes_one_of_neighbours(self) -> None:
        """R103"""
        county = a_county()
        change = actions.merge(grids=county.grids[:2], by="system", at=LATER)
        assert change.new_codes == ["990201001001003"]
        assert errors(county) == []
        made = Place.objects.get(code="990201001001003")
        assert made.households == sum(grid.households for grid in county.grids[:2])
        assert made.children.count() == sum(grid.children.count() for grid in county.grids[:2])

    def test_refuses_grids_of_two_communities(self) -> None:
        county = a_county()
        with pytest.raises(actions.CannotMerge, match="同一个社区"):
            actions.merge(grids=county.grids[1:3], by="system", at=AT)

    def test_refuses_one_grid_told_twice(self) -> None:
        county = a_county()
        with pytest.raises(actions.CannotMerge, match="两个以上"):
            actions.merge(grids=[county.grids[0], county.grids[0]], by="system", at=AT)


class TestUndo:
    def test_puts_everything_back_as_it_was(self) -> None:
        """R103"""
        county = a_county()
        before, old = homes(), county.grids[0]
        change = actions.split(grid=old, line=across(old), by="system", at=AT)
        Place.objects.filter(code=old.code).update(outline=None)  # the way back needs no outline but its own
        back = actions.undo(change=change, by="system", at=LATER)
        assert homes() == before
        assert (back.kind, back.new_codes) == ("undo", [old.code])
        assert not Place.objects.current().filter(code__in=change.new_codes).exists()
        assert errors(county) == []

    def test_refuses_when_the_ground_was_changed_again(self) -> None:
        county = a_county()
        change = actions.split(grid=county.grids[0], line=across(county.grids[0]), by="system", at=AT)
        actions.merge(grids=list(Place.objects.filter(code__in=change.new_codes)), by="system", at=AT)
        with pytest.raises(actions.CannotUndo, match="后来的改动"):
            actions.undo(change=change, by="system", at=LATER)

    def test_refuses_to_undo_an_undoing(self) -> None:
        county = a_county()
        change = actions.merge(grids=county.grids[:2], by="system", at=AT)
        back = actions.undo(change=change, by="system", at=LATER)
        with pytest.raises(actions.CannotUndo):
            actions.undo(change=back, by="system", at=LATER)


class TestSwitch:
    def test_turns_one_community_off_and_leaves_the_others(self) -> None:
        """R043"""
        county = a_county()
        assert actions.switch_off(place=county.communities[0], by="system", at=AT) == 1
        assert [queries.takes_orders(c.code) for c in county.communities] == [False, True, True]
        assert not queries.takes_orders(county.grids[0].code)

    def test_turns_a_whole_street_on_and_off(self) -> None:
        """R043"""
        county = a_county()
        assert actions.switch_off(place=county.streets[0], by="system", at=AT) == 2
        assert [queries.takes_orders(c.code) for c in county.communities] == [False, False, True]
        assert actions.switch_on(place=county.county, by="system", at=LATER) == 2
        assert all(queries.takes_orders(c.code) for c in county.communities)

    def test_writes_a_line_only_for_what_changed(self) -> None:
        """R043"""
        county = a_county()
        for _ in range(2):
            actions.switch_off(place=county.communities[0], by="system", at=AT)
        lines = Entry.objects.filter(verb="switch_off")
        assert [(line.scope, line.subject_id) for line in lines] == [("990201001001", 990201001001)]

    def test_serves_three_streets_with_seven_communities(self) -> None:
        """R043"""
        county = actions.init_county(code="140106", at=AT)
        actions.switch_off(place=county, by="system", at=AT)
        served = {"140106001": 2, "140106002": 2, "140106003": 3}
        for street, count in served.items():
            for community in Place.objects.filter(parent_id=street).order_by("code")[:count]:
                actions.switch_on(place=community, by="system", at=AT)
        assert Place.objects.filter(kind="community", takes_orders=True).count() == 7
        assert not queries.takes_orders("140106004001")
