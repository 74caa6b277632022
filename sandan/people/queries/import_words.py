"""What a page and a command say about a list: faults by row and column with what to do, remarks, figures."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc.sheets.records import Fault, Where
from sandan.people.queries.import_columns import TITLES

FAULT_WORDS = {
    "old": gettext_lazy("这是旧版 .xls，或者加了密码。请在表格软件里另存为 .xlsx，不设密码"),
    "no_book": gettext_lazy("这不是 .xlsx 表格。请换一个文件，或在表格软件里重新另存为 .xlsx"),
    "too_big": gettext_lazy("文件解开后太大。请分成几个文件"),
    "too_long": gettext_lazy("一张表的行太多。请删掉下面的空行，或分成几个文件"),
    "too_many_rows": gettext_lazy("超过 %(value)s 行。请分成几个文件，再一个一个导入"),
    "nothing": gettext_lazy("没找到能导入的内容。要有一行表头，用模板里的列名，下面是数据"),
    "column_missing": gettext_lazy("表头里没有“%(value)s”这一列。请补上，列名照模板写"),
    "formula": gettext_lazy("这一格是公式，文件里没存结果。请复制这一列，选择性粘贴为数值，再存一次"),
    "error": gettext_lazy("公式出错：%(value)s。请改成数值"),
    "date": gettext_lazy("“%(value)s”被表格软件当成了日期。请把这一列设为文本，再填一遍"),
    "day": gettext_lazy("“%(value)s”看不出是哪一天。请写成 2026-08-10 这样，年月日都要有"),
    "number": gettext_lazy("“%(value)s”不是这里能用的数。请只填数字"),
    "digits_lost": gettext_lazy("数字太长，末几位已被表格软件改成 0。请把这一列设为文本，再填一遍"),
    "long": gettext_lazy("“%(value)s”太长。请写短一些"),
    "code": gettext_lazy("编码里只能有数字：%(value)s"),
    "name_missing": gettext_lazy("没写姓名。请补上，或删掉这一行"),
    "name_many": gettext_lazy("“%(value)s”是几个人。请一人一行"),
    "name_sign": gettext_lazy("“%(value)s”不像姓名。这一格只写姓名，别的写到备注列"),
    "name_length": gettext_lazy("“%(value)s”不像完整的姓名。请写全名"),
    "phone": gettext_lazy("%(hint)s"),
    "phones": gettext_lazy("一格里有几个号码。请只留本人常用的一个手机号"),
    "identity_old": gettext_lazy("这是 15 位的老身份证号，老证 2013 年起已停用。请按现在的身份证写 18 位，没有就空着"),
    "identity_form": gettext_lazy("身份证号要 18 位，前 17 位是数字，末位是数字或 X。请对照身份证改，没有就空着"),
    "identity_birth": gettext_lazy("身份证号里的出生日期没有这一天。请对照身份证改"),
    "identity_check": gettext_lazy("身份证号末位校验不对，多半抄错了一位。请对照身份证改"),
    "phone_of_row": gettext_lazy("手机号和第 %(value)s 行一样，姓名却不同。请核对是谁的号码"),
    "identity_of_row": gettext_lazy("身份证号和第 %(value)s 行一样，姓名或手机号却对不上。请核对是谁的"),
    "two_phones": gettext_lazy("身份证号和第 %(value)s 行是同一个人，手机号却不同。请留一个"),
    "two_identities": gettext_lazy("手机号和第 %(value)s 行是同一个人，身份证号却不同。请核对"),
    "other_name": gettext_lazy("这里登记的是另一个名字。请核对号码和姓名，还不对就请管理员看"),
    "identity_elsewhere": gettext_lazy("手机号和身份证号登记在两个人名下。请核对，还不对就请管理员看"),
    "phone_changed": gettext_lazy("这个人登记的是另一个手机号。换号请本人或管理员在账号里改，这里先写原来的或空着"),
    "identity_changed": gettext_lazy("这个人以前导入的是另一个身份证号。请核对"),
    "phone_of_staff": gettext_lazy("这个账号有管理岗位，手机号不能从名单里补。请管理员在账号里改，这里先空着"),
    "inactive": gettext_lazy("%(value)s的账号停用了，或是临时账号。请先请管理员恢复账号"),
    "no_member": gettext_lazy("%(value)s管账号、管日志或是外单位的账号，不能报到成党员，职责要分开。请删掉这一行"),
    "self": gettext_lazy("不能给自己办第一次报到。请另一位来导入，或删掉这一行"),
    "self_post": gettext_lazy("不能给自己安排岗位。请另一位管理员来导入，或删掉这一行"),
    "no_unit": gettext_lazy("没有登记过“%(value)s”这个单位%(hint)s。请先导入单位，或照登记的名称写"),
    "unit_missing": gettext_lazy("没写单位。请补上，或删掉这一行"),
    "unit_twice": gettext_lazy("和第 %(value)s 行是同一个单位。请合成一行，几个社区用顿号隔开"),
    "no_kind": gettext_lazy("没有“%(value)s”这种单位。请从这几种里选：%(hint)s"),
    "no_resource": gettext_lazy("资源清单里没有“%(value)s”%(hint)s。请照模板里的说法写，几种用顿号隔开"),
    "no_scheme": gettext_lazy("还没有双报到方案，单位不能报到到社区。请主管工委先写方案，或去掉社区这一列"),
    "no_code": gettext_lazy("没有编码为 %(value)s 的地方。请核对编码"),
    "code_level": gettext_lazy("编码 %(value)s 的位数不对：这里要网格的 15 位编码，街道 9 位，社区 12 位"),
    "no_9": gettext_lazy("没有“%(value)s”这个街道%(hint)s。请照系统里的名称写"),
    "no_12": gettext_lazy("没有“%(value)s”这个社区%(hint)s。请照系统里的名称写"),
    "no_15": gettext_lazy("没有“%(value)s”这个网格%(hint)s。请写社区和网格，或写 15 位网格编码"),
    "no_17": gettext_lazy("没有“%(value)s”这个微网格%(hint)s。请写它的 17 位编码"),
    "two_places": gettext_lazy("有几个“%(value)s”。请再写上社区，或写编码"),
    "no_estate": gettext_lazy("没有“%(value)s”这个小区%(hint)s。请照系统里的名称写，或直接写网格"),
    "estate_grids": gettext_lazy("“%(value)s”分在几个网格里。请再写上网格"),
    "grid_missing": gettext_lazy("没写报到到哪个网格。请写社区和网格，或 15 位网格编码"),
    "place_missing_6": gettext_lazy("没写管哪里"),
    "place_missing_9": gettext_lazy("没写是哪个街道。请补上街道"),
    "place_missing_12": gettext_lazy("没写是哪个社区或网格。请补上"),
    "place_missing_15": gettext_lazy("没写是哪个网格。请补上社区和网格，或 15 位编码"),
    "not_yours": gettext_lazy("%(value)s不归您管。请删掉这一行，或请那边的人导入"),
    "too_many_grids": gettext_lazy("一个人最多在 %(value)s 个网格报到。请删掉多的，或先退出一个"),
    "role_missing": gettext_lazy("没写岗位。请从模板的下拉里选"),
    "no_role": gettext_lazy("没有“%(value)s”这种岗位%(hint)s。请从模板的下拉里选"),
    "role_alone": gettext_lazy("“%(value)s”不能用名单安排，要一个一个单独办。请删掉这一行"),
    "no_shift": gettext_lazy("没有“%(value)s”这种班次。请从这几种里选：%(hint)s"),
    "term_over": gettext_lazy("结束日期 %(value)s 已经过了。请改日期，或删掉这一行"),
    "term_backwards": gettext_lazy("结束日期 %(value)s 早于开始日期。请核对"),
    "post_twice": gettext_lazy("和第 %(value)s 行是同一个人的同一个岗位。请删掉一行"),
    "liaison_there": gettext_lazy("%(value)s在这段时间已有联络员。要换人请用交接，要添人请写“街道联络员副手”"),
}
REMARK_WORDS = {
    "no_phone": gettext_lazy("%(value)s没有手机号，本人登录不了。以后补上再导一次就行"),
    "one_person": gettext_lazy("%(value)s 行说的是同一个人，只登记一次"),
    "row_twice": gettext_lazy("和第 %(value)s 行一样，只算一次"),
    "other_unit": gettext_lazy("和第 %(value)s 行是同一个人、同一个网格，单位不同。按第 %(value)s 行的单位算"),
    "no_skill": gettext_lazy("特长“%(value)s”不在清单里，没导入"),
}
SKIP_WORDS = {
    "hidden": gettext_lazy("是隐藏的表，没读"), "no_header": gettext_lazy("没找到表头，没读"),
    "empty": gettext_lazy("是空的"),
}  # fmt: skip
THING_WORDS = {
    "unit": gettext_lazy("单位"), "unit_checkin": gettext_lazy("单位报到"), "person": gettext_lazy("人"),
    "checkin": gettext_lazy("党员报到"), "post": gettext_lazy("岗位"),
}  # fmt: skip
WITH_HINT = frozenset({"phone", "no_kind", "no_shift"})  # a sentence or a list, not a name that may be meant
SHOWN = 5


def fault_words(fault: Fault, kind: str = "") -> str:
    """One fault in a sentence: sheet, row, column by letter and heading, what is wrong and what to do."""
    hint, value = fault.hint, fault.value
    if fault.what == "column_missing":
        value = TITLES[kind].get(value, value).rstrip("*") if kind else value
    if hint and fault.what not in WITH_HINT:
        hint = _("，是不是“%(name)s”") % {"name": hint}
    what = (str(FAULT_WORDS[fault.what]) % {"value": value, "hint": hint}).rstrip("。")
    where = where_words(fault.where, fault.letter, fault.column)
    return _("%(where)s：%(what)s。") % {"where": where, "what": what} if where else f"{what}。"


def where_words(where: Where, letter: str = "", column: str = "") -> str:
    """Where something stands: 表“名单”第 12 行 C 列“手机号码”; empty for the whole file."""
    if not where.row:
        return ""
    place = _("表“%(sheet)s”第 %(row)d 行") % {"sheet": where.sheet, "row": where.row}
    words = {"place": place, "letter": letter, "column": column}
    return _("%(place)s %(letter)s 列“%(column)s”") % words if letter else place


def remark_words(remark: tuple[str, Where | None, str]) -> str:
    """One remark in a sentence."""
    key, where, value = remark
    if key == "one_person":
        name, count = value.rsplit(" ", 1)
        value = _("%(name)s：%(count)s") % {"name": name, "count": count}
    words = str(REMARK_WORDS[key]) % {"value": value}
    return _("%(where)s：%(what)s。") % {"where": where_words(where), "what": words} if where else f"{words}。"


def sheet_words(
    skipped: Sequence[tuple[str, str]], unused: Sequence[tuple[str, str]], solved: Sequence[tuple[str, str, str]]
) -> list[str]:
    """What of a file was not read, and which columns were read as the results of their formulas."""
    lines = [_("表“%(title)s”%(why)s。") % {"title": title, "why": SKIP_WORDS[why]} for title, why in skipped]
    by_sheet: dict[str, list[str]] = {}
    for sheet, heading in unused:
        by_sheet.setdefault(sheet, []).append(heading)
    lines += [
        _("表“%(sheet)s”这些列没用到，内容不会存下来：%(names)s。") % {"sheet": sheet, "names": "、".join(names)}
        for sheet, names in by_sheet.items()
    ]
    return lines + [
        _("表“%(sheet)s”%(letter)s 列“%(column)s”里有公式，用的是表里存着的结果。请看一眼对不对。")
        % {"sheet": sheet, "letter": letter, "column": column}
        for sheet, letter, column in solved
    ]


def counts_of(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, tuple[int, int, int]]]:
    """Rows of the table of figures: the thing, new, changed, same."""
    return [
        (str(words), (counts[thing].get("new", 0), counts[thing].get("changed", 0), counts[thing].get("same", 0)))
        for thing, words in THING_WORDS.items()
        if thing in counts
    ]


def why_not(faults: Sequence[Fault], question_count: int) -> str:
    """Why a list was not applied, with the first of its faults."""
    if faults:
        lines = [fault_words(fault) for fault in faults]
        more = _("还有 %(count)d 处。") % {"count": len(lines) - SHOWN} if len(lines) > SHOWN else ""
        return _("文件有 %(count)d 处要改，什么都没导入。%(first)s%(more)s") % {
            "count": len(lines), "first": "".join(lines[:SHOWN]), "more": more
        }  # fmt: skip
    if question_count:
        return _("有 %(count)d 行只有姓名对得上，要先说清是不是同一个人。什么都没导入。") % {"count": question_count}
    return _("文件里的内容和现在的一样，不用导入。")
