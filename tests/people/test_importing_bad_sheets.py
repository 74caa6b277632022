"""Broken files as offices bring them: for each the sheet, the row, the column and what to do."""

from datetime import date

import pytest

from sandan.people.models import Person
from tests.factories.people import STREET, somebody
from tests.people.import_kit import (
    COUNTY,
    FIRST,
    SECOND,
    THIRD,
    a_ground,
    identity,
    looked,
    said,
    sheet,
    with_formula,
)
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db
WHO = "景师古"
TOWN, GRID = "造纸厂社区", "东网格"
POSTS = ("姓名", "岗位", "社区", "网格", "街道", "开始日期", "结束日期")


def member(name: object = WHO, phone: object = None, ident: object = None, unit: object = None,
           town: object = TOWN, grid: object = GRID) -> tuple[object, ...]:  # fmt: skip
    return name, phone, ident, unit, town, grid


def post(role: object, grid: object = GRID, begin: object = None, end: object = None) -> tuple[object, ...]:
    return WHO, role, TOWN, grid, None, begin, end


BAD_ROWS = {  # a row of members: column and what to do
    "short phone": (member(phone="1380000000"), "B 列“手机号码”：少了 1 位，手机号是 11 位"),
    "long phone": (member(phone="138000000011"), "B 列“手机号码”：多了 1 位，手机号是 11 位"),
    "no mobile": (member(phone="03514211234"), "B 列“手机号码”：手机号以 13 到 19 开头"),
    "two phones": (member(phone="13800000001/13800000002"), "B 列“手机号码”：一格里有几个号码。请只留本人常用的一个"),
    "words for a phone": (member(phone="同上"), "B 列“手机号码”：手机号里只能有数字"),
    "phone as a date": (member(phone=date(2026, 1, 3)), "B 列“手机号码”：“…”被表格软件当成了日期。请把这一列设为文本"),
    "old identity number": (
        member(ident="140102800501123"), "C 列“身份证号”：这是 15 位的老身份证号，老证 2013 年起已停用",
    ),
    "identity number cut": (member(ident=990201198005010017), "C 列“身份证号”：数字太长，末几位已被表格软件改成 0"),
    "short identity number": (member(ident="99020119800501001"), "C 列“身份证号”：身份证号要 18 位"),
    "identity of no day": (member(ident=identity(1, "19800230")), "C 列“身份证号”：身份证号里的出生日期没有这一天"),
    "wrong check digit": (
        member(ident=identity(1)[:17] + ("1" if identity(1)[17] != "1" else "2")),
        "C 列“身份证号”：身份证号末位校验不对",
    ),
    "two people in a cell": (member(name="景师古、丰素珍"), "A 列“姓名”：“景师古、丰素珍”是几个人。请一人一行"),
    "a remark in the name": (member(name="景师古（退休）"), "A 列“姓名”：“景师古(退休)”不像姓名"),
    "half a name": (member(name="景"), "A 列“姓名”：“景”不像完整的姓名。请写全名"),
    "no name": (member(name=None), "A 列“姓名”：没写姓名。请补上，或删掉这一行"),
    "unknown unit": (
        member(unit="城管局局"), "D 列“所在单位”：没有登记过“城管局局”这个单位，是不是“城管局”。请先导入单位",
    ),
    "unknown community": (member(town="造纸厂区"), "E 列“社区”：没有“造纸厂区”这个社区，是不是“造纸厂社区”"),
    "unknown grid": (member(grid="中网格"), "F 列“网格”：没有“中网格”这个网格，是不是“东网格”"),
    "grid of two communities": (member(town=None), "F 列“网格”：有几个“东网格”。请再写上社区，或写编码"),
    "no grid": (member(grid=None), "F 列“网格”：没写报到到哪个网格。请写社区和网格"),
    "code of no grid": (member(grid="990201001001999"), "F 列“网格”：没有编码为 990201001001999 的地方"),
    "error of a formula": (member(grid="#REF!"), "F 列“网格”：公式出错：#REF!。请改成数值"),
}  # fmt: skip
BAD_POSTS = {
    "unknown post": (post("网格张"), "B 列“岗位”：没有“网格张”这种岗位，是不是“网格长”"),
    "post for one alone": (post("审计员"), "B 列“岗位”：“审计员”不能用名单安排，要一个一个单独办"),
    "no post": (post(None), "B 列“岗位”：没写岗位。请从模板的下拉里选"),
    "no place": (post("网格长", None), "D 列“网格”"),
    "a day without a year": (
        post("网格长", begin="8月1日"), "F 列“开始日期”：“8月1日”看不出是哪一天。请写成 2026-08-10 这样",
    ),
    "term that is over": (post("网格长", end="2025.12.31"), "G 列“结束日期”：结束日期 2025-12-31 已经过了"),
    "term backwards": (
        post("网格长", begin="2027-01-01", end="20261231"), "G 列“结束日期”：结束日期 2026-12-31 早于开始日期",
    ),
}  # fmt: skip
BAD_PAIRS = {  # two rows of members that contradict each other
    "phone of two": (
        (member(phone="13800000001"), member(name="丰素珍", phone="13800000001")),
        "B 列“手机号码”：手机号和第 2 行一样，姓名却不同。请核对是谁的号码",
    ),
    "identity number of two": (
        (member(ident=identity(1)), member(name="丰素珍", ident=identity(1))),
        "C 列“身份证号”：身份证号和第 2 行一样，姓名或手机号却对不上",
    ),
    "two phones of one": (
        (member(phone="13800000001", ident=identity(1)), member(phone="13800000002", ident=identity(1))),
        "B 列“手机号码”：身份证号和第 2 行是同一个人，手机号却不同。请留一个",
    ),
    "two identity numbers of one": (
        (member(phone="13800000001", ident=identity(1)), member(phone="13800000001", ident=identity(2))),
        "C 列“身份证号”：手机号和第 2 行是同一个人，身份证号却不同。请核对",
    ),
}  # fmt: skip
BAD_FILES = {  # what keeps a file from being read at all
    "nothing": (b"PK", "这不是 .xlsx 表格"),
    "a text": ("姓名,手机\n景师古,138".encode(), "这不是 .xlsx 表格"),
    "an old file": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "这是旧版 .xls，或者加了密码。请在表格软件里另存为 .xlsx",
    ),
    "no heading": (workbook(("名单", [["请如实填写"], [WHO, 1]])), "没找到能导入的内容。要有一行表头"),
    "all hidden": (
        workbook(("封面", []), ("名单", [["姓名", "网格"], [WHO, FIRST]]), hidden=["名单"]), "没找到能导入的内容",
    ),
    "no names": (sheet((TOWN, GRID), heads=("社区", "网格")), "表“名单”第 1 行：表头里没有“姓名”这一列。请补上"),
    "no place": (sheet((WHO, "城管局"), heads=("姓名", "单位")), "表“名单”第 1 行：表头里没有“网格编码”这一列"),
}  # fmt: skip


class TestBadSheets:
    """30 broken files and more, each with row, column and what to do."""

    @pytest.mark.parametrize("case", BAD_ROWS)
    def test_of_members_name_row_and_column(self, case: str) -> None:
        a_ground()
        row, words = BAD_ROWS[case]
        plan = looked(sheet(member("丰素珍", "13800000009"), row))
        assert said(plan)[0].startswith(f"表“名单”第 3 行 {words}")
        assert len(plan.faults) == 1
        assert not plan.is_ready

    @pytest.mark.parametrize("case", BAD_POSTS)
    def test_of_posts_name_row_and_column(self, case: str) -> None:
        a_ground()
        row, words = BAD_POSTS[case]
        if case == "no place":
            row = (*row[:2], None, *row[3:])
        (said_so,) = said(looked(sheet(row, heads=POSTS), "posts"))
        assert said_so.startswith(f"表“名单”第 2 行 {words}")

    @pytest.mark.parametrize("case", BAD_PAIRS)
    def test_of_two_rows_name_the_other_row(self, case: str) -> None:
        a_ground()
        rows, words = BAD_PAIRS[case]
        (said_so,) = said(looked(sheet(*rows)))
        assert said_so.startswith(f"表“名单”第 3 行 {words}")

    @pytest.mark.parametrize("case", BAD_FILES)
    def test_that_cannot_be_read_say_why(self, case: str) -> None:
        a_ground()
        data, words = BAD_FILES[case]
        assert said(looked(data))[0].startswith(words)

    def test_with_a_formula_that_nobody_worked_out_name_the_cell(self) -> None:
        a_ground()
        data = with_formula(member(grid="x"), cell="F2", formula='=CONCATENATE("东","网格")')
        assert said(looked(data)) == [
            "表“名单”第 2 行 F 列“网格”：这一格是公式，文件里没存结果。请复制这一列，选择性粘贴为数值，再存一次。"
        ]

    def test_ask_for_more_grids_than_one_can_serve(self) -> None:
        a_ground()
        codes = (FIRST, SECOND, THIRD, "990201001002001")
        (words,) = said(looked(sheet(*(member(phone="13800000001", town=None, grid=code) for code in codes))))
        assert words.startswith("表“名单”第 2 行 F 列“网格”：一个人最多在 3 个网格报到")

    def test_check_in_somebody_whose_powers_stand_apart(self) -> None:
        a_ground()
        somebody(WHO, "auditor", COUNTY)
        pk = Person.objects.get().pk
        (words,) = said(looked(sheet(member()), answers={"名单!2": f"p{pk}"}))
        assert words.startswith("表“名单”第 2 行 A 列“姓名”：景师古管账号、管日志或是外单位的账号")

    def test_give_one_post_twice(self) -> None:
        a_ground()
        row = (*post("网格长")[:1], *post("网格长")[1:])
        heads = (*POSTS, "手机")
        rows = [(*row, "13800000001"), (*row, "13800000001")]
        (words,) = said(looked(sheet(*rows, heads=heads), "posts"))
        assert words.startswith("表“名单”第 3 行 B 列“岗位”：和第 2 行是同一个人的同一个岗位")

    def test_name_one_street_twice_for_liaisons(self) -> None:
        a_ground()
        rows = [(name, "街道联络员", None, None, STREET, None, None) for name in ("柏若宁", "缪凤英")]
        (words,) = said(looked(sheet(*rows, heads=POSTS), "posts"))
        assert words.startswith("表“名单”第 3 行 B 列“岗位”：银杏街道在这段时间已有联络员")
