"""What the columns of lists of people are called by those who made them, and what each list must have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.calc.sheets.headings import meanings
from sandan.people.models import PeopleImport, Post, Resource, Role, Unit

Kind = PeopleImport.Kind
Words = Mapping[str, str]

_WHO = {
    "name": "姓名 名字 党员姓名 成员姓名 人员姓名 在职党员姓名 报到党员 报到党员姓名 网格员姓名 职工姓名 name",
    "phone": "手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 移动电话 本人电话 本人手机 工作电话 phone mobile",
    "identity": "身份证 身份证号 身份证号码 公民身份号码 公民身份证号码 证件号 证件号码 身份号码 居民身份证号",
}
_WHERE = {
    "code": "网格编码 网格代码 统一编码 网格统一编码 微网格编码 微网格代码 区划代码 地方代码 范围代码",
    "grid": "网格 网格名称 网格号 网格编号 所属网格 所在网格 报到网格 报到网格名称 联系网格 包联网格 服务网格 负责网格",
    "community": "社区 社区名称 社区村 村社区 村居 居委会 所属社区 所在社区 报到社区 "
    "对接社区 结对社区 包联社区 服务社区 居住社区",
}
_UNIT = {
    "unit": "单位 单位名称 工作单位 所在单位 所属单位 派出单位 "
    "党组织 党组织名称 所在党组织 所属党组织 党支部 所在党支部 所在支部",
}
NAMES: Mapping[str, Words] = {
    Kind.UNITS: {
        "name": "单位 单位名称 单位全称 党组织 党组织名称 部门 部门名称 机关名称 名称 报到单位 name",
        "kind": "类型 单位类型 类别 单位类别",
        "community": _WHERE["community"],
        "contact": "联系人 经办人 联络人 负责人 单位联系人 联系人姓名 姓名",
        "phone": "联系人电话 联系人手机 经办人电话 联系人联系方式 办公电话 " + _WHO["phone"],
        "address": "地址 单位地址 办公地址 办公地点 详细地址",
        "offers": "资源 可提供资源 能提供的资源 资源清单 单位资源 服务资源 共享资源 可共享资源",
        "member_count": "党员数 党员人数 在职党员数 在职党员人数 报到党员数 报到人数 人数",
        "agreed_on": "协议日期 签订日期 签约日期 签约时间 协议签订时间 报到日期 报到时间",
    },
    Kind.MEMBERS: {
        **_WHO, **_UNIT, **_WHERE,
        "estate": "小区 小区名称 居住小区 所在小区 院落 居住小区名称",
        "skills": "特长 技能 专长 个人特长 服务特长 服务技能 擅长",
    },
    Kind.POSTS: {
        **_WHO, **_UNIT, **_WHERE,
        "role": "岗位 岗位名称 职务 角色 人员类别 人员类型 网格员类型 类别 岗位类别",
        "micro": "微网格 所属微网格 所在微网格 微网格名称 微网格号",
        "street": "街道 街道名称 乡镇 镇街 街道乡镇 所属街道 所在街道",
        "from": "开始 开始日期 任职时间 任职日期 上岗时间 上岗日期 起始日期 到岗日期 任期开始 起",
        "to": "结束 结束日期 到期日期 截止日期 任期结束 任期届满 任期止 止",
        "shift": "班次 班别 上班时间",
    },
}  # fmt: skip
MEANING = {kind: meanings(words) for kind, words in NAMES.items()}
REQUIRED: Mapping[str, tuple[frozenset[str], ...]] = {
    Kind.UNITS: (frozenset({"name"}),),
    Kind.MEMBERS: (frozenset({"name"}), frozenset({"code", "grid", "estate"})),
    Kind.POSTS: (frozenset({"name"}), frozenset({"role"})),
}
TITLES: Mapping[str, Mapping[str, str]] = {  # the columns of a template: the heading and a line that explains it
    Kind.UNITS: {
        "name": "单位名称*", "kind": "类型", "community": "报到社区", "contact": "联系人", "phone": "联系电话",
        "address": "办公地址", "offers": "可提供资源", "member_count": "党员人数", "agreed_on": "协议日期",
    },
    Kind.MEMBERS: {
        "name": "姓名*", "phone": "手机号码", "identity": "身份证号", "unit": "所在单位", "community": "社区",
        "grid": "网格*", "code": "网格编码", "estate": "小区", "skills": "特长",
    },
    Kind.POSTS: {
        "name": "姓名*", "phone": "手机号码", "identity": "身份证号", "role": "岗位*", "street": "街道",
        "community": "社区", "grid": "网格", "micro": "微网格", "code": "网格编码", "unit": "所在单位",
        "from": "开始日期", "to": "结束日期", "shift": "班次",
    },
}  # fmt: skip
KIND_WORDS: Mapping[str, Promise] = {
    Kind.UNITS: _("单位"), Kind.MEMBERS: _("在职党员"), Kind.POSTS: _("岗位"),
}  # fmt: skip
UNIT_KINDS: Mapping[str, str] = {
    "": Unit.Kind.WORK_UNIT, "报到单位": Unit.Kind.WORK_UNIT, "工作单位": Unit.Kind.WORK_UNIT,
    "职能部门": Unit.Kind.DEPARTMENT, "部门": Unit.Kind.DEPARTMENT,
}  # fmt: skip


@dataclass(frozen=True)
class Sort:
    """A sort of post as a list calls it: role, grade, and how many digits the places have that it may be held over."""

    role: str
    grade: str
    lengths: tuple[int, ...]


_GRIDS = (17, 15, 12)
SORTS: Mapping[str, Sort] = {
    "网格长": Sort(Role.GRID_LEADER, "", (15, 12)),
    "网格员": Sort(Role.GRID_WORKER, "", _GRIDS),
    "专职网格员": Sort(Role.GRID_WORKER, "full", _GRIDS),
    "兼职网格员": Sort(Role.GRID_WORKER, "part", _GRIDS),
    "网格辅助员": Sort(Role.GRID_WORKER, "helper", _GRIDS),
    "社区派单员": Sort(Role.DISPATCHER, "", (12,)),
    "街道联络员": Sort(Role.LIAISON, "", (9,)),
    "街道联络员副手": Sort(Role.LIAISON, "deputy", (9,)),
    "区级值班": Sort(Role.DISTRICT, "", (6,)),
    "单位经办人": Sort(Role.UNIT_CLERK, "", ()),
}
ALSO = {
    "专职": "专职网格员", "兼职": "兼职网格员", "辅助员": "网格辅助员", "派单员": "社区派单员",
    "联络员": "街道联络员", "副联络员": "街道联络员副手",
    "联络员副手": "街道联络员副手", "街道副联络员": "街道联络员副手",
    "微网格员": "网格辅助员", "微网格长": "网格辅助员", "经办人": "单位经办人",
    "区级值班员": "区级值班", "社区网格长": "网格长",
}  # fmt: skip
ALONE = frozenset(
    {"系统管理员", "管理员", "安全管理员", "审计员", "外联单位经办人", "一日网格员", "组织管理员", "主管工委"}
)


@cache
def shifts() -> Mapping[str, str]:
    """Codes of shifts by their words; a sheet speaks Chinese whoever reads it."""
    with translation.override("zh-hans"):
        return {str(label): code for code, label in Post.Shift.choices}


@cache
def resources() -> Mapping[str, str]:
    """Codes of what a unit can give by their words."""
    with translation.override("zh-hans"):
        return {str(label): code for code, label in Resource.choices}
