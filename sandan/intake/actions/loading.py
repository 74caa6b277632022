"""`sandan load`: the files of the catalogue become rows; what is the same stays untouched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.intake import queries
from sandan.intake.actions.reading import LEVELS, NO_REQUESTS, PRIVACIES, URGENCIES, Row, by_code, rows
from sandan.intake.models import Category

CATEGORY_COLUMNS = (
    *("code", "parent_code", "name_cn", "name_en", "department_cn", "is_request", "default_level", "default_urgency"),
    *("accept_hours", "finish_value", "finish_unit", "clock", "urgent_accept_hours", "urgent_finish_hours"),
    *("burst_accept_minutes", "burst_feedback_hours", "grab", "privacy", "callback", "evidence", "emergency_route"),
    *("skills", "keywords", "note"),
)
DUTY_COLUMNS = ("code", "duty", "rhythm", "field", "work_kind", "deputy")
DEPARTMENT_COLUMNS = ("code", "unit")
DEPARTMENT, ITEM = r"\d{2}", r"\d{4}"


@dataclass(frozen=True)
class Files:
    """The texts of the three CSV files."""

    categories: str
    duties: str
    departments: str


@dataclass(frozen=True)
class Change:
    """What loading did to one row: its code and name, and the columns that differ (all of them where it is new)."""

    code: str
    name: str
    is_new: bool
    columns: tuple[str, ...]


def _common(row: Row) -> dict[str, Any]:
    return {
        "name": row.text("name_cn", 40),
        "name_en": row.text("name_en", 80),
        "department": row.text("department_cn", 40),
        "is_request": row.word("is_request", {"1": True, "0": False}),
    }


def _item(row: Row) -> dict[str, Any]:
    return _common(row) | {
        "parent_id": row.cells["parent_code"].strip(),
        "level": row.word("default_level", LEVELS),
        "urgency": row.word("default_urgency", URGENCIES),
        "accept_minutes": row.minutes("accept_hours"),
        "finish_value": row.number_of("finish_value"),
        "finish_unit": row.same("finish_unit"),
        "clock": row.same("clock"),
        "urgent_accept_minutes": row.minutes("urgent_accept_hours"),
        "urgent_finish_minutes": row.minutes("urgent_finish_hours"),
        "burst_accept_minutes": row.perhaps("burst_accept_minutes", 1),
        "burst_feedback_minutes": row.perhaps("burst_feedback_hours", 60),
        "grab": row.same("grab"),
        "privacy": row.word("privacy", PRIVACIES),
        "callback": row.same("callback"),
        "evidence": row.same("evidence"),
        "emergency_route": row.text("emergency_route", 60, least=0),
        "skills": row.parts("skills", 10),
        "keywords": row.parts("keywords", 20),
        "note": row.text("note", 1000, least=0),
    }


def _duty(row: Row, departments: Mapping[str, Row]) -> dict[str, Any]:
    return {
        "duty": row.text("duty", 200),
        "rhythm": row.text("rhythm", 20),
        "field": row.same("field"),
        "work_kind": row.same("work_kind"),
        "deputy_id": row.word("deputy", {code: code for code in departments if code != row.cells["code"][:2]}),
    }


def read(files: Files) -> dict[str, dict[str, Any]]:
    """The values of every row by code, departments first; raises BadRow and names file, row and column."""
    table = by_code(rows("categories.csv", files.categories, CATEGORY_COLUMNS), rf"{DEPARTMENT}|{ITEM}")
    duties = by_code(rows("duties.csv", files.duties, DUTY_COLUMNS), ITEM)
    offices = by_code(rows("departments.csv", files.departments, DEPARTMENT_COLUMNS), DEPARTMENT)
    for code, row in (duties | offices).items():
        if code not in table:
            raise row.fail("code", _("目录里没有编号 %(value)s") % {"value": code})
    departments = {code: row for code, row in table.items() if len(code) == 2}
    values = {code: _department(row, offices.get(code)) for code, row in departments.items()}
    leading = {code: row for code, row in departments.items() if code != NO_REQUESTS}
    for code, row in table.items():
        if len(code) == 4:
            values[code] = _with_duty(row, duties.get(code), leading)
    return values


def _department(row: Row, office: Row | None) -> dict[str, Any]:
    if office is None and row.cells["code"] != NO_REQUESTS:
        raise row.fail("code", _("departments.csv 里没有这个部门的牵头单位"))
    return _common(row) | {"office": office.text("unit", 40) if office else ""}


def _with_duty(row: Row, duty: Row | None, departments: Mapping[str, Row]) -> dict[str, Any]:
    code, parent = row.cells["code"], row.cells["parent_code"].strip()
    if parent != code[:2] or parent not in {*departments, NO_REQUESTS}:
        raise row.fail("parent_code", _("要填这一项所属的部门 %(value)s") % {"value": code[:2]})
    if parent == NO_REQUESTS:
        return _item(row)
    if duty is None:
        raise row.fail("code", _("duties.csv 里没有这一项的网格员职责"))
    return _item(row) | _duty(duty, departments)


def _apply(values: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Category, Change]]:
    """Save what differs; items that came through the gate are not in the files and stay."""
    held = Category.objects.select_for_update().in_bulk(list(values))
    for code, wanted in values.items():
        category = held.get(code)
        is_new = category is None
        category = category or Category(code=code)
        columns = tuple(name for name, value in wanted.items() if is_new or getattr(category, name) != value)
        if not columns:
            continue
        for name in columns:
            setattr(category, name, wanted[name])
        category.save(force_insert=is_new)
        yield category, Change(code, category.name, is_new, columns)


@transaction.atomic
def load_catalogue(files: Files, *, at: datetime) -> list[Change]:
    """Bring the catalogue to what the files say and tell what changed; raises BadRow and then changes nothing."""
    changes = []
    for category, change in _apply(read(files)):
        verb = "load_new" if change.is_new else "load"
        journal.write(category, verb, by="system", at=at, scope="", columns=list(change.columns))
        changes.append(change)
    queries.forget()
    return changes
