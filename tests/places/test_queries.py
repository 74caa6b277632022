"""What is read of the ground: divisions, positions, addresses, names, lists."""

import json

import pytest

from sandan.calc import ground
from sandan.calc.ground import Cell, Division, Drawing, GroundIndex, Json, Level
from sandan.places import queries
from sandan.places.models import Place
from sandan.places.queries import divisions
from tests.factories.places import COUNTY, OUTSIDE, a_county

WHOLE_CITIES = {"441900": 36, "442000": 23, "460400": 18, "620201": 5}  # 东莞, 中山, 儋州, 嘉峪关 and their streets


def cells(drawing: Drawing, kind: str) -> list[Cell]:
    return [Cell(c.code, c.kind, c.outline, c.households) for c in drawing.cells if c.kind == kind]


class TestDivision:
    def test_knows_the_seven_streets_and_112_communities(self, yingze: Division) -> None:
        """R108"""
        assert (len(yingze.streets), len(yingze.communities)) == (7, 112)
        assert (yingze.province, yingze.city, yingze.name) == ("山西省", "太原市", "迎泽区")
        assert yingze.communities[0] == ("140106001001", "察院后社区居委会")
        assert not yingze.is_whole_city

    @pytest.mark.parametrize(("code", "streets"), WHOLE_CITIES.items())
    def test_serves_cities_without_counties(self, code: str, streets: int) -> None:
        city = queries.division(code)
        assert city.is_whole_city
        assert len(city.streets) == streets
        assert all(c.startswith(code) and len(c) == 12 for c, _ in city.communities)

    def test_names_neighbours_of_a_code_that_does_not_exist(self) -> None:
        with pytest.raises(ground.NoSuchCounty) as refusal:
            queries.division("140199")
        assert ("140106", "迎泽区") in refusal.value.near

    @pytest.mark.parametrize("code", ["", "14", "1401", "140106001", "abcdef"])
    def test_refuses_what_is_no_county_code(self, code: str) -> None:
        with pytest.raises(ground.NoSuchCounty):
            queries.division(code)


class TestBoundary:
    def test_finds_or_draws_an_outline_for_every_county(self) -> None:
        """Each of the 2,978 codes has streets, communities and an outline with an area around its inner point."""
        counties: dict[str, list[tuple[str, str]]] = {}
        for row in divisions._rows():
            if len(row[0]) >= 6:
                counties.setdefault(row[0][:6], []).append(row)
        names = {code: name for code, name in divisions._rows() if len(code) <= 4}
        origins = {"imported": 0, "generated": 0}
        for code, rows in counties.items():
            above = [(c, names[c]) for c in (code[:2], code[:4])]
            one = ground.county_divisions([*above, *rows], code)
            outline, origin = queries.boundary(one)
            origins[origin] += 1
            assert one.streets
            assert one.communities
            assert ground.as_shape(outline).area > 0
        assert sum(origins.values()) == len(queries.division_codes()) == 2978
        assert origins["imported"] >= 2846

    def test_takes_the_outline_of_the_city_for_its_only_district(self) -> None:
        outline, origin = queries.boundary(queries.division("620201"))
        assert origin == "imported"
        assert ground.metres_between(ground.inner_point(outline), (98.2, 39.8)) < 60_000

    def test_says_so_when_it_had_to_draw_one(self) -> None:
        zone = queries.division("140171")
        outline, origin = queries.boundary(zone)
        assert origin == "generated"
        assert ground.metres_between(ground.inner_point(outline), (112.5, 37.9)) < 80_000


class TestDrawnCounty:
    """The demonstration county, 853 + 345 + 2,558 cells, straight from the pure floor."""

    def test_streets_and_communities_tile_the_county(self, tiles: dict[str, Json]) -> None:
        """R108"""
        for length, kind in ((9, "street"), (12, "community")):
            level = [Cell(code, kind, outline) for code, outline in tiles.items() if len(code) == length]
            assert ground.check_tiling(level, tiles["140106"]) == []

    def test_has_as_many_cells_as_the_source(self, drawing: Drawing) -> None:
        """R103 R104 R105"""
        counts = [len(cells(drawing, kind)) for kind in ("grid", "exclusive", "micro")]
        assert counts == [853, 345, 2558]

    def test_every_building_lies_in_exactly_one_ordinary_grid(self, drawing: Drawing) -> None:
        """R102"""
        points = {str(n): (b.lon, b.lat) for n, b in enumerate(drawing.buildings)}
        for kind in ("grid", "micro"):
            assert ground.check_tiling(cells(drawing, kind), drawing.upper["140106"], points) == []

    def test_an_injected_gap_and_overlap_are_found(self, drawing: Drawing) -> None:
        """R102"""
        grids = cells(drawing, "grid")
        gap = ground.check_tiling(grids[1:], drawing.upper["140106"])
        assert [f.what for f in gap] == ["gap"]
        assert gap[0].amount == pytest.approx(ground.area_m2(grids[0].outline), rel=0.01)
        twice = Cell("x", "grid", grids[0].outline)
        assert ("overlap", (grids[0].code, "x")) in {
            (f.what, f.codes) for f in ground.check_tiling([*grids, twice], drawing.upper["140106"])
        }

    def test_buildings_know_the_cells_they_lie_in(self, drawing: Drawing) -> None:
        """R102"""
        index = GroundIndex(
            [(c.code, c.kind, c.outline) for c in drawing.cells]
            + [(code, "community", o) for code, o in drawing.upper.items() if len(code) == 12]
        )
        found = index.locate_all((b.lon, b.lat) for b in drawing.buildings)
        assert all(f and (f.grid, f.micro) == (b.grid, b.micro) for f, b in zip(found, drawing.buildings, strict=True))

    def test_keeps_the_size_rule_but_for_a_handful(self, drawing: Drawing) -> None:
        """R103"""
        assert 1 <= len(ground.check_sizes(cells(drawing, "grid"))) <= 20
        for kind in ("grid", "micro"):
            assert sum(c.households for c in cells(drawing, kind)) == sum(b.households for b in drawing.buildings)

    def test_exclusive_grids_are_a_second_layer_of_four_sorts(self, drawing: Drawing) -> None:
        """R104"""
        exclusive = [c for c in drawing.cells if c.kind == "exclusive"]
        assert {c.sort for c in exclusive} == {"market", "school", "firm", "building"}
        assert all(901 <= int(c.code[12:]) <= 999 and c.households == 0 for c in exclusive)

    def test_codes_follow_the_place_code(self, drawing: Drawing) -> None:
        grids = {c.code for c in drawing.cells if c.kind == "grid"}
        assert all(len(c) == 15 and 1 <= int(c[12:]) <= 899 for c in grids)
        assert all(c.code[:15] in grids and len(c.code) == 17 for c in drawing.cells if c.kind == "micro")
        assert len({c.code for c in drawing.cells}) == len(drawing.cells)

    def test_names_of_estates_are_unique_and_buildings_numbered(self, drawing: Drawing) -> None:
        assert len({e.name for e in drawing.estates}) == len(drawing.estates)
        assert len({(b.estate, b.label) for b in drawing.buildings}) == len(drawing.buildings)

    def test_the_same_seed_draws_the_same_and_another_seed_another(
        self, drawing: Drawing, tiles: dict[str, Json]
    ) -> None:
        two = {code: tiles[code] for code in ("140106001001", "140106001002")}
        first, again, other = (ground.draw_county(two, 12, 4, 30, seed) for seed in (1, 1, 2))
        assert first == again
        assert first != other


@pytest.mark.django_db
class TestLocate:
    def test_agrees_with_every_building(self) -> None:
        county = a_county()
        for building in county.buildings:
            found = queries.locate(building.lon, building.lat, COUNTY)
            assert found is not None
            assert (found.grid, found.micro) == (building.grid_id, building.micro_id)

    def test_says_none_outside_the_county_and_for_an_unknown_one(self) -> None:
        a_county()
        assert queries.locate(*OUTSIDE, COUNTY) is None
        assert queries.locate(112.51, 37.805, "000000") is None

    def test_asks_the_database_nothing_while_the_copy_is_fresh(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        a_county()
        queries.locate(112.51, 37.805, COUNTY)
        with django_assert_num_queries(0):
            queries.locate(112.52, 37.805, COUNTY)

    def test_sees_that_another_process_changed_the_ground(self, monkeypatch: pytest.MonkeyPatch) -> None:
        county = a_county()
        building = county.buildings[0]
        assert queries.locate(building.lon, building.lat, COUNTY)
        monkeypatch.setattr("sandan.places.queries.copies.FRESH_SECONDS", 0.0)
        Place.objects.filter(code__startswith=building.grid_id).update(valid_to="2026-07-01")
        Place.objects.filter(code=COUNTY).update(version=5)
        found = queries.locate(building.lon, building.lat, COUNTY)
        assert found is not None
        assert found.grid is None


@pytest.mark.django_db
class TestResolve:
    def test_knows_building_grid_and_micro_grid(self) -> None:
        county = a_county()
        house = county.buildings[1]
        (found,) = queries.resolve("铜花苑二号楼三单元五〇二水管爆了", COUNTY)
        assert (found.estate_id, found.building_id, found.unit, found.room) == (county.estate.pk, house.pk, "3", "502")
        assert (found.grid_code, found.micro_code) == (house.grid_id, house.micro_id)

    def test_knows_a_spot_that_nobody_lives_in(self) -> None:
        a_county()
        (found,) = queries.resolve("桐花菜市场门口", COUNTY)
        assert (found.estate_id, found.estate_name) == (None, "桐花菜场")

    def test_knows_nothing_of_another_county(self) -> None:
        a_county()
        assert queries.resolve("桐花苑", "110101") == []


@pytest.mark.django_db
class TestSuggest:
    @pytest.mark.parametrize("typed", ["桐花", "铜花", "thy", "TH", "tonghua", "花苑"])
    def test_finds_an_estate_by_name_alias_pinyin_and_initials(self, typed: str) -> None:
        county = a_county()
        assert county.estate.pk in [e.id for e in queries.suggest(typed, COUNTY)]

    def test_puts_the_beginning_first_and_keeps_the_limit(self) -> None:
        a_county()
        found = queries.suggest("桐", COUNTY, limit=2)
        assert len(found) <= 2
        assert found[0].name.startswith("桐")

    @pytest.mark.parametrize("typed", ["", "   ", "没有这个小区"])
    def test_answers_nothing_to_nothing(self, typed: str) -> None:
        a_county()
        assert queries.suggest(typed, COUNTY) == []


@pytest.mark.django_db
class TestCountyRegister:
    def test_counts_what_lies_below_each_community(self) -> None:
        """R108 R043"""
        county = a_county()
        register = queries.county_register(county.county)
        assert [(len(c), s.place.name) for s, c in register.streets] == [(2, "霁山街道"), (1, "北渠街道")]
        assert (register.total.grids, register.total.exclusive, register.total.micro) == (6, 3, 14)
        assert register.total.households == sum(c.households for _, lines in register.streets for c in lines) > 0

    def test_asks_as_often_for_a_large_county(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        county = a_county()
        with django_assert_num_queries(4):
            queries.county_register(county.county)


@pytest.mark.django_db
class TestFindings:
    def test_finds_nothing_broken_in_a_fresh_county(self) -> None:
        """R102"""
        assert [f for f in queries.findings(a_county().county) if f.level is Level.ERROR] == []

    def test_reports_a_grid_that_was_lost(self) -> None:
        """R102"""
        county = a_county()
        Place.objects.filter(code=county.grids[0].code).update(valid_to="2026-07-01")
        assert {"gap", "homeless"} <= {f.what for f in queries.findings(county.county)}

    def test_lists_sizes_without_looking_at_outlines(self) -> None:
        """R103"""
        county = a_county()
        Place.objects.filter(code=county.grids[0].code).update(households=299)
        (finding,) = queries.findings(county.county, Level.WARNING)
        assert (finding.what, finding.codes, finding.amount) == ("small", (county.grids[0].code,), 299)


@pytest.mark.django_db
class TestOutlines:
    def test_rounds_to_six_digits_and_labels_what_is_generated(self) -> None:
        a_county()
        layer = queries.outlines(COUNTY, "grid")
        assert len(layer["features"]) == 6
        assert {f["properties"]["origin"] for f in layer["features"]} == {"generated"}
        numbers = [n for f in layer["features"] for spot in f["geometry"]["coordinates"][0] for n in spot]
        assert all(round(n, 6) == n for n in numbers)

    def test_shows_buildings_as_points_without_any_person(self) -> None:
        a_county()
        properties = queries.outlines(COUNTY, "building")["features"][0]["properties"]
        assert set(properties) == {"name", "label", "households"}
        assert json.dumps(properties)
