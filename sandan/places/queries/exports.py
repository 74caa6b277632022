"""The ground as files that an office can change and bring back: GeoJSON with outlines, a workbook without."""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from sandan.calc.ground.papers import CELLS
from sandan.places.models import Building, Estate, Place

SORT_WORDS = {"market": "市场", "school": "学校", "firm": "企业", "building": "楼宇"}
KIND_WORDS = {"grid": "普通网格", "exclusive": "专属网格", "micro": "微网格"}
Row = dict[str, Any]


def geojson_of(county: Place) -> bytes:
    """All cells with their outlines, estates and buildings as points; WGS-84, nine digits of a degree."""
    features = [_feature(row) for rows in (_cells(county), _estates(county), _buildings(county)) for row in rows]
    whole = {"type": "FeatureCollection", "name": county.name, "datum": "WGS-84", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(row: Row) -> Row:
    outline = row.pop("outline", None)
    if "lon" in row:
        outline = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
    return {"type": "Feature", "properties": row, "geometry": outline}


def _cells(county: Place) -> Iterator[Row]:
    rows = Place.objects.current().within(county.code).filter(kind__in=CELLS).order_by("code")
    for code, kind, name, homes, sort, outline in rows.values_list(
        "code", "kind", "name", "households", "sort", "outline"
    ):
        yield {"kind": kind, "code": code, "name": name, "households": homes, "sort": sort, "outline": outline}


def _estates(county: Place) -> Iterator[Row]:
    rows = Estate.objects.current().filter(community__code__startswith=county.code).order_by("community_id", "id")
    for community, name, aliases, word, lon, lat in rows.values_list(
        "community_id", "name", "aliases", "building_word", "lon", "lat"
    ):
        yield {
            "kind": "estate", "community_code": community, "estate": name, "aliases": aliases, "building_word": word,
            "lon": lon, "lat": lat,
        }  # fmt: skip


def _buildings(county: Place) -> Iterator[Row]:
    rows = Building.objects.current().filter(estate__community__code__startswith=county.code)
    fields = ("estate__community_id", "estate__name", "label", "unit_count", "floors", "households", "grid_id")
    for community, estate, label, units, floors, homes, grid, micro, lon, lat in rows.order_by(
        "estate__community_id", "estate_id", "id"
    ).values_list(*fields, "micro_id", "lon", "lat"):
        yield {
            "kind": "building", "community_code": community, "estate": estate, "label": label, "unit_count": units,
            "floors": floors, "households": homes, "grid": grid, "micro": micro, "lon": lon, "lat": lat,
        }  # fmt: skip


def workbook_of(county: Place) -> bytes:
    """The same in five sheets, without outlines; codes as text, so that no program cuts them short."""
    book = Workbook(write_only=True)
    cells = list(_cells(county))
    for kind, title in KIND_WORDS.items():
        code = "微网格编码" if kind == "micro" else "网格编码"
        rows = [
            [c["code"], c["name"], c["households"], SORT_WORDS.get(c["sort"], c["sort"])]
            for c in cells
            if c["kind"] == kind
        ]
        _sheet(book, title, [code, "名称", "户数", "专属类型"], rows)
    estates = [
        [e["community_code"], e["estate"], "、".join(e["aliases"]), e["building_word"], e["lon"], e["lat"]]
        for e in _estates(county)
    ]
    where = ["经度（WGS-84）", "纬度（WGS-84）"]
    _sheet(book, "小区", ["社区编码", "小区名称", "别名", "楼栋叫法", *where], estates)
    fields = ("community_code", "estate", "label", "unit_count", "floors", "households", "grid", "micro", "lon", "lat")
    houses = [[row[field] for field in fields] for row in _buildings(county)]
    names = ["社区编码", "小区名称", "楼号", "单元数", "层数", "户数", "所属网格", "所属微网格"]
    _sheet(book, "楼栋", [*names, *where], houses)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Any, title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(names))
    for row in rows:
        sheet.append([_as_words(sheet, value) for value in row])


def _as_words(sheet: Any, value: object) -> object:
    """A name that begins like a formula stays a name: a table program must not run what somebody typed."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
