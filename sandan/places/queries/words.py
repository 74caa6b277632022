"""What a page and a command say about a file: its faults by row and column, its figures, what is odd on the ground."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc.ground.papers import KINDS, Fault, Flaw, Plan
from sandan.places.models import Place

KIND_WORDS = {
    "community": gettext_lazy("社区"), "grid": gettext_lazy("普通网格"), "exclusive": gettext_lazy("专属网格"),
    "micro": gettext_lazy("微网格"), "estate": gettext_lazy("小区"), "building": gettext_lazy("楼栋"),
}  # fmt: skip
FIELD_WORDS = {
    "name": gettext_lazy("名称"), "households": gettext_lazy("户数"), "sort": gettext_lazy("专属类型"),
    "outline": gettext_lazy("边界"), "aliases": gettext_lazy("别名"), "building_word": gettext_lazy("楼栋叫法"),
    "lon": gettext_lazy("位置"), "lat": gettext_lazy("位置"), "unit_count": gettext_lazy("单元数"),
    "floors": gettext_lazy("层数"), "grid": gettext_lazy("所属网格"), "micro": gettext_lazy("所属微网格"),
}  # fmt: skip
FAULT_WORDS = {
    "old": gettext_lazy("这是旧版 .xls，或者加了密码。请在表格软件里另存为 .xlsx，不设密码"),
    "no_book": gettext_lazy("这不是 .xlsx 表格，也不是 GeoJSON。请换一个文件，或在表格软件里重新另存"),
    "too_big": gettext_lazy("文件太大，或解开后太大。请按街道分成几个文件"),
    "too_long": gettext_lazy("一张表超过 200,000 行。请按街道分成几个文件"),
    "no_geojson": gettext_lazy("这不是 GeoJSON 的 FeatureCollection。请从制图软件重新导出"),
    "nothing": gettext_lazy("没找到能导入的内容。表头里要有网格编码、小区或楼号这样的列名"),
    "date": gettext_lazy("“%(value)s”被表格软件当成了日期。请把这一列设为文本，再填一遍"),
    "digits_lost": gettext_lazy("数字太长，末几位已被表格软件改成 0（%(value)s）。请把这一列设为文本，再填一遍"),
    "error": gettext_lazy("公式出错：%(value)s"),
    "number": gettext_lazy("“%(value)s”不是这里能用的数"),
    "degrees": gettext_lazy("“%(value)s”不是经纬度，要写成 112.5601 这样的小数"),
    "long": gettext_lazy("“%(value)s”太长"),
    "code": gettext_lazy("编码里只能有数字：%(value)s"),
    "code_length": gettext_lazy("编码 %(value)s 的位数不对：网格 15 位，微网格 17 位"),
    "code_zero": gettext_lazy("编码 %(value)s 里的网格号从 001 起，专属网格从 901 起，微网格从 01 起"),
    "code_elsewhere": gettext_lazy("编码 %(value)s 和这一行写的社区对不上"),
    "other_county": gettext_lazy("编码 %(value)s 不在本区"),
    "no_community": gettext_lazy("没找到社区“%(value)s”"),
    "two_communities": gettext_lazy("有几个社区都叫“%(value)s”，请写 12 位编码"),
    "community_missing": gettext_lazy("没写是哪个社区"),
    "estate_missing": gettext_lazy("没写小区"),
    "label_missing": gettext_lazy("没写楼号"),
    "label": gettext_lazy("楼号“%(value)s”太长"),
    "grid_missing": gettext_lazy("没写在哪个网格里"),
    "no_grid": gettext_lazy("没找到网格“%(value)s”"),
    "no_parent": gettext_lazy("微网格 %(value)s 所在的网格不在表里，现在也没有"),
    "no_code": gettext_lazy("没写编码，也没写名称"),
    "full": gettext_lazy("网格号用完了，“%(value)s”编不上号"),
    "twice": gettext_lazy("和“%(value)s”行说的是同一个"),
    "swapped": gettext_lazy("经度和纬度好像写反了（%(value)s）"),
    "far": gettext_lazy("位置离本区太远（%(value)s），请核对坐标系"),
    "no_area": gettext_lazy("没有围成一块地（%(value)s）"),
    "broken_area": gettext_lazy("边界的坐标读不出来（%(value)s）"),
    "crossing": gettext_lazy("边界自己和自己交叉（%(value)s）"),
}
SKIP_WORDS = {
    "hidden": gettext_lazy("是隐藏的表，没读"), "no_header": gettext_lazy("没找到表头，没读"),
    "empty": gettext_lazy("是空的"),
}  # fmt: skip
FLAW_WORDS = {
    "gap": gettext_lazy("没有网格管的空当"), "overlap": gettext_lazy("两个网格重叠"),
    "outside": gettext_lazy("网格画出了社区"), "stray": gettext_lazy("微网格画出了网格"),
    "homeless": gettext_lazy("楼不在任何网格里"), "alias": gettext_lazy("一个名字指两个小区"),
    "no_outline": gettext_lazy("没有边界，只能按楼栋认"), "small": gettext_lazy("户数偏少"),
    "large": gettext_lazy("户数偏多"),
}  # fmt: skip


def fault_words(fault: Fault) -> str:
    """One fault in a sentence: sheet, row, column, what is wrong and what to do."""
    what = str(FAULT_WORDS[fault.what]) % {"value": fault.value}
    where = where_words(fault)
    return _("%(where)s：%(what)s。") % {"where": where, "what": what} if where else f"{what}。"


def where_words(fault: Fault) -> str:
    """Where a fault stands: 表“楼栋”第 12 行“经度”; empty for one of the whole file."""
    where = fault.where
    if not where.row:
        return ""
    if where.sheet:
        place = _("表“%(sheet)s”第 %(row)d 行") % {"sheet": where.sheet, "row": where.row}
    else:
        place = _("第 %(row)d 个要素") % {"row": where.row}
    return f"{place}“{fault.column}”" if fault.column and fault.column != "geometry" else place


def counts_of(plan: Plan) -> dict[str, dict[str, int]]:
    """For each kind how many are new, changed, gone and the same; kinds without any are left out."""
    found: dict[str, dict[str, int]] = {}
    for what, turns in (("new", plan.new), ("changed", plan.changed), ("gone", plan.gone)):
        for turn in turns:
            row = found.setdefault(turn.kind, {})
            row[what] = row.get(what, 0) + 1
    for kind, count in plan.same.items():
        found.setdefault(kind, {})["same"] = count
    return {kind: found[kind] for kind in KINDS if kind in found}


def names_of(codes: set[str], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """Places by code as people say them: community, then grid; `told` names those that are not here yet."""
    wanted = codes | {code[:12] for code in codes}
    rows = dict(Place.objects.filter(code__in=wanted).values_list("code", "name")) | dict(told or {})
    return {code: _full_name(code, rows) for code in codes}


def _full_name(code: str, names: Mapping[str, str]) -> str:
    own = names.get(code, code)
    return f"{names.get(code[:12], '')} {own}".strip() if len(code) > 12 else own


def flaw_words(flaw: Flaw, names: Mapping[str, str]) -> str:
    """One remark with the places it is about."""
    what = str(FLAW_WORDS[flaw.what])
    if flaw.what == "alias":
        return _("%(what)s：“%(word)s”（%(names)s）") % {
            "what": what, "word": flaw.codes[1], "names": "、".join(flaw.codes[2:])
        }  # fmt: skip
    if flaw.what == "homeless":
        return _("%(what)s：%(estate)s %(label)s 号") % {"what": what, "estate": flaw.codes[1], "label": flaw.codes[2]}
    where = "、".join(names.get(code, code) for code in flaw.codes)
    if flaw.what in {"small", "large"}:
        return _("%(what)s：%(where)s %(count)d 户") % {"what": what, "where": where, "count": flaw.amount}
    area = _("，%(area)s 平方米") % {"area": f"{flaw.amount:,.0f}" if flaw.amount >= 10 else f"{flaw.amount:.1f}"}
    return f"{what}：{where}{area if flaw.amount else ''}"
