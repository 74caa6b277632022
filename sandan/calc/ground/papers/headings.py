"""What columns and properties are called by those who made the list."""

from collections.abc import Iterable, Mapping

from sandan.calc.ground.datum import Datum
from sandan.calc.sheets import headings

NAMES: Mapping[str, str] = {
    "code": "网格编码 网格代码 编码 代码 统一编码 微网格编码 微网格代码 专属网格编码 网格统一编码 code gridcode wgbm",
    "community": "社区 社区名称 所属社区 所在社区 村 村社区 社区村 村居 居委会 村居名称 社区名 community sssq",
    "community_code": "社区编码 社区代码 区划代码 行政区划代码 统计用区划代码 communitycode sqbm",
    "grid": "所属网格 所在网格 网格 所属网格编码 普通网格 上级网格 所属普通网格 grid",
    "micro": "所属微网格 所在微网格 微网格 所属微网格编码 micro",
    "number": "网格编号 网格号 编号 微网格编号 微网格号 number no",
    "name": "网格名称 微网格名称 专属网格名称 名称 网格名 name mc wgmc",
    "kind": "类型 网格类型 网格类别 网格性质 kind type",
    "sort": "专属类型 专属网格类型 专属类别 sort",
    "households": "户数 住户数 总户数 居民户数 常住户数 住户 households hs",
    "estate": "小区 小区名称 小区名 院落 院落名称 楼院 小区院落 所属小区 estate xqmc",
    "aliases": "别名 俗称 曾用名 又名 也叫 简称 小区别名 aliases alias bm",
    "building_word": "楼栋叫法 楼的叫法 buildingword",
    "label": "楼号 楼栋 楼栋号 幢号 栋号 楼幢 楼座 楼栋名称 楼栋编号 label building ldh",
    "unit_count": "单元数 单元 单元个数 unitcount units",
    "floors": "层数 楼层 楼层数 总层数 地上层数 floors",
    "lon": "经度 坐标经度 中心经度 坐标x x lng lon longitude jd",
    "lat": "纬度 坐标纬度 中心纬度 坐标y y lat latitude wd",
}
MEANING = headings.meanings(NAMES)
DATUMS = {
    "wgs84": Datum.WGS84, "84坐标": Datum.WGS84, "gps": Datum.WGS84, "cgcs2000": Datum.WGS84, "crs84": Datum.WGS84,
    "4326": Datum.WGS84, "4490": Datum.WGS84, "gcj02": Datum.GCJ02, "火星": Datum.GCJ02, "高德": Datum.GCJ02,
    "腾讯": Datum.GCJ02, "bd09": Datum.BD09, "百度": Datum.BD09,
}  # fmt: skip
NEEDED = frozenset({"code", "number", "name", "estate", "label"})  # a row without any of these is no heading


def meaning(heading: object) -> str | None:
    """What a heading stands for, None for one that is not ours."""
    return headings.meaning(heading, MEANING)


def datum_in(text: str) -> Datum | None:
    """The datum that a text names, if any: 经度（GCJ-02）, urn:ogc:def:crs:OGC:1.3:CRS84, 百度坐标."""
    plain = text.lower().replace("-", "").replace("_", "").replace(" ", "")
    return next((datum for word, datum in DATUMS.items() if word in plain), None)


def columns(row: Iterable[object]) -> dict[int, tuple[str, str]] | None:
    """Of a row of headings the known ones by column, as (meaning, heading); None for a row that is no heading.

    A heading that comes twice counts where it stands first.
    """
    return headings.columns(row, MEANING, NEEDED)


def kind_of_sheet(title: str, keys: Iterable[str], names: Iterable[str]) -> str:
    """What the rows of a sheet are, by its columns, its headings and its name: building, estate, micro, grid."""
    have = set(keys)
    if "label" in have:
        return "building"
    cell = have & {"code", "number"}
    if ("estate" in have and not cell) or (("小区" in title or "院落" in title) and not cell):
        return "estate"
    if any("微网格" in name for name in names) or "微网格" in title:
        return "micro"
    return "exclusive" if "专属" in title else "grid"
