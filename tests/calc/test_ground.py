"""Ground: datums, tilings, points, cuts."""

from math import hypot
from random import Random

import numpy as np
import pytest
from fast_geocn import wgs84_to_gcj02
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc import ground
from sandan.calc.ground import Cell, Datum, Division, GroundIndex, Level
from tests.factories.places import box

IN_CHINA = st.tuples(st.floats(75, 134), st.floats(19, 52))
WHOLE = box(112.50, 37.80, 112.52, 37.82)
LEFT, RIGHT = box(112.50, 37.80, 112.51, 37.82), box(112.51, 37.80, 112.52, 37.82)


def cells(*outlines: ground.Json) -> list[Cell]:
    return [Cell(f"c{n}", "grid", outline, 400) for n, outline in enumerate(outlines)]


class TestDatum:
    @pytest.mark.parametrize("datum", list(Datum))
    @given(spot=IN_CHINA)
    def test_there_and_back_is_the_same_place(self, datum: Datum, spot: tuple[float, float]) -> None:
        there = ground.from_wgs84(*spot, datum)
        back = ground.to_wgs84(*there, datum)
        assert hypot(back[0] - spot[0], back[1] - spot[1]) < 1e-5

    def test_shifts_by_as_much_as_the_published_example(self) -> None:
        # Tian'anmen by the usual open approximation, to about a metre
        assert ground.from_wgs84(116.391304, 39.907333, "GCJ-02") == pytest.approx((116.397548, 39.908737), abs=2e-5)
        assert ground.from_wgs84(116.391304, 39.907333, "BD-09") == pytest.approx((116.403925, 39.915060), abs=2e-5)

    @given(IN_CHINA)
    def test_agrees_with_another_implementation_of_the_approximation(self, spot: tuple[float, float]) -> None:
        # not for BD-09: that library leaves out the factor 3000/180 and is up to eighty metres off
        assert ground.from_wgs84(*spot, Datum.GCJ02) == pytest.approx(wgs84_to_gcj02(*spot), abs=1e-9)

    @given(IN_CHINA)
    def test_moves_a_point_by_less_than_two_kilometres(self, spot: tuple[float, float]) -> None:
        assert ground.metres_between(spot, ground.from_wgs84(*spot, Datum.BD09)) < 2000

    def test_leaves_places_abroad_alone(self) -> None:
        assert ground.from_wgs84(2.35, 48.85, "GCJ-02") == (2.35, 48.85)

    def test_refuses_a_datum_nobody_knows(self) -> None:
        with pytest.raises(ValueError, match="NAD27"):
            ground.to_wgs84(112.5, 37.8, "NAD27")


class TestCheckTiling:
    def test_finds_nothing_wrong_with_a_whole_in_two(self) -> None:
        assert ground.check_tiling(cells(LEFT, RIGHT), WHOLE) == []

    def test_finds_a_gap_with_its_size(self) -> None:
        """R102"""
        narrow = box(112.5101, 37.80, 112.52, 37.82)
        (gap,) = ground.check_tiling(cells(LEFT, narrow), WHOLE)
        assert (gap.what, gap.level) == ("gap", Level.ERROR)
        assert gap.amount == pytest.approx(8.8 * 2226, rel=0.02)
        assert 112.51 <= (gap.lon or 0) <= 112.5101

    def test_finds_an_overlap_and_names_both(self) -> None:
        """R102"""
        wide = box(112.5099, 37.80, 112.52, 37.82)
        (overlap,) = ground.check_tiling(cells(LEFT, wide), WHOLE)
        assert (overlap.what, overlap.codes) == ("overlap", ("c0", "c1"))

    def test_finds_what_sticks_out(self) -> None:
        far = box(112.51, 37.80, 112.5205, 37.82)
        assert [f.what for f in ground.check_tiling(cells(LEFT, far), WHOLE)] == ["outside"]

    def test_finds_a_building_in_no_cell_and_one_in_two(self) -> None:
        """R102"""
        wide = box(112.505, 37.80, 112.52, 37.82)
        points = {"in": (112.502, 37.81), "twice": (112.507, 37.81), "out": (112.53, 37.81)}
        found = {f.what: f.codes for f in ground.check_tiling(cells(LEFT, wide), WHOLE, points)}
        assert found["homeless"] == ("out",)
        assert found["shared"] == ("twice", "c0", "c1")


class TestCheckSizes:
    @pytest.mark.parametrize(("homes", "what"), [(299, ["small"]), (300, []), (500, []), (501, ["large"])])
    def test_warns_outside_300_to_500_households(self, homes: int, what: list[str]) -> None:
        """R103"""
        found = ground.check_sizes([Cell("g", "grid", WHOLE, homes)])
        assert [f.what for f in found] == what
        assert all(f.level is Level.WARNING for f in found)

    def test_has_no_rule_for_an_exclusive_grid(self) -> None:
        """R104"""
        assert ground.check_sizes([Cell("e", "exclusive", WHOLE, 0)]) == []

    def test_only_advises_on_a_micro_grid_far_from_50(self) -> None:
        """R105"""
        found = ground.check_sizes([Cell("near", "micro", WHOLE, 50), Cell("far", "micro", WHOLE, 120)])
        assert [(f.codes, f.level) for f in found] == [(("far",), Level.ADVICE)]


class TestGroundIndex:
    INDEX = GroundIndex(
        [
            ("990201001001", "community", WHOLE),
            ("990201001001001", "grid", LEFT),
            ("990201001001002", "grid", RIGHT),
            ("990201001001901", "exclusive", box(112.505, 37.805, 112.506, 37.806)),
            ("99020100100100101", "micro", LEFT),
        ]
    )

    def test_names_every_layer_around_a_point(self) -> None:
        found = self.INDEX.locate(112.5055, 37.8055)
        assert found is not None
        assert (found.grid, found.exclusive) == ("990201001001001", "990201001001901")
        assert (found.micro, found.code) == ("99020100100100101", "99020100100100101")

    def test_says_none_outside(self) -> None:
        assert self.INDEX.locate(112.53, 37.81) is None

    def test_gives_a_point_on_the_border_to_the_lower_code(self) -> None:
        found = self.INDEX.locate(112.51, 37.81)
        assert found is not None
        assert found.grid == "990201001001001"

    def test_answers_many_like_one(self) -> None:
        rng = Random(3)
        points = [(rng.uniform(112.49, 112.53), rng.uniform(37.79, 37.83)) for _ in range(300)]
        assert self.INDEX.locate_all(points) == [self.INDEX.locate(*point) for point in points]

    def test_finds_the_grids_of_many_as_of_one(self) -> None:
        rng = Random(4)
        points = [(rng.uniform(112.49, 112.53), rng.uniform(37.79, 37.83)) for _ in range(300)] + [(112.51, 37.81)]
        found = self.INDEX.grids(np.array(points)).tolist()
        one_by_one = [located.grid if (located := self.INDEX.locate(*point)) else None for point in points]
        assert [self.INDEX.grid_codes[place] if place >= 0 else None for place in found] == one_by_one
        assert found[-1] == 0  # on the border the lower code wins


class TestApportion:
    @given(st.integers(0, 500), st.lists(st.floats(0.1, 9), min_size=1, max_size=30))
    def test_hands_out_everything_in_proportion(self, total: int, weights: list[float]) -> None:
        shares = ground.apportion(total, weights)
        assert sum(shares) == total
        assert all(abs(s - total * w / sum(weights)) < 1 for s, w in zip(shares, weights, strict=True))

    def test_keeps_the_least_share(self) -> None:
        assert ground.apportion(10, [100, 1, 1], least=2) == [6, 2, 2]

    def test_refuses_more_than_there_is(self) -> None:
        with pytest.raises(ValueError, match="least"):
            ground.apportion(2, [1, 1, 1], least=1)


class TestPlanSplit:
    def test_cuts_a_grid_and_its_micro_grids_without_loss(self) -> None:
        """R103"""
        plans = ground.plan_split(WHOLE, [LEFT, RIGHT], [(112.49, 37.807), (112.53, 37.813)])
        assert len(plans) == 2
        assert ground.check_tiling(cells(*(plan.outline for plan in plans)), WHOLE) == []
        for plan in plans:
            assert len(plan.micro) == 2
            assert ground.check_tiling(cells(*plan.micro), plan.outline) == []

    def test_leaves_one_piece_when_the_line_ends_inside(self) -> None:
        assert len(ground.plan_split(WHOLE, [], [(112.49, 37.81), (112.51, 37.81)])) == 1

    def test_gives_crumbs_to_the_neighbour(self) -> None:
        edge = 112.51 - 5e-7  # leaves a strip of the left micro-grid four centimetres wide, a hundred square metres
        plans = ground.plan_split(WHOLE, [LEFT, RIGHT], [(edge, 37.79), (edge, 37.83)])
        assert [len(plan.micro) for plan in plans] == [1, 1]


class TestPlanMerge:
    def test_joins_neighbours_and_keeps_their_micro_grids(self) -> None:
        """R103"""
        plan = ground.plan_merge([LEFT, RIGHT], [LEFT, RIGHT])
        assert plan is not None
        assert len(plan.micro) == 2
        assert ground.check_tiling(cells(plan.outline), WHOLE) == []

    def test_says_none_when_they_lie_apart(self) -> None:
        assert ground.plan_merge([LEFT, box(112.515, 37.80, 112.52, 37.82)], []) is None


class TestGeneratedOutline:
    DIVISION = Division("990201", "沐云区", "", "", False, (), tuple((f"990201001{n:03d}", "") for n in range(40)))

    def test_is_the_same_every_time_and_lies_where_it_should(self) -> None:
        outline = ground.generated_outline(self.DIVISION, WHOLE)
        assert outline == ground.generated_outline(self.DIVISION, WHOLE)
        assert ground.metres_between(ground.inner_point(outline), (112.51, 37.81)) < 500

    def test_has_room_for_its_communities(self) -> None:
        assert ground.area_m2(ground.generated_outline(self.DIVISION, None)) > 40 * 200_000


class TestAsShape:
    def test_closes_an_outline_that_was_left_as_lines(self) -> None:
        ring = {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0]]]}
        assert ground.as_shape(ring).area == pytest.approx(1)

    def test_mends_a_bow_tie(self) -> None:
        bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
        assert ground.as_shape(bow).is_valid

    def test_refuses_an_outline_without_area(self) -> None:
        with pytest.raises(ValueError, match="area"):
            ground.as_shape({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})
