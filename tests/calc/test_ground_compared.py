"""What an office brings against what is here: compared, gaps and overlaps found exactly."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.ground import Cell, area_m2, papers
from sandan.calc.ground.papers import Held, Line, Where
from tests.calc.ground_kit import OTHER, SQUARE, TOWN
from tests.factories.places import box


def held(kind: str, *key: str, **values: Any) -> Held:
    return Held(kind, key, "-".join(key), values)


def line(kind: str, *key: str, **told: Any) -> Line:
    return Line(Where("", 1), kind, key, told)


class TestCompare:
    def test_tells_new_changed_gone_and_untouched(self) -> None:
        here = [held("grid", f"{TOWN}{n}", name=n, households=300, outline=None) for n in ("001", "002", "003")]
        told = (("001", {"households": 300}), ("002", {"households": 400}), ("004", {}))
        plan = papers.compare([line("grid", f"{TOWN}{n}", **values) for n, values in told], here, ends_rest=True)
        assert [[turn.key[0][12:] for turn in turns] for turns in (plan.new, plan.changed, plan.gone)] == [
            ["004"],
            ["002"],
            ["003"],
        ]
        assert plan.changed[0].told == {"households": 400}
        assert plan.same == {"grid": 1}

    def test_ends_nothing_elsewhere_and_nothing_of_another_kind(self) -> None:
        here = [
            held("grid", f"{OTHER}001"),
            held("exclusive", f"{TOWN}901"),
            held("grid", f"{TOWN}002"),
            held("micro", f"{TOWN}00201"),
        ]
        plan = papers.compare([line("grid", f"{TOWN}001")], here, ends_rest=True)
        assert {turn.key[0] for turn in plan.gone} == {f"{TOWN}002", f"{TOWN}00201"}
        assert papers.compare([line("grid", f"{TOWN}001")], here, ends_rest=False).gone == ()

    def test_makes_the_estates_that_buildings_name(self) -> None:
        plan = papers.compare(
            [line("building", TOWN, "云和花园", n, lon=112.51 + int(n) / 1000, lat=37.81) for n in ("1", "3")], [], True
        )
        assert [(turn.kind, turn.told.get("lon")) for turn in plan.new][-1] == ("estate", pytest.approx(112.512))

    def test_finds_micro_grids_without_a_grid_and_buildings_in_none(self) -> None:
        rows = [
            line("grid", f"{TOWN}001"),
            line("micro", f"{TOWN}00901"),
            line("building", TOWN, "云", "1", grid=f"{TOWN}008"),
        ]
        assert [fault.what for fault in papers.compare(rows, [], True).faults] == ["no_parent", "no_grid"]

    def test_takes_a_ring_that_begins_elsewhere_for_the_same(self) -> None:
        ring = SQUARE["coordinates"][0][:-1]
        turned = [*ring[2:], *ring[:2]]
        assert papers.same_outline(SQUARE, {"type": "Polygon", "coordinates": [[*turned, turned[0]]]})
        assert not papers.same_outline(SQUARE, box(112.51, 37.81, 112.52, 37.8201))


class TestSuccessors:
    def test_are_those_on_the_same_ground_the_largest_first(self) -> None:
        new = {f"{TOWN}002": box(112.51, 37.81, 112.517, 37.82), f"{TOWN}003": box(112.517, 37.81, 112.52, 37.82)}
        found = papers.successors({f"{TOWN}001": SQUARE}, {**new, f"{TOWN}901": SQUARE})[f"{TOWN}001"]
        assert [(code[12:], round(share, 2)) for code, share in found] == [("002", 0.7), ("003", 0.3)]

    def test_is_the_nearest_where_none_lies_there(self) -> None:
        new = {f"{TOWN}002": box(112.53, 37.81, 112.54, 37.82), f"{TOWN}003": box(112.57, 37.81, 112.58, 37.82)}
        assert papers.successors({f"{TOWN}001": SQUARE}, new)[f"{TOWN}001"] == [(f"{TOWN}002", 0.0)]


CELL_SIDE = 0.002  # degrees
SIZE = 4


def tiling() -> dict[str, Any]:
    """A community of four times four square grids."""
    side = CELL_SIDE
    corners = [(112.51 + column * side, 37.81 + row * side) for row in range(SIZE) for column in range(SIZE)]
    return {f"{TOWN}{n:03d}": box(x, y, x + side, y + side) for n, (x, y) in enumerate(corners, start=1)}


WHOLE = box(112.51, 37.81, 112.51 + SIZE * CELL_SIDE, 37.81 + SIZE * CELL_SIDE)


def flaws(outlines: dict[str, Any], whole: Any = WHOLE) -> list[papers.Flaw]:
    return papers.tiling_flaws(
        [Cell(code, "grid", outline) for code, outline in outlines.items()], {TOWN: whole}, {TOWN}
    )


class TestTilingFlaws:
    def test_finds_nothing_in_a_whole_tiling(self) -> None:
        assert flaws(tiling()) == []

    @given(st.integers(1, SIZE**2), st.floats(0.02, 0.9))
    def test_finds_a_gap_with_its_area(self, number: int, share: float) -> None:
        """R102"""
        code, outlines = f"{TOWN}{number:03d}", tiling()
        west, south = outlines[code]["coordinates"][0][0]
        hole = box(west, south, west + CELL_SIDE * share, south + CELL_SIDE)
        outlines[code] = box(west + CELL_SIDE * share, south, west + CELL_SIDE, south + CELL_SIDE)
        (flaw,) = flaws(outlines)
        assert flaw.what == "gap"
        assert flaw.amount == pytest.approx(area_m2(hole), rel=1e-3)
        assert west < (flaw.lon or 0) < west + CELL_SIDE * share

    @given(st.integers(1, SIZE**2 - 1).filter(lambda n: n % SIZE), st.floats(0.02, 0.9))
    def test_finds_an_overlap_with_its_area_and_both_grids(self, number: int, share: float) -> None:
        """R102"""
        code, outlines = f"{TOWN}{number:03d}", tiling()
        west, south = outlines[code]["coordinates"][0][0]
        outlines[code] = box(west, south, west + CELL_SIDE * (1 + share), south + CELL_SIDE)
        (flaw,) = flaws(outlines)
        assert (flaw.what, flaw.codes) == ("overlap", (code, f"{TOWN}{number + 1:03d}"))
        assert flaw.amount == pytest.approx(area_m2(outlines[code]) * share / (1 + share), rel=1e-3)

    def test_overlooks_what_comes_from_rounding(self) -> None:
        outlines = tiling()
        outlines[f"{TOWN}001"] = box(112.51, 37.81, 112.51 + CELL_SIDE - 2e-8, 37.81 + CELL_SIDE)
        assert flaws(outlines) == []

    def test_finds_what_sticks_out_of_a_drawn_community(self) -> None:
        outlines = tiling() | {f"{TOWN}017": box(112.509, 37.81, 112.51, 37.811)}
        assert [(flaw.what, flaw.codes) for flaw in flaws(outlines)] == [("outside", (TOWN,))]

    def test_finds_only_enclosed_gaps_where_the_community_is_not_drawn(self) -> None:
        outlines = tiling()
        del outlines[f"{TOWN}004"], outlines[f"{TOWN}006"]
        assert [flaw.what for flaw in flaws(outlines, None)] == ["gap"]

    def test_finds_micro_grids_outside_their_grid(self) -> None:
        cells = [
            Cell(f"{TOWN}001", "grid", SQUARE),
            Cell(f"{TOWN}00101", "micro", box(112.515, 37.815, 112.521, 37.82)),
        ]
        assert [flaw.what for flaw in papers.tiling_flaws(cells, {TOWN: SQUARE}, {TOWN})] == ["stray"]


class TestAliasFlaws:
    def test_names_the_word_and_both_estates(self) -> None:
        found = papers.alias_flaws([(TOWN, "云和花园", ("云和",)), (TOWN, "云和苑", ("云和",)), (OTHER, "云和", ())])
        assert [flaw.codes for flaw in found] == [(TOWN, "云和", "云和花园", "云和苑")]
