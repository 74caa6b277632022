"""After an office brought its own ground: followed by everybody, taken back as a whole."""

from datetime import timedelta

import pytest

from sandan.core.models import Entry
from sandan.people import actions as people
from sandan.people.models import Person, Post
from sandan.places import actions
from sandan.places.models import GroundImport, Place
from tests.factories.places import AT, County, a_county
from tests.places.importing_kit import LATER, TOWN, applied, dump, received
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db


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
