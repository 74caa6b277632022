"""A workbook to fill in: a note row, the headings, drop-downs; all cells are text, so that no number is cut short."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sandan.people.models import PeopleImport
from sandan.people.queries.import_columns import KIND_WORDS, SORTS, TITLES, UNIT_KINDS, resources, shifts
from sandan.people.queries.import_known import units_by_name
from sandan.people.queries.member_lists import skills
from sandan.places.models import Place

Kind = PeopleImport.Kind
LISTS = "_选项"  # a sheet of ours: an import passes over it without a word
ROWS = 5000
HEAD_ROW = 2
WIDTH, WIDE = 16, 24


def template_of(kind: str, county: str) -> bytes:
    """The empty list of that kind for a county, as .xlsx."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(KIND_WORDS[kind])
    titles = TITLES[kind]
    sheet.append([_note(kind)])
    sheet.append(list(titles.values()))
    _dress(sheet, len(titles))
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    letters = {key: get_column_letter(at) for at, key in enumerate(titles, start=1)}
    for number, (key, options) in enumerate(_options(kind, county).items(), start=1):
        _column(lists, number, options)
        name = f"list_{key}"
        area = f"{quote_sheetname(LISTS)}!${get_column_letter(number)}$1:${get_column_letter(number)}${len(options)}"
        if options and key in letters:
            book.defined_names[name] = DefinedName(name, attr_text=area)
            _offer(sheet, letters[key], f"={name}", is_strict=key != "offers")
    if "grid" in letters and kind != Kind.UNITS:
        _offer_grids(book, sheet, lists, letters, county)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _note(kind: str) -> str:
    first = _("填表说明：带 * 的列要填，别的能填就填；列名不要改。手机号、身份证号这两列已设为文本。")
    more = {
        Kind.UNITS: _("一个单位一行，几个社区用顿号隔开；资源照下拉里的说法写，几种用顿号隔开。"),
        Kind.MEMBERS: _(
            "一人一行。网格写社区加网格，或只写 15 位网格编码；小区只在一个网格里的，写小区也行。"
            "身份证号可以空着，只用来分清同名的人，导入后不保存。"
        ),
        Kind.POSTS: _(
            "一个岗位一行，一个人有几个岗位就写几行。联络员写街道，派单员写社区，网格员写社区和网格，经办人写单位。"
            "日期写成 2026-08-10；没写开始就从导入那天算，没写结束就是长期。"
        ),
    }[Kind(kind)]
    return first + more


def _dress(sheet: Worksheet, width: int) -> None:
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 64
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    for at in range(1, width + 1):
        cell = sheet.cell(HEAD_ROW, at)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EEF7")
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width, column.number_format = WIDE if at == 1 else WIDTH, "@"
    for row in sheet.iter_rows(min_row=HEAD_ROW + 1, max_row=HEAD_ROW + 200, max_col=width):
        for cell in row:
            cell.number_format = "@"  # some programs heed only the cell


def _options(kind: str, county: str) -> dict[str, list[str]]:
    """The choices of each column."""
    places = Place.objects.current().within(county)
    towns = list(places.filter(kind=Place.Kind.COMMUNITY).order_by("code").values_list("name", flat=True))
    units = sorted(units_by_name(county))
    if kind == Kind.UNITS:
        kinds = ["报到单位", *(word for word in UNIT_KINDS if word == "职能部门")]
        return {"community": towns, "kind": kinds, "offers": list(resources())}
    if kind == Kind.MEMBERS:
        return {"community": towns, "unit": units, "skills": list(skills())}
    streets = places.filter(kind=Place.Kind.STREET).order_by("code").values_list("name", flat=True)
    return {
        "community": towns, "unit": units, "street": list(streets), "role": list(SORTS), "shift": list(shifts()),
    }  # fmt: skip


def _column(lists: Worksheet, number: int, options: Sequence[str]) -> None:
    for row, text in enumerate(options, start=1):
        cell = lists.cell(row, number, text)
        cell.data_type = "s"  # a name that begins like a formula stays a name


def _offer(sheet: Worksheet, letter: str, formula: str, *, is_strict: bool) -> None:
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=is_strict)
    rule.error, rule.errorTitle = _("请从下拉里选，或照下拉里的说法写。"), _("没有这一项")
    rule.errorStyle = "warning"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{HEAD_ROW + ROWS}")


def _offer_grids(book: Workbook, sheet: Worksheet, lists: Worksheet, letters: dict[str, str], county: str) -> None:
    """The grids of the community in the same row: the list is sorted by community, the rule cuts its part."""
    first = lists.max_column + 1
    kinds = [Place.Kind.GRID, Place.Kind.EXCLUSIVE]
    rows = Place.objects.current().within(county).filter(kind__in=kinds).order_by("code")
    pairs = list(rows.values_list("parent__name", "name"))
    _column(lists, first, [town for town, _grid in pairs])
    _column(lists, first + 1, [grid for _town, grid in pairs])
    towns, grids = get_column_letter(first), get_column_letter(first + 1)
    at, where = f"${letters['community']}{HEAD_ROW + 1}", quote_sheetname(LISTS)
    book.defined_names["grid_towns"] = DefinedName("grid_towns", attr_text=f"{where}!${towns}:${towns}")
    formula = f"=OFFSET({where}!${grids}$1,MATCH({at},grid_towns,0)-1,0,COUNTIF(grid_towns,{at}),1)"
    _offer(sheet, letters["grid"], formula, is_strict=False)
