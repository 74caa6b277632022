"""An office brings its own ground: previewed, applied as a whole, followed by everybody, taken back as a whole."""

import json
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from openpyxl import load_workbook

from sandan.calc.ground import Datum
from sandan.core.errors import Refused, Stale
from sandan.core.models import Entry
from sandan.people import actions as people
from sandan.people.models import Person, Post
from sandan.places import actions, queries
from sandan.places.models import Building, Estate, GroundImport, Place, PlaceChange
from tests.factories.places import AT, COUNTY, County, a_county
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
TOWN = f"{COUNTY}001001"


def dump() -> dict[str, Any]:
    """Every row of the ground; a county's version is new after every change and says nothing."""
    places = [row | {"version": 0} for row in Place.objects.order_by("code").values()]
    others = {model: list(model.objects.order_by("id").values()) for model in (Estate, Building)}
    people_rows = list(Person.objects.order_by("id").values("id", "home", "lon", "lat"))
    return {"places": places, "posts": list(Post.objects.order_by("id").values()), "people": people_rows, **others}  # type: ignore[dict-item]


def received(county: County, data: bytes, **options: Any) -> GroundImport:
    county.county.refresh_from_db()
    return actions.receive(
        county=county.county, name="网格.xlsx", data=data, by="system", at=LATER, datum=Datum.WGS84, **options
    )


def applied(county: County, data: bytes, **options: Any) -> GroundImport:
    return actions.apply(draft=received(county, data, **options), by="system", at=LATER)


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


class TestApply:
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


class TestPeopleFollow:
    def cast(self, county: County) -> tuple[Person, Post]:
        person = Person.objects.create_user("grid", "景师古", home=county.grids[1], lon=1.0, lat=1.0)
        post = people.give_post(
            person=person, role="grid_worker", scope=county.grids[1].code, from_at=AT, by="system", at=AT
        )
        return person, post

    def test_a_post_goes_on_over_the_grid_in_its_place(self) -> None:
        """R103 R106"""
        county = a_county()
        person, post = self.cast(county)
        change = actions.merge(grids=county.grids[:2], by="system", at=LATER)
        assert [(p.scope, p.from_at, p.to_at) for p in Post.objects.order_by("id")] == [
            (post.scope, AT, LATER), (change.new_codes[0], LATER, None)
        ]  # fmt: skip
        person.refresh_from_db()
        new = Place.objects.get(code=change.new_codes[0])
        assert (person.home_id, person.lon) == (new.code, new.lon)

    def test_after_a_split_it_is_held_over_both(self) -> None:
        county = a_county()
        self.cast(county)
        micro = Place.objects.filter(parent=county.grids[1]).order_by("code")
        change = actions.divide(grid=county.grids[1], micro=[micro[0].code], by="system", at=LATER)
        assert set(Post.objects.held(LATER).values_list("scope", flat=True)) == set(change.new_codes)

    def test_goes_where_the_office_says(self) -> None:
        county = a_county()
        self.cast(county)
        draft = received(
            county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433], [f"{TOWN}050", 300]]))
        )
        assert actions.concerned([county.grids[1].code], LATER) == {county.grids[1].code: ["1 人在岗", "1 人住在这里"]}
        actions.apply(draft=draft, by="system", at=LATER, choices={county.grids[1].code: (f"{TOWN}050",)})
        assert list(Post.objects.held(LATER).values_list("scope", flat=True)) == [f"{TOWN}050"]


class TestUndoImport:
    def test_puts_every_row_back(self) -> None:
        """R103"""
        county = a_county()
        TestPeopleFollow().cast(county)
        before = dump()
        rows = [["网格编码", "户数", "网格名称"], [county.grids[0].code, 433, "新名"], [f"{TOWN}050", 300, "新格"]]
        houses = [["小区", "社区", "楼号", "户数"], ["桐花苑", "霁山", "1", 99], ["新家园", "霁山", "1", 12]]
        done = applied(county, workbook(("网格", rows), ("楼栋", houses)))
        assert dump() != before
        actions.undo_import(ground_import=done, by="system", at=LATER + timedelta(hours=1))
        assert dump() == before
        assert GroundImport.objects.get(pk=done.pk).state == "undone"
        assert Entry.objects.filter(verb="undo_import").count() == 1

    def test_is_refused_when_something_newer_stands_on_it(self) -> None:
        county = a_county()
        done = applied(
            county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433], [county.grids[1].code, 322]]))
        )
        actions.merge(grids=county.grids[:2], by="system", at=LATER)
        with pytest.raises(actions.CannotUndoImport, match="后来的改动"):
            actions.undo_import(ground_import=done, by="system", at=LATER)

    def test_is_refused_when_somebody_got_a_post_there(self) -> None:
        county = a_county()
        done = applied(county, workbook(("网格", [["网格编码", "户数"], [f"{TOWN}050", 433]])))
        person = Person.objects.create_user("new", "和桐")
        people.give_post(person=person, role="grid_worker", scope=f"{TOWN}050", from_at=LATER, by="system", at=LATER)
        with pytest.raises(actions.CannotUndoImport, match="岗位"):
            actions.undo_import(ground_import=done, by="system", at=LATER)

    def test_is_refused_a_second_time(self) -> None:
        county = a_county()
        done = applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        actions.undo_import(ground_import=done, by="system", at=LATER)
        with pytest.raises(actions.CannotUndoImport, match="已经撤回"):
            actions.undo_import(ground_import=done, by="system", at=LATER)

    def test_of_the_last_opens_the_way_to_the_one_before(self) -> None:
        county = a_county()
        before = dump()
        first = applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 433]])))
        second = applied(county, workbook(("网格", [["网格编码", "户数"], [county.grids[0].code, 415]])))
        for done in (second, first):
            actions.undo_import(ground_import=done, by="system", at=LATER)
        assert dump() == before


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
