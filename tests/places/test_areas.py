"""Official codes through time: lists are read row by row, changes wait for their day, all inside is renumbered."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sandan.calc.ground import Level
from sandan.core import health
from sandan.core.errors import Refused
from sandan.places import actions, queries
from sandan.places.models import AreaChange, Building, Estate, Place, PlaceChange
from sandan.places.queries.health import probe
from tests.factories.places import AT, COUNTY, County, a_county

pytestmark = pytest.mark.django_db
HEAD = "old_code,new_code,new_name,from,to,source\n"
TOWN, NEXT, NEW = f"{COUNTY}001001", f"{COUNTY}001002", f"{COUNTY}001077"
LATER = AT + timedelta(days=60)


def load(*rows: str) -> list[AreaChange]:
    return actions.load_area_codes(text=HEAD + "\n".join(rows), by="system", at=LATER)


def errors(county: County) -> list[str]:
    return [f.what for f in queries.findings(county.county) if f.level is Level.ERROR]


class TestLoad:
    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("99020100100,990201001077,,2026-07-01,,公告", "第 2 行 old_code 列：要写 6、9、12 或 15 位编码"),
            ("990201001001,990201001,,2026-07-01,,公告", "第 2 行 new_code 列：位数要和旧编码一样"),
            ("990201001001,990201001077,,七月一日,,公告", "第 2 行 from 列：日期像"),
            ("990201001001,990201001077,,,,公告", "第 2 行 from 列：没写从哪天起"),
            ("990201001001,990201001077,,2026-07-01,,", "第 2 行 source 列：没写出处"),
        ],
    )
    def test_names_row_and_column(self, row: str, words: str) -> None:
        with pytest.raises(Refused, match=words):
            load(row)
        assert not AreaChange.objects.exists()

    def test_keeps_each_row_once(self) -> None:
        a_county()
        row = f"{TOWN},{NEW},新村社区,2026-08-01,,公告"
        assert len(load(row)) == 1
        assert load(row) == []

    def test_waits_for_the_day(self) -> None:
        a_county()
        load(f"{TOWN},{NEW},新村社区,2027-01-01,,公告")
        assert not Place.objects.filter(code=NEW).exists()
        assert actions.apply_areas(by="clock", at=AT + timedelta(days=183)) == []
        assert len(actions.apply_areas(by="clock", at=AT + timedelta(days=184))) == 1
        assert Place.objects.filter(code=NEW, valid_from="2027-01-01").exists()
        assert str(Place.objects.get(code=TOWN).valid_to) == "2027-01-01"

    def test_refuses_codes_that_go_in_a_circle_on_one_day(self) -> None:
        a_county()
        with pytest.raises(Refused, match=TOWN):
            load(f"{TOWN},{NEXT},,2026-08-01,,公告", f"{NEXT},{TOWN},,2026-08-01,,公告")
        assert not AreaChange.objects.exists()
        assert Estate.objects.filter(community=TOWN).exists()

    @pytest.mark.parametrize("days", [("2026-08-01", "2026-08-01"), ("2026-08-01", "2026-08-02")])
    def test_takes_a_chain_in_its_order_whatever_the_rows_order(self, days: tuple[str, str]) -> None:
        """R103: who frees a code goes first; who takes it comes when everything has followed."""
        a_county()
        there = {code: set(Estate.objects.filter(community=code).values_list("pk", flat=True)) for code in (TOWN, NEXT)}
        load(f"{TOWN},{NEXT},,{days[1]},,公告", f"{NEXT},{NEW},,{days[0]},,公告")
        assert set(Estate.objects.filter(community=NEW).values_list("pk", flat=True)) == there[NEXT]
        assert set(Estate.objects.filter(community=TOWN).values_list("pk", flat=True)) == there[TOWN]
        assert actions.apply_areas(by="clock", at=LATER) == []
        actions.settle(changes=list(PlaceChange.objects.all()), at=LATER)
        assert len(actions.apply_areas(by="clock", at=LATER)) == 1
        assert set(Estate.objects.filter(community=NEXT).values_list("pk", flat=True)) == there[TOWN]
        assert set(Estate.objects.filter(community=NEW).values_list("pk", flat=True)) == there[NEXT]

    def test_takes_them_one_after_the_other(self) -> None:
        a_county()
        there = set(Estate.objects.filter(community=NEXT).values_list("pk", flat=True))
        load(f"{NEXT},{NEW},,2026-08-01,,公告")
        load(f"{TOWN},{NEXT},,2026-08-01,,公告")
        assert Estate.objects.filter(community=TOWN).exists()
        assert set(Estate.objects.filter(community=NEW).values_list("pk", flat=True)) == there


class TestApply:
    def test_takes_everything_inside_along(self) -> None:
        county = a_county()
        homes, houses = (
            Estate.objects.filter(community=TOWN).count(),
            Building.objects.filter(grid__parent=TOWN).count(),
        )
        load(f"{TOWN},{NEW},新村社区,2026-08-01,,公告")
        new = Place.objects.get(code=NEW)
        assert (new.name, new.parent_id, new.takes_orders) == ("新村社区", f"{COUNTY}001", True)
        assert Estate.objects.filter(community=NEW).count() == homes
        assert Building.objects.filter(grid__parent=NEW, micro__parent__parent=NEW).count() == houses
        assert not Place.objects.current().within(TOWN).exists()
        assert errors(county) == []
        found = queries.locate(county.grids[0].lon or 0, county.grids[0].lat or 0, COUNTY)
        assert found is not None
        assert found.grid == f"{NEW}001"

    def test_merges_communities_and_numbers_grids_anew(self) -> None:
        county = a_county()
        load(f"{TOWN},{NEW},霁桐社区,2026-08-01,,公告", f"{NEXT},{NEW},霁桐社区,2026-08-01,,公告")
        grids = Place.objects.current().filter(parent=NEW, kind="grid").order_by("code")
        assert [grid.code[12:] for grid in grids] == [f"{n:03d}" for n in range(1, len(grids) + 1)]
        assert errors(county) == []

    def test_absorbs_one_community_into_a_neighbour(self) -> None:
        county = a_county()
        load(f"{TOWN},{NEXT},,2026-08-01,,公告")
        town = Place.objects.get(code=NEXT)
        assert town.households == county.communities[0].households + county.communities[1].households
        assert (town.west, town.name) == (pytest.approx(county.communities[0].west), "桐花社区")
        assert errors(county) == []

    def test_splits_a_community_by_its_grids(self) -> None:
        county = a_county()
        load(
            f"{TOWN},{TOWN},,2026-08-01,,公告", f"{county.grids[1].code},{NEW}001,,2026-08-01,,公告",
            f"{TOWN},{NEW},湖滨社区,2026-08-01,,公告",
        )  # fmt: skip
        assert Place.objects.current().filter(parent=TOWN, kind="grid").get().code == county.grids[0].code
        assert Place.objects.current().filter(parent=NEW, kind="grid").get().households == county.grids[1].households
        assert {Place.objects.get(code=NEW).name, Place.objects.get(code=TOWN).name} == {"湖滨社区", "霁山社区"}
        assert errors(county) == []

    def test_a_refused_change_waits_and_the_next_county_goes_on(self) -> None:
        a_county()
        Place.objects.create(code="990202", kind="county", name="邻县", name_key="lin")
        load(f"{TOWN},{TOWN[:9]}077,,2027-01-01,,公告", "990202,990203,,2027-01-01,,公告")
        Place.objects.filter(code=TOWN).update(valid_to=None)
        Place.objects.create(code=NEW, kind="community", name="别处", name_key="bie", parent_id=TOWN[:9])
        Place.objects.create(code=f"{NEW}899", kind="grid", name="末", name_key="mo", parent_id=NEW)
        Place.objects.filter(parent=TOWN, kind="grid").exclude(code=f"{TOWN}001").update(valid_to="2026-01-01")
        Place.objects.create(code=f"{TOWN}899", kind="grid", name="末", name_key="mo", parent_id=TOWN)
        with pytest.raises(Refused):
            actions.apply_areas(by="clock", at=AT + timedelta(days=184))
        done = actions.apply_areas(by="clock", at=AT + timedelta(days=184), strict=False)
        assert [change.new_codes for change in done] == [["990203"]]
        assert [row.old for row in AreaChange.objects.filter(applied_at=None)] == [TOWN]

    def test_gives_only_another_name(self) -> None:
        a_county()
        load(f"{TOWN},{TOWN},霁山第一社区,2026-08-01,,公告")
        assert Place.objects.get(code=TOWN).name == "霁山第一社区"
        assert queries.present_code(TOWN) == TOWN


class TestCodesThroughTime:
    def test_lead_from_old_to_new_and_back(self) -> None:
        a_county()
        load(f"{TOWN},{NEW},,2026-08-01,,公告")
        load(f"{COUNTY}001,{COUNTY}009,,2026-08-02,,公告")
        assert queries.present_code(f"{TOWN}002") == f"{COUNTY}009077002"
        assert queries.present_code("110101001001") == "110101001001"
        assert queries.codes_on(NEW, date(2026, 7, 1)) == (TOWN,)
        assert queries.codes_on(NEW, date(2026, 8, 1)) == (NEW,)


class TestCommand:
    def test_says_what_it_loaded(self, tmp_path: Path) -> None:
        a_county()
        file, out = tmp_path / "codes.csv", StringIO()
        file.write_text(HEAD + f"{TOWN},{NEW},新村社区,2099-01-01,,公告", encoding="utf-8-sig")
        call_command("load", "area-codes", str(file), stdout=out)
        assert "新载入 1 条，其中 1 条到日子再生效" in out.getvalue()

    def test_fails_with_a_sentence(self, tmp_path: Path) -> None:
        file = tmp_path / "codes.csv"
        file.write_text("a,b\n1,2\n")
        with pytest.raises(CommandError, match="缺少 old_code"):
            call_command("load", "area-codes", str(file))


class TestCheck:
    def test_names_codes_whose_day_has_come_and_changes_left_behind(self) -> None:
        a_county()
        assert [one.level for one in health.findings() if one.name == "网格变动"] == ["ok"]
        row = AreaChange.objects.create(old=TOWN, new=NEW, from_on="2026-01-01", source="公告", at=AT)
        PlaceChange.objects.create(at=AT, kind="area", old_codes=[], new_codes=[])
        level, text = probe()
        assert (level, "1 次网格变动" in text, TOWN in text) == ("warn", True, True)
        row.delete()
        PlaceChange.objects.update(settled_at=AT)
        assert probe()[0] == "ok"
