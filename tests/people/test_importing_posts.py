"""Lists of posts and of units: what they make, and the way back."""

from datetime import UTC, datetime

import pytest

from sandan.people.actions import importing
from sandan.people.actions.importing import CannotUndoList
from sandan.people.models import Person, Post, Role, Unit, UnitCheckin, UnitFile
from tests.factories.people import NOON, STREET, a_place, a_post, somebody
from tests.people.import_kit import (
    COUNTY,
    FIRST,
    OTHER_TOWN,
    SECOND,
    TOWN,
    a_ground,
    a_scheme,
    applied,
    draft,
    looked,
    said,
    sheet,
    undone,
)

pytestmark = pytest.mark.django_db
POSTS = ("姓名", "联系电话", "岗位", "街道", "社区", "网格", "单位", "任职时间", "到期日期", "班次")
UNITS = ("单位名称", "类型", "报到社区", "联系人", "联系电话", "办公地址", "可提供资源", "党员人数", "协议日期")
LEADER = ("宿梅", "13800000001", "网格长", None, "造纸厂社区", "东网格", None, "2026年8月1日", "2027.7.31", "白班")
OFFICE = (
    "民政局",
    "报到单位",
    "造纸厂社区、水务院社区",
    "甘露",
    "0351-4211234",
    "府前街 1 号",
    "场地、车辆",
    "38人",
    "2026/8/1",
)


class TestPosts:
    def test_gives_several_posts_to_one_person(self) -> None:
        """R107"""
        unit = a_ground()
        rows = [
            LEADER, ("宿 梅", "138-0000-0001", "专职", None, "造纸厂社区", "第2网格", None, None, None, None),
            ("单玉梅", "13800000002", "辅助员", None, None, FIRST, None, None, None, None),
            ("柏若宁", "13800000003", "联络员", "银杏街道", None, None, None, None, None, None),
            ("甘露", "13800000004", "经办人", None, None, None, "城管局", None, None, None),
        ]  # fmt: skip
        done = applied(sheet(*rows, heads=POSTS), "posts")
        found = set(Post.objects.values_list("person__name", "role", "grade", "scope", "unit", "shift"))
        assert found == {
            ("宿梅", "grid_leader", "", FIRST, None, "day"), ("宿梅", "grid_worker", "full", SECOND, None, ""),
            ("单玉梅", "grid_worker", "helper", FIRST, None, ""), ("柏若宁", "liaison", "", STREET, None, ""),
            ("甘露", "unit_clerk", "", COUNTY, unit.pk, ""),
        }  # fmt: skip
        assert done.counts == {"person": {"new": 4}, "post": {"new": 5}}
        term = Post.objects.get(role=Role.GRID_LEADER)
        assert (term.from_at, term.to_at) == (
            datetime(2026, 7, 31, 16, tzinfo=UTC),
            datetime(2027, 7, 31, 16, tzinfo=UTC),
        )
        undone(done)
        assert not Person.objects.exists()

    def test_moves_the_end_of_a_term_and_back(self) -> None:
        a_ground()
        applied(sheet(LEADER, heads=POSTS), "posts")
        longer = (*LEADER[:8], "2028-07-31", None)
        done = applied(sheet(longer, heads=POSTS), "posts")
        assert done.counts == {"person": {"same": 1}, "post": {"changed": 1}}
        assert Post.objects.get().to_at == datetime(2028, 7, 31, 16, tzinfo=UTC)
        undone(done)
        assert Post.objects.get().to_at == datetime(2027, 7, 31, 16, tzinfo=UTC)

    def test_undo_is_refused_once_a_post_ended(self) -> None:
        a_ground()
        done = applied(sheet(LEADER, heads=POSTS), "posts")
        Post.objects.update(to_at=NOON.replace(day=11))
        with pytest.raises(CannotUndoList, match="结束、交接或改过任期"):
            undone(done)

    def test_refuses_a_second_liaison_of_a_street(self) -> None:
        a_ground()
        somebody("缪凤英", Role.LIAISON, STREET)
        row = ("柏若宁", "13800000003", "街道联络员", "银杏街道", None, None, None, None, None, None)
        assert "银杏街道在这段时间已有联络员" in said(looked(sheet(row, heads=POSTS), "posts"))[0]

    def test_of_a_liaison_stays_in_the_own_street_and_below_the_own_post(self) -> None:
        a_ground()
        a_place("990201002001")
        liaison = somebody("柏若宁", Role.LIAISON, STREET)
        high = ("缪凤英", "13800000005", "区级值班", None, None, None, None, None, None, None)
        far = ("宿梅", "13800000001", "社区派单员", None, "990201002001", None, None, None, None, None)
        words = said(looked(sheet(high, far, heads=POSTS), "posts", by=liaison))
        assert ["不归您管" in line for line in words] == [True, True]

    def test_nobody_appoints_themselves(self) -> None:
        a_ground()
        district = somebody("缪凤英", Role.DISTRICT, COUNTY)
        applied(sheet(LEADER, heads=POSTS), "posts", by=district)
        own = Person.objects.get(name="宿梅")
        a_post(own, Role.DISTRICT, COUNTY)
        more = (*LEADER[:2], "社区派单员", None, "造纸厂社区", None, None, None, None, None)
        assert "不能给自己安排岗位" in said(looked(sheet(more, heads=POSTS), "posts", by=own))[0]


class TestUnits:
    def test_registers_units_and_lets_them_report_in(self) -> None:
        """R004 R010"""
        a_ground()
        a_scheme()
        done = applied(
            sheet(OFFICE, ("城管局", None, "水务院", None, None, None, None, None, None), heads=UNITS), "units"
        )
        assert done.counts == {"unit": {"new": 1, "same": 1}, "unit_checkin": {"new": 3}}
        file = UnitFile.objects.get(unit__name="民政局")
        assert (file.contact, file.phone_tail, file.address, file.member_count) == ("甘露", "1234", "府前街 1 号", 38)
        assert (file.offers, f"{file.agreed_on}") == (["venue", "vehicle"], "2026-08-01")
        towns = set(UnitCheckin.objects.values_list("unit__name", "community_id"))
        assert towns == {("民政局", TOWN), ("民政局", OTHER_TOWN), ("城管局", OTHER_TOWN)}
        undone(done)
        assert (list(Unit.objects.values_list("name", flat=True)), UnitCheckin.objects.count()) == (["城管局"], 0)

    def test_changes_what_a_unit_tells_and_back(self) -> None:
        a_ground()
        applied(sheet((*OFFICE[:2], None, *OFFICE[3:]), heads=UNITS), "units")
        done = applied(sheet(("民政局", None, None, "金小雨", "4219999", None, None, 40, None), heads=UNITS), "units")
        assert done.counts == {"unit": {"changed": 1}}
        undone(done)
        file = UnitFile.objects.get()
        assert (file.contact, file.phone.open_unlogged(), file.member_count) == ("甘露", "03514211234", 38)

    def test_brings_sixty_seven_units_in_one_run(self) -> None:
        """R004"""
        a_ground()
        a_scheme()
        rows = [(f"市直第{n}局", None, "造纸厂社区", None, None, None, None, None, None) for n in range(1, 68)]
        assert applied(sheet(*rows, heads=UNITS), "units").counts["unit"] == {"new": 67}
        assert UnitCheckin.objects.live(NOON.replace(hour=5)).count() == 67

    def test_needs_a_scheme_to_report_in(self) -> None:
        a_ground()
        assert "还没有双报到方案" in said(looked(sheet(OFFICE, heads=UNITS), "units"))[0]

    def test_undo_is_refused_once_the_register_was_changed(self) -> None:
        a_ground()
        done = applied(sheet((*OFFICE[:2], None, *OFFICE[3:]), heads=UNITS), "units")
        UnitFile.objects.update(address="府后街 2 号")
        with pytest.raises(CannotUndoList, match="改过登记"):
            undone(done)


class TestForgetLists:
    def test_forgets_drafts_of_yesterday_and_keeps_what_was_applied(self) -> None:
        a_ground()
        done = applied(sheet(LEADER, heads=POSTS), "posts")
        draft(sheet(LEADER, heads=POSTS), "posts")
        assert importing.forget_lists(at=NOON.replace(day=12)) == 1
        done.refresh_from_db()
        assert done.file is None
