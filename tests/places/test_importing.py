"""An office brings its own ground: previewed and applied as a whole."""

import json
import threading
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from openpyxl import load_workbook

from sandan.core.errors import Refused, Stale
from sandan.core.models import Entry
from sandan.places import actions, queries
from sandan.places.models import Building, Estate, Place, PlaceChange
from tests.factories.places import COUNTY, County, a_county
from tests.places.importing_kit import LATER, TOWN, applied, dump, received
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db


def collection(county: County) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(queries.geojson_of(county.county))
    return whole


def packed(whole: dict[str, Any]) -> bytes:
    return json.dumps(whole).encode()


class TestRoundTrip:
    @pytest.mark.parametrize("write", [queries.geojson_of, queries.workbook_of])
    def test_what_was_written_out_comes_back_untouched(self, write: Any) -> None:
        """R102 R103 R104 R105"""
        county = a_county()
        seen = queries.preview(received(county, write(county.county)))
        assert seen.draft.faults == ()
        assert seen.plan is not None
        assert seen.plan.turns == ()
        assert seen.plan.same == {
            "grid": 6,
            "exclusive": 3,
            "micro": 14,
            "estate": Estate.objects.count(),
            "building": Building.objects.count(),
        }
        with pytest.raises(actions.BadFile, match="一样"):
            applied(county, write(county.county))

    def test_codes_are_written_as_text(self) -> None:
        county = a_county()
        book = load_workbook(BytesIO(queries.workbook_of(county.county)))
        assert all(isinstance(cell.value, str) for cell in book["微网格"]["A"])

    def test_a_name_that_looks_like_a_formula_is_written_as_words(self) -> None:
        county = a_county()
        Estate.objects.update(name='=HYPERLINK("http://x","y")')
        cell = load_workbook(BytesIO(queries.workbook_of(county.county)))["小区"]["B2"]
        assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x","y")')


class TestApply:
    def test_does_not_keep_the_file_itself(self) -> None:
        """An office's list may name householders in columns that are not ours: only its digest stays."""
        county = a_county()
        rows = [["社区", "网格名称", "户数", "户主"], ["霁山社区", county.grids[0].name, 433, "赵建国"]]
        done = applied(county, workbook(("网格", rows)), ends_rest=False)
        done.refresh_from_db()
        assert bytes(done.file) == b""
        assert len(done.digest) == 64

    def test_drafts_that_nobody_applied_go_after_a_day(self) -> None:
        county = a_county()
        received(county, b"x")
        assert actions.forget_drafts(at=LATER + actions.KEPT_DRAFTS) == 0
        assert actions.forget_drafts(at=LATER + actions.KEPT_DRAFTS * 2) == 1

    def test_brings_in_what_a_sheet_says(self) -> None:
        """R103 R105"""
        county = a_county()
        rows = [
            ["社区", "网格名称", "户数"],
            ["霁山社区", county.grids[0].name, 433],
            ["霁山社区", county.grids[1].name, 322],
        ]
        done = applied(county, workbook(("网格", rows)))
        assert [g.households for g in Place.objects.filter(kind="grid", code__startswith=TOWN).order_by("code")] == [
            433,
            322,
        ]
        assert done.counts == {"grid": {"changed": 2}}
        assert (done.state, done.applied_at) == ("applied", LATER)

    def test_changes_nothing_at_all_where_one_row_is_wrong(self) -> None:
        county = a_county()
        before = dump()
        rows = [["网格编码", "户数"], [county.grids[0].code, 433], ["990201009009001", 300]]
        with pytest.raises(actions.BadFile, match="表“网格”第 3 行“网格编码”：没找到社区"):
            applied(county, workbook(("网格", rows)))
        assert dump() == before
        assert not PlaceChange.objects.exists()

    def test_ends_what_the_file_does_not_name_or_keeps_it(self) -> None:
        county = a_county()
        rows = [["网格编码", "户数"], [county.grids[0].code, 433]]
        kept = queries.preview(received(county, workbook(("网格", rows)), ends_rest=False)).plan
        assert kept is not None
        assert kept.gone == ()
        applied(county, workbook(("网格", rows)))
        gone = Place.objects.get(code=county.grids[1].code)
        assert str(gone.valid_to) == "2026-07-31"
        assert not Place.objects.current().filter(parent=gone).exists()
        assert not Building.objects.filter(grid=gone).exists()

    def test_gives_buildings_the_grid_they_stand_in(self) -> None:
        """R102"""
        county = a_county()
        house, target = (
            county.buildings[0],
            Place.objects.filter(kind="micro", code__startswith=TOWN).exclude(code=county.buildings[0].micro_id).last(),
        )
        assert target is not None
        rows = [
            ["小区", "社区", "楼号", "经度", "纬度"],
            ["桐花苑", "霁山", f"{house.label}号楼", target.lon, target.lat],
        ]
        applied(county, workbook(("楼栋", rows)), ends_rest=False)
        house.refresh_from_db()
        assert (house.grid_id, house.micro_id) == (target.code[:15], target.code)
        grid = Place.objects.get(code=target.code[:15])
        assert grid.households == sum(Building.objects.filter(grid=grid).values_list("households", flat=True))

    def test_finds_new_names_at_once(self) -> None:
        county = a_county()
        rows = [
            ["小区", "社区", "别名", "经度", "纬度"],
            ["湖滨雅苑", "霁山", "老造纸厂、湖滨", county.grids[0].lon, county.grids[0].lat],
        ]
        assert queries.resolve("老造纸厂3号楼漏水", COUNTY) == []
        applied(county, workbook(("小区", rows)), ends_rest=False)
        assert queries.resolve("老造纸厂3号楼漏水", COUNTY)[0].estate_name == "湖滨雅苑"

    def test_an_estate_that_went_is_no_longer_offered(self) -> None:
        county = a_county()
        rows = [["小区", "社区"], ["新家园", "霁山"]]
        applied(county, workbook(("小区", rows)))
        assert [e.name for e in queries.estate_names(TOWN)] == ["新家园"]
        assert Estate.objects.filter(name="桐花苑", valid_to="2026-07-31").exists()

    def test_other_processes_renew_their_copies(self) -> None:
        county = a_county()
        before = Place.objects.get(code=COUNTY).version
        applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        assert Place.objects.get(code=COUNTY).version != before

    def test_refuses_where_the_ground_changed_since_the_preview(self) -> None:
        county = a_county()
        draft = received(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        actions.merge(grids=county.grids[:2], by="system", at=LATER)
        with pytest.raises(Stale, match="重新看一遍预览"):
            actions.apply(draft=draft, by="system", at=LATER, version=draft.version)

    def test_refuses_a_second_time(self) -> None:
        county = a_county()
        done = applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        with pytest.raises(Stale, match="已经导入过"):
            actions.apply(draft=done, by="system", at=LATER)

    def test_is_journalled_without_words(self) -> None:
        county = a_county()
        done = applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        line = Entry.objects.get(verb="import")
        assert (line.scope, line.facts["changed"], line.facts["digest"]) == (COUNTY, 1, done.digest)

    def test_draws_an_invented_community_as_its_grids_lie(self) -> None:
        county = a_county()
        whole = collection(county)
        own = [
            f
            for f in whole["features"]
            if f["properties"]["kind"] == "grid" and f["properties"]["code"].startswith(TOWN)
        ]
        for f in own:
            f["geometry"]["coordinates"] = [[[x + 0.0005, y] for x, y in ring] for ring in f["geometry"]["coordinates"]]
        applied(county, packed(whole | {"features": own}))
        town = Place.objects.get(code=TOWN)
        assert town.west == pytest.approx((county.communities[0].west or 0) + 0.0005, abs=1e-6)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_second_is_refused_politely_and_an_order_is_placed_meanwhile(self) -> None:
        """R102"""
        county = a_county()
        first, second = (
            received(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, n]]))) for n in (433, 422)
        )
        said: list[str] = []

        def other() -> None:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '5s'")
                    cursor.execute(
                        "SELECT 1 FROM places_place WHERE code = %s FOR KEY SHARE", [TOWN]
                    )  # as an order's key does
                actions.apply(draft=second, by="system", at=LATER)
            except Refused as refusal:
                said.append(str(refusal))
            finally:
                connection.close()

        with transaction.atomic():
            actions.apply(draft=first, by="system", at=LATER)
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(60)
        assert said == ["有人正在改这个区的网格。请过一分钟再试。"]
        assert Place.objects.get(code=county.grids[0].code).households == 433
