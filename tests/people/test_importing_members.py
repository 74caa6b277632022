"""A list of members: one person once, checked in to the grid, and the whole of it back."""

import pytest

from sandan.core.models import Entry
from sandan.core.sealed import digest
from sandan.people.actions import importing
from sandan.people.actions.importing import BadList, CannotUndoList
from sandan.people.models import MemberCheckin, PeopleImport, Person, PersonMark, Post, Role
from tests.factories.people import NOON, a_person, a_post, somebody
from tests.people.import_kit import (
    COUNTY,
    ELSEWHERE,
    FIRST,
    SECOND,
    TOWN,
    a_ground,
    applied,
    draft,
    identity,
    looked,
    said,
    sheet,
    undone,
)

pytestmark = pytest.mark.django_db
OWN = ("景师古", "13800000001", identity(1), "城管局", "造纸厂社区", "东网格")


class TestApply:
    def test_makes_persons_once_and_checks_them_in(self) -> None:
        """R005"""
        unit = a_ground()
        rows = [
            OWN,
            ("丰素珍", "13800000002", None, "城管局", "造纸厂", "第2网格"),
            ("聂远", None, None, None, None, FIRST),
        ]
        done = applied(sheet(*rows))
        found = {
            row.person.name: (row.grid, row.unit, row.how) for row in MemberCheckin.objects.select_related("person")
        }
        assert found == {
            "景师古": (FIRST, unit, "import"),
            "丰素珍": (SECOND, unit, "import"),
            "聂远": (FIRST, None, "import"),
        }
        assert done.counts == {"person": {"new": 3}, "checkin": {"new": 3}}
        assert Post.objects.filter(role=Role.MEMBER, to_at=None).count() == 3
        person = Person.objects.get(phone_digest=digest("13800000001", "phone"))
        assert (person.phone_tail, person.home_id, person.has_usable_password()) == ("0001", FIRST, False)

    def test_writes_a_line_for_every_change_and_no_name_or_number(self) -> None:
        a_ground()
        done = applied(sheet(OWN))
        lines = list(Entry.objects.order_by("id").values_list("verb", "facts"))
        assert [verb for verb, _facts in lines] == ["make", "give", "check_in", "import"]
        assert not any(word in str(lines) for word in ("景师古", "13800000001", identity(1)))
        assert lines[-1][1]["digest"] == done.digest

    def test_changes_nothing_where_one_row_is_wrong(self) -> None:
        a_ground()
        bad = draft(sheet(OWN, ("丰素珍", "1380000000", None, None, "造纸厂社区", "东网格")))
        with pytest.raises(BadList, match="第 3 行 B 列“手机号码”：少了 1 位"):
            importing.apply_list(draft=bad, by="system", at=NOON)
        assert not Person.objects.exists()
        assert PeopleImport.objects.get().state == "draft"

    def test_is_the_same_a_second_time(self) -> None:
        a_ground()
        applied(sheet(OWN))
        plan = looked(sheet(OWN))
        assert (plan.is_ready, plan.counts) == (False, {"checkin": {"same": 1}, "person": {"same": 1}})

    def test_completes_who_is_here(self) -> None:
        a_ground()
        known = somebody("景师古", Role.GRID_WORKER, TOWN)
        PersonMark.objects.create(person=known, digest=digest(identity(1), "identity"))
        done = applied(
            sheet((*OWN, "电工、唱戏"), heads=("姓名", "手机", "身份证号码", "单位", "社区", "网格", "特长"))
        )
        known.refresh_from_db()
        assert (known.phone_tail, known.skills, Person.objects.count()) == ("0001", ["电工"], 1)
        assert done.counts["person"] == {"changed": 1}
        undone(done)
        known.refresh_from_db()
        assert (known.phone, known.phone_digest, known.phone_tail, known.skills, known.home_id) == (
            None,
            None,
            "",
            [],
            None,
        )

    def test_of_a_member_of_the_desk_touches_only_its_own_ground(self) -> None:
        a_ground()
        desk = somebody("周敏", Role.DISPATCHER, TOWN)
        plan = looked(sheet(OWN, ("丰素珍", None, None, None, "水务院社区", "东网格")), by=desk)
        assert said(plan) == ["表“名单”第 3 行 F 列“网格”：水务院社区 东网格不归您管。请删掉这一行，或请那边的人导入。"]

    def test_of_a_clerk_brings_the_own_unit_anywhere(self) -> None:
        unit = a_ground()
        clerk = somebody("甘露", Role.UNIT_CLERK, COUNTY, unit=unit)
        applied(sheet(("丰素珍", "13800000002", None, "城管局党支部", "水务院社区", "东网格")), by=clerk)
        row = MemberCheckin.objects.get()
        assert (row.grid, row.how, row.by) == (ELSEWHERE, "clerk", clerk)
        plan = looked(sheet(("聂远", "13800000003", None, None, "水务院社区", "东网格")), by=clerk)
        assert "不归您管" in said(plan)[0]


class TestOnePerson:
    """R005: no double person."""

    def test_is_found_by_phone_across_units_and_grids(self) -> None:
        a_ground()
        plan = looked(sheet(OWN, ("景 师古 ", "１３８ 0000 0001", None, None, "水务院社区", "东网格")))
        assert (plan.faults, plan.questions) == ([], [])
        assert plan.counts == {"checkin": {"new": 2}, "person": {"new": 1}}

    def test_is_found_by_identity_number(self) -> None:
        a_ground()
        plan = looked(sheet(OWN, ("景师古", None, identity(1), None, "水务院社区", "东网格")))
        assert plan.counts == {"checkin": {"new": 2}, "person": {"new": 1}}

    def test_counts_once_in_one_grid_and_says_whose_unit_counts(self) -> None:
        a_ground()
        plan = looked(sheet(OWN, (*OWN[:3], None, *OWN[4:])))
        assert plan.counts["checkin"] == {"new": 1}
        assert [key for key, _where, _value in plan.remarks] == ["other_unit", "one_person"]

    def test_is_asked_about_where_only_the_name_is_alike(self) -> None:
        a_ground()
        known = a_person("丰素珍", home_id=FIRST)
        rows = (
            OWN,
            ("景师古", None, None, None, "水务院社区", "东网格"),
            ("丰素珍", None, None, None, "水务院", "东网格"),
        )
        plan = looked(sheet(*rows))
        assert not plan.is_ready
        assert [(one.key, [value for value, _words in one.options]) for one in plan.questions] == [
            ("名单!3", ["r名单!2", "new"]), ("名单!4", [f"p{known.pk}", "new"]),
        ]  # fmt: skip
        with pytest.raises(BadList, match="2 行只有姓名对得上"):
            applied(sheet(*rows))
        applied(sheet(*rows), answers={"名单!3": "r名单!2", "名单!4": "new"})
        assert sorted(Person.objects.values_list("name", flat=True)) == ["丰素珍", "丰素珍", "景师古"]

    def test_is_not_made_by_an_answer_that_was_not_offered(self) -> None:
        a_ground()
        stranger = a_person("路人甲")
        plan = looked(
            sheet(OWN, ("景师古", None, None, None, "水务院", "东网格")), answers={"名单!3": f"p{stranger.pk}"}
        )
        assert len(plan.questions) == 1

    def test_of_staff_gets_no_phone_to_sign_in_with_from_a_list(self) -> None:
        """Whoever brings a list must not take an account over by writing their own number behind its name."""
        a_ground()
        boss = somebody("景师古", Role.DISTRICT, COUNTY)
        plan = looked(sheet(OWN), answers={"名单!2": f"p{boss.pk}"})
        assert said(plan)[0].startswith("表“名单”第 2 行 B 列“手机号码”：这个账号有管理岗位")

    def test_of_another_name_keeps_the_list_out_and_is_not_named(self) -> None:
        a_ground()
        a_person("闫可心", phone="13800000001", phone_digest=digest("13800000001", "phone"))
        (words,) = said(looked(sheet(OWN)))
        assert words.startswith("表“名单”第 2 行 B 列“手机号码”：这里登记的是另一个名字")
        assert "闫可心" not in words


class TestIdentityNumber:
    """The number tells persons apart and is nowhere in clear."""

    def test_is_kept_as_a_keyed_digest_alone(self) -> None:
        a_ground()
        applied(sheet(OWN))
        mark = PersonMark.objects.get()
        assert bytes(mark.digest) == digest(identity(1), "identity")
        row = PeopleImport.objects.get()
        assert (row.file, row.size > 0) == (None, True)
        assert identity(1) not in row.before.open_unlogged()

    def test_of_a_draft_lies_under_seal(self) -> None:
        a_ground()
        row = draft(sheet(OWN))
        row.refresh_from_db()
        assert row.file is not None
        assert not row.file.box[17:].startswith(b"PK")
        assert row.file.open_bytes().startswith(b"PK")

    def test_typed_into_another_column_is_not_repeated_by_the_report(self) -> None:
        a_ground()
        words = said(looked(sheet((identity(7), "13800000001", None, identity(8), "造纸厂社区", "13911112222"))))
        assert len(words) == 3
        assert not any(number in "".join(words) for number in (identity(7), identity(8), "13911112222"))


class TestUndo:
    def test_puts_everything_back(self) -> None:
        a_ground()
        done = applied(sheet(OWN, ("丰素珍", None, None, None, "造纸厂社区", "东网格")))
        undone(done)
        assert not any(model.objects.exists() for model in (Person, PersonMark, Post, MemberCheckin))
        done.refresh_from_db()
        assert (done.state, done.before) == ("undone", None)
        with pytest.raises(CannotUndoList, match="已经撤回过"):
            undone(done)

    def test_is_refused_once_somebody_signed_in_or_moved(self) -> None:
        a_ground()
        done = applied(sheet(OWN))
        Person.objects.update(last_login=NOON)
        MemberCheckin.objects.update(to_at=NOON, end="left")
        with pytest.raises(CannotUndoList, match="登录过；有人已经换了网格"):
            undone(done)
        assert Person.objects.exists()

    def test_is_refused_once_a_new_person_has_another_post(self) -> None:
        a_ground()
        done = applied(sheet(OWN))
        a_post(Person.objects.get(), Role.GRID_LEADER, FIRST)
        with pytest.raises(CannotUndoList, match="用在别处"):
            undone(done)
        assert MemberCheckin.objects.filter(to_at=None).exists()
