"""Sheets as offices keep them."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from sandan.calc.sheets import books, headings
from sandan.calc.sheets.lists import Line, Reader, discreet, listing
from sandan.calc.sheets.records import Fault, Where
from sandan.calc.sheets.values import Unreadable, day_of, identity_of, person_of
from tests.places.sheets import workbook

KNOWN = headings.meanings({"name": "姓名 名字", "phone": "手机 联系电话", "grid": "网格 所在网格"})
REQUIRED = (frozenset({"name"}),)


def read(data: bytes) -> list[tuple[int, dict[str, object]]]:
    return [(line.where.row, dict(line.cells)) for line in listing(data, KNOWN, REQUIRED).lines]


def with_formula(result: str | None) -> bytes:
    """A sheet in which B2 is a formula, with or without the result a program leaves in the file."""
    book = Workbook()
    page = book.active
    page.title = "表"
    page.append(["姓名", "手机"])
    page["A2"], page["B2"] = "景师古", "=C2&D2"
    file = BytesIO()
    book.save(file)
    if result is None:
        return file.getvalue()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out := BytesIO(), "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(
                part,
                text.replace(b"<v></v>", b"<v>%b</v>" % result.encode()).replace(
                    b"<v />", b"<v>%b</v>" % result.encode()
                ),
            )
    return out.getvalue()


class TestListing:
    def test_finds_the_heading_below_titles_and_passes_over_sums_and_headings_again(self) -> None:
        rows = [
            ["全区在职党员名册"], [], ["序号", "名 字＊", "联系电话（手机）", "民族"], [1, "景师古", "138", "汉"],
            ["序号", "名字", "联系电话", "民族"], [2, "丰素珍", "139", "汉"], ["合计", 2], ["填表人：周敏"],
        ]  # fmt: skip
        data = workbook(("名册", rows), merged=["A1:D1"])
        assert read(data) == [(4, {"name": "景师古", "phone": "138"}), (6, {"name": "丰素珍", "phone": "139"})]
        assert listing(data, KNOWN, REQUIRED).unused == (("名册", "序号"), ("名册", "民族"))

    def test_fills_merged_cells_down(self) -> None:
        rows = [["网格", "姓名"], ["东网格", "景师古"], [None, "丰素珍"]]
        assert [cells["grid"] for _row, cells in read(workbook(("表", rows), merged=["A2:A3"]))] == ["东网格", "东网格"]

    def test_reads_several_sheets_and_names_the_hidden_ones_but_our_own(self) -> None:
        rows = [["姓名", "手机"], ["景师古", "138"]]
        data = workbook(("甲", rows), ("乙", rows), ("旧", rows), ("_选项", rows), hidden=["旧", "_选项"])
        found = listing(data, KNOWN, REQUIRED)
        assert ([line.where for line in found.lines], found.skipped) == (
            [Where("甲", 2), Where("乙", 2)],
            (("旧", "hidden"),),
        )

    def test_names_the_column_that_is_missing(self) -> None:
        found = listing(workbook(("表", [["手机", "网格"], ["138", "东"]])), KNOWN, REQUIRED)
        assert found.faults == (Fault(Where("表", 1), "", "column_missing", "name"),)

    def test_uses_the_result_of_a_formula_and_says_so(self) -> None:
        found = listing(with_formula("13800000001"), KNOWN, REQUIRED)
        assert found.lines[0].unsolved == frozenset()
        assert found.solved == (("表", "B", "手机"),)

    def test_knows_a_formula_without_a_result(self) -> None:
        found = listing(with_formula(None), KNOWN, REQUIRED)
        assert (found.lines[0].unsolved, found.solved) == (frozenset({"phone"}), ())

    def test_finds_every_formula_wherever_the_file_is_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for size in range(40, 60):
            monkeypatch.setattr(books, "CHUNK", size)
            tables, _hidden = books.tables(with_formula("13800000001"))
            assert dict(tables[0].formulas) == {(2, 1): True}


class TestReader:
    def test_keeps_row_column_and_what_is_wrong(self) -> None:
        faults: list[Fault] = []
        line = Line(Where("表", 7), {"phone": "abc"}, {"phone": ("C", "手机")})

        def refuse(value: object) -> str:
            raise Unreadable("code", value, "看一眼")

        assert Reader(line, faults).get("phone", refuse) is None
        assert faults == [Fault(Where("表", 7), "手机", "code", "abc", "C", "看一眼")]


class TestDiscreet:
    @pytest.mark.parametrize(
        ("value", "key", "shown"),
        [
            ("13800000001", "unit", "…"), ("990201198005010017", "grid", "…"),
            ("990201001001001", "grid", "990201001001001"), ("99020119800501001X", "name", "…"),
            ("2026-01-03", "identity", "…"), ("城管局 13800000001", "unit", "城管局 …"),
        ],
    )  # fmt: skip
    def test_hides_numbers_of_people_and_keeps_codes_of_places(self, value: str, key: str, shown: str) -> None:
        assert discreet(value, key) == shown


class TestDayOf:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-08-10", "2026/8/10", "2026.8.10", "2026年8月10日", "２０２６年８月１０号", "20260810", 20260810,
            46244, "46244", "二〇二六年八月十日", "2026-08-10 00:00:00", " 2026 年 8 月 10 日 ",
            date(2026, 8, 10), datetime(2026, 8, 10, 9),  # noqa: DTZ001 (a table program knows no zone)
        ],
    )  # fmt: skip
    def test_reads_the_usual_writings(self, text: object) -> None:
        assert day_of(text) == date(2026, 8, 10)

    @pytest.mark.parametrize("text", [None, "", "长期", "至今", "无"])
    def test_takes_no_end_for_none(self, text: object) -> None:
        assert day_of(text) is None

    @pytest.mark.parametrize("text", ["8月10日", "10/8/2026", "2026年8月", "2026-02-30", "明年", "26.8.10"])
    def test_guesses_no_day(self, text: str) -> None:
        with pytest.raises(Unreadable):
            day_of(text)


class TestIdentityOf:
    def test_reads_eighteen_characters_in_any_width(self) -> None:
        assert identity_of(" ３６０４２６１９９１０１０１００７１ ") == "360426199101010071"
        assert identity_of("11010519491231002x") == "11010519491231002X"

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("110105491231002", "identity_old"), ("1101051949123100", "identity_form"),
            ("110105194912310021", "identity_check"), ("110105194913310021", "identity_birth"),
            (110105194912310021, "digits_lost"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_and_repeats_no_number(self, text: object, what: str) -> None:
        with pytest.raises(Unreadable) as fault:
            identity_of(text)
        assert fault.value.what == what
        if what != "digits_lost":  # there the reader of the row hides it
            assert fault.value.value == ""


class TestPersonOf:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("张 三", "张三"),
            (" 张　三 ", "张三"),
            ("阿里木・买买提", "阿里木·买买提"),
            ("Anna Li", "Anna Li"),
            (None, ""),
        ],
    )
    def test_reads_a_name(self, text: object, name: str) -> None:
        assert person_of(text) == name

    @pytest.mark.parametrize("text", ["张", "张三2", "13800000001", "张三/李四", "张三(党)"])
    def test_refuses_what_is_no_single_name(self, text: str) -> None:
        with pytest.raises(Unreadable):
            person_of(text)
