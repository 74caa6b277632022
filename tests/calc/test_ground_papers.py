"""An office's lists and maps, read as they come."""

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from sandan.calc.ground import Datum, from_wgs84, papers
from sandan.calc.ground.papers import Draft, Fault, Known, Where
from tests.calc.ground_kit import OTHER, SQUARE, TOWN
from tests.factories.places import box
from tests.places.sheets import workbook

KNOWN = Known(
    "990201", (112.5, 37.8, 112.6, 37.9), {TOWN: "霁山社区居委会", OTHER: "桐花社区居委会"},
    {f"{TOWN}001": "东网格", f"{TOWN}00101": "东一"}, {(TOWN, "grid"): 5, (f"{TOWN}001", "micro"): 1},
    {"桐花苑": (OTHER,)},
)  # fmt: skip


def read(data: bytes, datum: Datum | None = Datum.WGS84) -> Draft:
    return papers.read_ground(data, KNOWN, datum)


def keys(draft: Draft) -> list[tuple[str, ...]]:
    return [(line.kind, *line.key) for line in draft.lines]


def faults(draft: Draft) -> list[tuple[int, str, str]]:
    return [(fault.where.row, fault.column, fault.what) for fault in draft.faults]


def geojson(*features: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def feature(outline: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": outline}


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    """A polygon through these corners and back."""
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


class TestReadWorkbook:
    def test_finds_the_heading_below_titles_and_overlooks_sums_and_remarks(self) -> None:
        """R102 R103"""
        rows = [
            ["沐云区网格一览表", None, None], [None], ["序 号", "网格编码＊", "网格名称", "户　数（户）"],
            [1, " ９９０２０１００１００１００１ ", "东网格 ", "３５０"], ["合 计", None, None, 350],
            ["注：以社区上报为准"],
        ]  # fmt: skip
        draft = read(workbook(("表一", rows), merged=["A1:D1"]))
        assert draft.faults == ()
        (line,) = draft.lines
        assert (line.kind, line.key, dict(line.told)) == (
            "grid",
            (f"{TOWN}001",),
            {"name": "东网格", "households": 350},
        )
        assert line.where == Where("表一", 4)

    def test_fills_merged_cells(self) -> None:
        rows = [
            ["社区", "小区名称", "楼号", "户数"],
            ["霁山社区", "云和花园", "1号楼", 40], [None, None, "2栋", 36], [None, None, "第3幢", 20],
        ]  # fmt: skip
        draft = read(workbook(("楼栋", rows), merged=["A2:A4", "B2:B4"]))
        assert keys(draft) == [("building", TOWN, "云和花园", str(n)) for n in (1, 2, 3)]

    def test_leaves_hidden_and_headless_sheets_out_and_says_so(self) -> None:
        rows = [["网格编码", "户数"], [f"{TOWN}001", 300]]
        draft = read(workbook(("网格", rows), ("旧表", rows), ("说明", [["请如实填写"]]), hidden=["旧表"]))
        assert keys(draft) == [("grid", f"{TOWN}001")]
        assert set(draft.skipped) == {("旧表", "hidden"), ("说明", "no_header")}

    def test_reads_numbers_as_text_and_text_as_numbers(self) -> None:
        rows = [["网格代码", "住户数"], [990201001001001, "三百二十户"], ["990201001001-902", "1,200.0"]]
        draft = read(workbook(("网格", rows)))
        assert keys(draft) == [("grid", f"{TOWN}001"), ("exclusive", f"{TOWN}902")]
        assert [line.told["households"] for line in draft.lines] == [320, 1200]

    def test_builds_codes_of_community_and_number(self) -> None:
        rows = [
            ["所属社区", "网格编号", "网格类型"],
            ["霁山", "第3网格", None],
            ["霁山社区", "002", "专属网格"],
            [OTHER, 7, None],
        ]
        draft = read(workbook(("网格", rows)))
        assert keys(draft) == [("grid", f"{TOWN}003"), ("grid", f"{OTHER}007"), ("exclusive", f"{TOWN}902")]

    def test_gives_new_grids_numbers_that_were_never_used(self) -> None:
        rows = [["社区", "网格名称"], ["霁山社区", "东网格"], ["霁山社区", "湖滨网格"], ["霁山社区", "站前网格"]]
        draft = read(workbook(("网格", rows)))
        assert keys(draft) == [("grid", f"{TOWN}{n}") for n in ("001", "006", "007")]

    def test_finds_micro_grids_by_the_grid_they_are_in(self) -> None:
        rows = [["社区", "所属网格", "微网格编号", "户数"], ["霁山", "东网格", "2", 48], ["霁山", "第1网格", 3, 51]]
        draft = read(workbook(("微网格", rows)))
        assert keys(draft) == [("micro", f"{TOWN}00102"), ("micro", f"{TOWN}00103")]

    def test_names_row_and_column_of_every_fault(self) -> None:
        """R102"""
        rows = [
            ["社区", "小区", "楼号", "层数", "经度", "纬度"],
            ["无名社区", "云和花园", "1", 6, 112.51, 37.81],
            ["霁山", "云和花园", date(2026, 3, 1), 6, 112.51, 37.81],
            ["霁山", "云和花园", "2", "好几层", 112.51, 37.81], ["霁山", "云和花园", "3", 6, 37.81, 112.51],
            ["霁山", "云和花园", "4", "#REF!", 112.51, 37.81], ["霁山", "云和花园", "5", 6, 121.5, 31.2],
            ["霁山", "云和花园", "6", 6, 112.51, 37.81], ["霁山", "云和花园", "6号楼", 6, 112.51, 37.81],
        ]  # fmt: skip
        assert faults(read(workbook(("楼栋", rows)))) == [
            (2, "社区", "no_community"), (3, "楼号", "date"), (4, "层数", "number"), (5, "经度", "swapped"),
            (6, "层数", "error"), (7, "经度", "far"), (9, "", "twice"),
        ]  # fmt: skip

    def test_sees_codes_that_a_table_program_cut_short(self) -> None:
        rows = [["微网格编码", "户数"], [99020100100100103, 50], ["9902010010010", 50], ["99020100100100x", 50]]
        draft = read(workbook(("微网格", rows)))
        assert [fault.what for fault in draft.faults] == ["digits_lost", "code_length", "code"]

    def test_asks_for_the_datum_unless_a_heading_tells_it(self) -> None:
        rows: list[list[object]] = [["小区", "社区", "经度", "纬度"], ["云和花园", "霁山", 112.51, 37.81]]
        assert read(workbook(("小区", rows)), None).needs_datum
        rows[0][2] = "经度（百度坐标）"
        draft = read(workbook(("小区", rows)), None)
        assert not draft.needs_datum
        assert from_wgs84(draft.lines[0].told["lon"], draft.lines[0].told["lat"], Datum.BD09) == pytest.approx(
            (112.51, 37.81)
        )

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"\xd0\xcf\x11\xe0" + bytes(600), "old"), (b"PK\x03\x04 nothing", "no_book"), (b"\x89PNG\r\n", "no_book"),
            (b'{"type": "Feature"}', "no_geojson"), (b"[" * 100_000, "no_geojson"),
            (b"{" + bytes(41 * 2**20), "too_big"),
        ],
        ids=["xls", "broken", "picture", "no collection", "deep", "large"],
    )  # fmt: skip
    def test_says_what_is_wrong_with_a_file_that_is_none(self, data: bytes, what: str) -> None:
        assert [fault.what for fault in read(data).faults] == [what]

    def test_refuses_a_file_that_unpacks_to_a_mountain(self) -> None:
        bomb = BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            with archive.open("xl/worksheets/sheet1.xml", "w") as part:
                for _ in range(401):
                    part.write(bytes(2**20))
        assert len(bomb.getvalue()) < 2**20
        assert [fault.what for fault in read(bomb.getvalue()).faults] == ["too_big"]

    def test_refuses_a_book_whose_text_grows_without_end(self) -> None:
        """XML entities within entities."""
        good = workbook(("网格", [["网格编码", "户数"], [f"{TOWN}001", 300]]))
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        evil = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        bomb = BytesIO()
        with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(bomb, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name.endswith("sheet1.xml"):
                    text = evil.encode() + text.replace(b"<sheetData>", b"<sheetData>&l9;")
                new.writestr(name, text)
        assert [fault.what for fault in read(bomb.getvalue()).faults] == ["no_book"]


class TestReadGeoJson:
    def test_reads_cells_estates_and_buildings(self) -> None:
        """R102"""
        point = {"type": "Point", "coordinates": [112.515, 37.815]}
        data = geojson(
            feature(SQUARE, 网格编码=f"{TOWN}001", 网格名称="东网格", 户数="350"),
            feature(point, 小区="云和花园", 社区="霁山社区", aliases=["老纺织厂", "云和"]),
            feature(point, 小区="云和花园", 社区="霁山社区", 楼号="3号楼"),
        )
        draft = read(data)
        assert draft.faults == ()
        assert keys(draft) == [
            ("grid", f"{TOWN}001"),
            ("estate", TOWN, "云和花园"),
            ("building", TOWN, "云和花园", "3"),
        ]
        assert draft.lines[1].told["aliases"] == ("老纺织厂", "云和")

    @pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
    def test_converts_outlines_told_in_another_datum(self, datum: Datum) -> None:
        shifted = {
            "type": "Polygon",
            "coordinates": [[list(from_wgs84(x, y, datum)) for x, y in SQUARE["coordinates"][0]]],
        }
        (line,) = read(geojson(feature(shifted, code=f"{TOWN}001"), datum=str(datum)), None).lines
        assert papers.same_outline(line.told["outline"], SQUARE)

    def test_asks_for_the_datum(self) -> None:
        draft = read(geojson(feature(SQUARE, code=f"{TOWN}001")), None)
        assert (draft.needs_datum, draft.faults) == (True, ())
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
        assert not read(geojson(feature(SQUARE, code=f"{TOWN}001"), crs=crs), None).needs_datum

    @pytest.mark.parametrize(
        ("outline", "what"),
        [
            (ring((112.51, 37.81), (112.52, 37.82), (112.52, 37.81), (112.51, 37.82)), "crossing"),
            (ring((112.51, 37.81), (112.52, 37.83), (112.52, 37.81), (112.51, 37.82)), "crossing"),
            (ring((112.51, 37.81), (112.52, 37.82), (112.51, 37.81)), "no_area"),
            ({"type": "LineString", "coordinates": [[112.51, 37.81], [112.52, 37.82]]}, "no_area"),
            ({"type": "Polygon", "coordinates": "112.51"}, "broken_area"),
            (box(37.81, 112.51, 37.82, 112.52), "swapped"), (box(121.4, 31.2, 121.5, 31.3), "far"),
        ],
        ids=["bow", "crossing", "two corners", "line", "text", "swapped", "far"],
    )  # fmt: skip
    def test_refuses_outlines_that_are_none(self, outline: Any, what: str) -> None:
        assert faults(read(geojson(feature(outline, code=f"{TOWN}001")))) == [(1, "geometry", what)]


def test_a_fault_is_told_for_a_file_without_anything() -> None:
    assert read(workbook(("表", [["天气", "心情"], ["晴", "好"]]))).faults == (Fault(Where("", 0), "", "nothing"),)
