"""The office's own limits: how long an item may stay on a level, and whether the clock then steps up by itself."""

import csv
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders.models import LevelLimit
from sandan.orders.models.ladder import TOP_LEVEL
from sandan.people.models import Person

COLUMNS = ("category", "level", "minutes", "does")
DOES = {"step": True, "propose": False}


class BadLimit(Refused):
    """A row that names no item in use, no level below the district, no whole minutes, or no known way."""


@transaction.atomic
def set_limits(*, lines: Sequence[str], at: datetime) -> int:
    """Replace all own limits by the rows of a CSV sheet, or keep them all: a refusal names the row. How many hold."""
    reader = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadLimit(_("第一行少了：%(columns)s。") % {"columns": "、".join(missing)})
    rows = [_limit(number, row) for number, row in enumerate(reader, start=2)]
    if len({(row.category_id, row.level) for row in rows}) < len(rows):
        raise BadLimit(_("同一个事项、同一级写了两行。留一行。"))
    LevelLimit.objects.all().delete()
    for row in LevelLimit.objects.bulk_create(rows):
        journal.write(
            row, "level_limit", by="system", at=at, scope="", category=row.category_id, level=row.level,
            minutes=row.minutes, is_step=row.is_step,
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def set_limit(*, category: Category, level: int, minutes: int, is_step: bool, by: Person, at: datetime) -> LevelLimit:
    """How long this item may stay on this level from now on, in minutes of its own clock."""
    if not category.is_active or category.parent_id is None or not 1 <= level < TOP_LEVEL or not 1 <= minutes < 10**6:
        raise BadLimit(_("请选在用的事项、网格到街道的一级，时间至少一分钟。"))
    row, _is_new = LevelLimit.objects.update_or_create(
        category=category, level=level, defaults={"minutes": minutes, "is_step": is_step}
    )
    journal.write(
        row, "level_limit", by=by, at=at, scope="", category=category.pk, level=level, minutes=minutes, is_step=is_step
    )
    return row


@transaction.atomic
def drop_limit(*, limit: LevelLimit, by: Person, at: datetime) -> None:
    """The usual time holds again."""
    row = LevelLimit.objects.select_for_update().filter(pk=limit.pk).first()
    if row is None:
        raise BadLimit(_("这一条已经去掉了。"))
    journal.write(row, "level_limit_off", by=by, at=at, scope="", category=row.category_id, level=row.level)
    row.delete()


def _limit(number: int, row: dict[str, str | None]) -> LevelLimit:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    item = Category.objects.filter(code=cells["category"], is_active=True, parent__isnull=False).first()
    level, minutes = _whole(cells["level"]), _whole(cells["minutes"])
    if item is None or not 1 <= level < TOP_LEVEL or not 1 <= minutes < 10**6 or cells["does"] not in DOES:
        raise BadLimit(
            _("第 %(row)s 行：要写在用的事项编号、1 到 3 级、分钟数，还有 step（自动上报）或 propose（只提醒）。")
            % {"row": number}
        )
    return LevelLimit(category=item, level=level, minutes=minutes, is_step=DOES[cells["does"]])


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
