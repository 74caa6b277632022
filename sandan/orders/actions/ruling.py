"""An office's own rules of grabbing: a small table, replaced as a whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders.models import GrabRule
from sandan.orders.queries.member_rules import NAMES
from sandan.places.models import Place

Line = tuple[int, Mapping[str, str | None]]  # its number in the file, for the person who must mend it
BOUNDS = {  # the least and the most that makes sense
    "window_minutes": (1, 1440), "urgent_percent": (1, 100), "burst_percent": (1, 100), "most_open": (1, 20),
    "near_metres": (100, 50_000), "near_percent": (0, 100), "fair_percent": (100, 1000), "again_minutes": (0, 10_080),
}  # fmt: skip


class BadRules(Refused):
    """The table holds cells that cannot be right; the text names each row and nothing was changed."""


@transaction.atomic
def set_rules(*, county: Place, lines: Sequence[Line], at: datetime) -> int:
    """Replace all rules of a county; a row without a category holds for all, an empty cell is the house's.

    Returns how many rows there are. Refuses with BadRules, row by row.
    """
    known = set(Category.objects.filter(is_active=True).values_list("code", flat=True))
    faults: list[str] = []
    rows: dict[str, GrabRule] = {}
    for number, line in lines:
        code = (line.get("category") or "").strip()
        fault = _fault(code, line, known, rows)
        if fault:
            faults.append(_("第 %(row)d 行：%(fault)s") % {"row": number, "fault": fault})
            continue
        rows[code] = GrabRule(category_id=code or None, county=county.code, **_values(line))
    if faults:
        raise BadRules("\n".join(faults))
    GrabRule.objects.filter(county=county.code).delete()
    GrabRule.objects.bulk_create(rows.values())
    journal.write(county, "set_grab_rules", by="system", at=at, scope=county.code, rows=len(rows))
    return len(rows)


def _values(line: Mapping[str, str | None]) -> dict[str, int | None]:
    return {name: int(line[name] or 0) if (line.get(name) or "").strip() else None for name in NAMES}


def _fault(code: str, line: Mapping[str, str | None], known: set[str], rows: Mapping[str, GrabRule]) -> str:
    """What is wrong with a row, empty where nothing is."""
    if code and code not in known:
        return _("目录里没有「%(code)s」这个事项。") % {"code": code}
    if code in rows:
        return _("这个事项前面已经写过了，只留一行。")
    for name in NAMES:
        text, (least, most) = (line.get(name) or "").strip(), BOUNDS[name]
        if text and not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            return _("%(name)s 写着「%(text)s」，要写 %(least)s 到 %(most)s 的整数，或者空着。") % {
                "name": name, "text": text, "least": least, "most": most,
            }  # fmt: skip
    return ""
