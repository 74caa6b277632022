"""What the tests of imports share: a small county with a unit and a scheme, workbooks, and one call for the way in."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from stdnum.cn import ric

from sandan.people.actions import importing
from sandan.people.actions.import_plans import Plan
from sandan.people.models import PeopleImport, Scheme, Unit
from sandan.people.queries import import_words
from sandan.places.models import Place
from tests.factories.people import NOON, a_place, a_unit
from tests.places.sheets import workbook

COUNTY = "990201"
TOWN, OTHER_TOWN = f"{COUNTY}001001", f"{COUNTY}001002"
FIRST, SECOND, THIRD = (f"{TOWN}00{n}" for n in (1, 2, 3))
ELSEWHERE = f"{OTHER_TOWN}001"
HEADS = ("姓名", "手机号码", "身份证号", "所在单位", "社区", "网格")


def a_ground() -> Unit:
    """Two communities with their grids, and 城管局."""
    for code, name in {FIRST: "东网格", SECOND: "第二网格", THIRD: "西网格", ELSEWHERE: "东网格"}.items():
        place = a_place(code)
        Place.objects.filter(pk=place.pk).update(name=name)
    Place.objects.filter(code=OTHER_TOWN).update(name="水务院社区")
    return a_unit()


def a_scheme() -> Scheme:
    """A scheme in force, under which units report in."""
    return Scheme.objects.create(
        scope=COUNTY, version=1, name="双报到", audience="对象", procedure="程序", tasks="任务", review="评议",
        from_on=date(2026, 1, 1), at=NOON,
    )  # fmt: skip


def identity(serial: int, born: str = "19800501") -> str:
    """A sound identity number of an invented place."""
    body = f"990201{born}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def sheet(*rows: Sequence[object], heads: Sequence[object] = HEADS, **options: Any) -> bytes:
    """A workbook of one list with the usual headings in the first row."""
    return workbook(("名单", [list(heads), *(list(row) for row in rows)]), **options)


def with_formula(*rows: Sequence[object], cell: str, formula: str, heads: Sequence[object] = HEADS) -> bytes:
    """A list in which one cell holds a formula that no program has worked out."""
    book = Workbook()
    page = book.active
    page.title = "名单"
    for row in (heads, *rows):
        page.append(list(row))
    page[cell] = formula
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def draft(data: bytes, kind: str = "members", by: Any = "system") -> PeopleImport:
    return importing.receive_list(
        kind=kind, county=Place.objects.get(code=COUNTY), name="名单.xlsx", data=data, by=by, at=NOON
    )


def looked(data: bytes, kind: str = "members", by: Any = "system", answers: dict[str, str] | None = None) -> Plan:
    return importing.look_over(draft=draft(data, kind, by), by=by, at=NOON, answers=answers or {})


def applied(
    data: bytes, kind: str = "members", by: Any = "system", answers: dict[str, str] | None = None
) -> PeopleImport:
    return importing.apply_list(draft=draft(data, kind, by), by=by, at=NOON, answers=answers or {})


def undone(work: PeopleImport) -> PeopleImport:
    return importing.undo_list(work=work, by="system", at=NOON)


def said(plan: Plan) -> list[str]:
    """The faults of a plan as the report prints them."""
    return [import_words.fault_words(fault, plan.kind) for fault in plan.faults]
