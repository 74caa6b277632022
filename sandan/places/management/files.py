"""Files of the ground from and to an operator's keyboard: looked over, told in words, applied when asked to."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc.ground import Datum
from sandan.core.errors import Refused
from sandan.places import actions, queries
from sandan.places.models import Place
from sandan.places.queries import Preview

MOST_LINES = 20  # of each kind of remark
DATUMS = tuple(datum.value for datum in Datum)
Say = Callable[[str], object]


class NoCounty(Refused):
    """No county, or several, and none was named."""


def county_called(code: str) -> Place:
    """The county of a code, or the only one; NoCounty otherwise."""
    rows = list(queries.counties().filter(code__startswith=code)[:2])
    if len(rows) != 1:
        raise NoCounty(_("请用 --county 写明是哪个县（市、区），六位代码。"))
    return Place.objects.get(code=rows[0].code)


def load_grids(
    file: Path, county: Place, datum: Datum | None, *, keeps: bool, applies: bool, at: datetime, say: Say
) -> None:
    """Look a file over and say what it would do; apply it where asked to. Raises Refused with what is wrong."""
    draft = actions.receive(
        county=county, name=file.name, data=file.read_bytes(), by="system", at=at, datum=datum, ends_rest=not keeps
    )
    seen = queries.preview(draft)
    for line in lines_of(seen):
        say(line)
    if applies:
        done = actions.apply(draft=draft, by="system", at=at)
        say(_("已导入，编号 %(number)d。撤回：sandan load grids --undo %(number)d") % {"number": done.pk})
    elif seen.is_ready:
        say(_("这只是预览，什么都没改。加 --apply 就导入。"))
    if not applies:
        draft.delete()


def lines_of(seen: Preview) -> list[str]:
    """What a preview says, line by line."""
    lines = [f"{title}{queries.SKIP_WORDS[why]}" for title, why in seen.draft.skipped]
    if seen.draft.needs_datum:
        lines.append(_("文件里的经纬度没有说明坐标系：请加 --datum WGS-84、GCJ-02 或 BD-09。"))
    faults = [queries.fault_words(fault) for fault in seen.draft.faults]
    lines += _some(faults)
    if seen.plan is None or faults:
        return lines
    words = {"new": _("新增"), "changed": _("有改动"), "gone": _("没有了"), "same": _("没变")}
    for kind, counts in queries.counts_of(seen.plan).items():
        told = "，".join(f"{word} {counts[what]}" for what, word in words.items() if counts.get(what))
        lines.append(f"{queries.KIND_WORDS[kind]}：{told}")
    names = queries.names_of({code for flaw in seen.flaws for code in flaw.codes})
    return lines + _some([queries.flaw_words(flaw, names) for flaw in seen.flaws])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], _("……还有 %(count)d 条") % {"count": more}] if more > 0 else lines


def undo(number: int, at: datetime, say: Say) -> None:
    """Take an import back; raises Refused with the reason."""
    row = queries.applied_import(number)
    if row is None:
        raise Refused(_("没有编号 %(number)d 的导入。") % {"number": number})
    actions.undo_import(ground_import=row, by="system", at=at)
    say(_("已撤回导入 %(number)d：%(name)s") % {"number": number, "name": row.name})


def export(county: Place, file: Path, say: Say) -> None:
    """Write the ground to a file, GeoJSON or workbook by its name."""
    data = queries.workbook_of(county) if file.suffix == ".xlsx" else queries.geojson_of(county)
    file.write_bytes(data)
    say(_("%(name)s 的网格、小区和楼栋已写到 %(file)s") % {"name": county.name, "file": file.name})


def load_area_codes(file: Path, at: datetime, say: Say) -> None:
    """Load a list of changed official codes; raises Refused with row and column."""
    made = actions.load_area_codes(text=file.read_text(encoding="utf-8-sig"), by="system", at=at)
    for change in made:
        say(f"{change.old} → {change.new} {change.name} {change.from_on}")
    waiting = sum(change.from_on > timezone.localtime(at).date() for change in made)
    say(_("新载入 %(count)d 条，其中 %(waiting)d 条到日子再生效。") % {"count": len(made), "waiting": waiting})
