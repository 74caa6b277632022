"""Pages of units that report in: who may open which, every figure opens its list, changes by form."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from sandan.core.models import Look
from sandan.people.actions import units_roster
from sandan.people.actions.units_register import UnitFacts
from sandan.people.models import Pair, Person, Reminder, RosterRow, Scheme, Unit, UnitCheckin, UnitStage
from tests.factories.orders import a_course
from tests.factories.people import COMMUNITY, COUNTY, NOON, OTHER_COMMUNITY, Cast, a_place
from tests.factories.units import TODAY, a_clerk, a_registered, a_roster, a_scheme, an_overseer, came, in_community

pytestmark = pytest.mark.django_db
NAMES = ("安歌", "白鹭", "常青", "段誉")
NOT_FOUND, FORBIDDEN = 404, 403


def url(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def unit(cast: Cast) -> Unit:
    """A unit in COMMUNITY with four on its roster: two came, one is ill, one is missing."""
    a_scheme()
    unit = a_registered(facts=UnitFacts(contact="毕升", phone="0990-1234567", offers=["law"]))
    in_community(unit)
    came(unit, NAMES[:2])
    rows = a_roster(unit, NAMES)
    units_roster.excuse(row=rows[2], why="ill", from_on=date(2026, 8, 1), by="system", at=NOON)
    return unit


class TestProgress:
    def test_shows_figures_that_open_exactly_their_lists(self, unit: Unit) -> None:
        """R007 R008 R009: the rate with the day of the roster, excused ones apart and never hidden."""
        overseer = as_(an_overseer())
        html = text(overseer, url("progress"))
        assert "50.0" in html
        assert "已报到 2 / 名册 4 人" in html
        assert "2026-08-10" in html
        for show, names in (("all", NAMES), ("in", NAMES[:2]), ("excused", NAMES[2:3]), ("gap", NAMES[3:])):
            listed = text(overseer, url("progress_rows", show))
            assert [name for name in NAMES if name in listed] == list(names)

    def test_reads_illness_as_leave(self, unit: Unit) -> None:
        """G1: why somebody is away is told to those outside the unit in the mildest word."""
        overseer = as_(an_overseer())
        for address in (url("progress_rows", "excused"), url("unit_roster", unit.pk, "excused")):
            html = text(overseer, address)
            assert "请假" in html
            assert "病假" not in html
        assert "病假" in text(as_(a_clerk(unit)), url("unit_roster", unit.pk, "excused"))

    def test_has_the_units_of_the_level_and_no_others(self, unit: Unit) -> None:
        """R021"""
        a_registered("外县单位", "990299")
        city, county = as_(an_overseer("9902")), as_(an_overseer())
        assert "外县单位" in text(city, url("progress"))
        assert "外县单位" not in text(county, url("progress"))

    def test_picks_those_with_a_gap(self, unit: Unit) -> None:
        other = a_registered("区档案馆")
        html = as_(an_overseer()).get(url("progress"), {"pick": "no_roster"}, headers={"HX-Request": "true"})
        assert other.name in html.content.decode()
        assert unit.name not in html.content.decode()

    def test_gets_no_residents_data(self, cast: Cast, unit: Unit) -> None:
        """R021 G2: an order is the same 404 to an overseer as none at all; members' registers too."""
        course = a_course(cast, "open")
        overseer = as_(an_overseer())
        for name in ("orders:detail", "orders:go", "orders:side"):
            real = overseer.get(reverse(name, args=[course.order.full_number]))
            none = overseer.get(reverse(name, args=["990201001001-2026-0101-001"]))
            assert (real.status_code, none.status_code) == (NOT_FOUND, NOT_FOUND)
        for name in ("orders:inbox", "orders:board", "orders:hall", "orders:find", "people:members"):
            assert overseer.get(reverse(name)).status_code in (FORBIDDEN, NOT_FOUND)

    def test_is_the_overseers_alone(self, cast: Cast, unit: Unit) -> None:
        for person in (cast.dispatcher, cast.district, cast.member, cast.auditor, a_clerk(unit)):
            assert as_(person).get(url("progress")).status_code == FORBIDDEN
        assert Client().get(url("progress")).status_code == 302

    def test_takes_the_same_queries_with_many_units(
        self,
        unit: Unit,
        django_assert_max_num_queries,  # type: ignore[no-untyped-def]
    ) -> None:
        for number in range(20):
            other = a_registered(f"单位{number}")
            in_community(other)
            a_roster(other, NAMES)
        overseer = as_(an_overseer())
        with django_assert_max_num_queries(14):
            overseer.get(url("progress"))
        with django_assert_max_num_queries(14):
            overseer.get(url("units"))


class TestUnits:
    def test_finds_by_a_part_of_the_name_or_its_pinyin(self, cast: Cast, unit: Unit) -> None:
        """R010"""
        a_registered("区档案馆")
        overseer = as_(an_overseer())
        for words in ("统计", "qu1 tong"):
            html = text(overseer, url("units") + f"?q={words}")
            assert "区统计局" in html
            assert "区档案馆" not in html
        assert "没有叫这个名字的单位" in text(overseer, url("units") + "?q=不存在")

    def test_shows_a_desk_the_units_of_its_communities(self, cast: Cast, unit: Unit) -> None:
        a_registered("区档案馆")
        html = text(as_(cast.dispatcher), url("units"))
        assert unit.name in html
        assert "区档案馆" not in html
        assert unit.name not in text(as_(cast.neighbour), url("units"))

    def test_is_reached_by_a_clerk_from_their_own_orders(self, cast: Cast, unit: Unit) -> None:
        assert url("units") in text(as_(a_clerk(unit)), reverse("orders:mine"))
        assert url("units") not in text(as_(cast.member), reverse("orders:mine"))

    def test_takes_a_clerk_straight_to_the_unit(self, unit: Unit) -> None:
        assert as_(a_clerk(unit)).get(url("units"))["Location"] == url("unit", unit.pk)


class TestUnit:
    def test_is_not_found_by_those_it_does_not_concern(self, cast: Cast, unit: Unit) -> None:
        """G2: another unit's clerk, another community, another level: the 404 of a unit that is not there."""
        other = a_clerk(a_registered("区档案馆"))
        for person in (other, cast.neighbour, cast.clerk, an_overseer("990299"), cast.member):
            for key in (unit.pk, 10**9):
                assert as_(person).get(url("unit", key)).status_code == NOT_FOUND
                assert as_(person).get(url("unit_roster", key, "all")).status_code == NOT_FOUND
                assert as_(person).post(url("unit_phone", key)).status_code == NOT_FOUND

    def test_names_nobody_of_the_roster_to_the_community(self, cast: Cast, unit: Unit) -> None:
        desk = as_(cast.dispatcher)
        assert not [name for name in NAMES if name in text(desk, url("unit", unit.pk))]
        assert desk.get(url("unit_roster", unit.pk, "all")).status_code == NOT_FOUND

    def test_shows_the_number_only_when_asked_and_leaves_a_line(self, cast: Cast, unit: Unit) -> None:
        """R010: contact level."""
        desk = as_(cast.dispatcher)
        assert "1234567" not in text(desk, url("unit", unit.pk)).replace(" ", "")
        html = desk.post(url("unit_phone", unit.pk)).content.decode()
        assert "09901234567" in html
        assert Look.objects.get().person_id == cast.dispatcher.pk


class TestMoves:
    def test_walk_a_unit_from_the_register_to_both_words(self, cast: Cast) -> None:
        """R001 R007 R010 R019: overseer, clerk and community, each by their own form."""
        overseer, place = as_(an_overseer()), a_place(COMMUNITY)
        scheme = {"name": "双报到双评议", "word_checkin": "报到", "word_service": "服务", "word_charge": "包联",
                  "word_rating": "评议", "audience": "a", "procedure": "b", "tasks": "c", "review": "d",
                  "from_on": "2026-01-01"}  # fmt: skip
        assert overseer.post(url("scheme_write"), scheme).status_code == 302
        assert overseer.post(url("unit_add"), {"name": "区科协", "phone": "123"}).status_code == 302
        unit = Unit.objects.get(name="区科协")
        clerk, desk = as_(a_clerk(unit)), as_(cast.dispatcher)
        posts = [
            (clerk, url("unit_file", unit.pk), {"contact": "毕升", "offers": ["law", "venue"]}),
            (clerk, url("unit_step", unit.pk, "survey"), {"from_on": "2026-02-01", "done_on": "2026-03-01"}),
            (clerk, url("unit_checkin", unit.pk), {"community": place.code}),
            (clerk, url("unit_pair", unit.pk), {"community": place.code, "unit_contact": "毕升",
                                                "community_contact": "周敏", "from_on": "2026-03-01"}),
            (clerk, url("unit_hand_in", unit.pk), {"on": "2026-03-01", "names": "1. 安　歌\n白鹭 办公室\n"}),
        ]  # fmt: skip
        for client, address, said in posts:
            answer = client.post(address, said)
            assert answer.status_code == 302, (address, answer.content.decode()[-3000:])
        row = UnitCheckin.objects.get(unit=unit)
        for client, address, said in (
            (clerk, url("unit_link", row.pk, "service"), {"scope": COMMUNITY, "text": "科普", "tags": ["education"]}),
            (clerk, url("unit_rate", row.pk, "unit"), {"mark": 5}),
            (desk, url("unit_rate", row.pk, "community"), {"mark": 4, "text": "来得勤"}),
        ):
            assert client.post(address, said).status_code == 302
        html = text(desk, url("units_community", int(COMMUNITY)))
        assert all(words in html for words in ("区科协", "科普", "来得勤", "毕升", "4 分", "5 分"))
        assert [(one.name, one.mark) for one in RosterRow.objects.order_by("pk")] == [("安歌", ""), ("白鹭", "办公室")]
        assert UnitStage.objects.get(step="survey").done_on == date(2026, 3, 1)
        for client, address in (
            (clerk, url("pair_end", Pair.objects.get().pk)),
            (desk, url("unit_link_end", row.links.get().pk)),
            (clerk, url("unit_checkin_end", row.pk)),
        ):
            assert client.post(address).status_code == 302
        assert not UnitCheckin.objects.filter(to_at=None).exists()

    def test_say_what_is_wrong_and_keep_what_was_typed(self, cast: Cast, unit: Unit) -> None:
        answer = as_(cast.dispatcher).post(url("unit_rate", unit.checkins.get().pk, "community"), {"mark": 1})
        assert answer.status_code == 422
        assert "请写一句哪里没做好" in answer.content.decode()

    def test_refuse_numbers_in_a_roster(self, unit: Unit) -> None:
        """G1: a roster is names; a pasted phone or identity number never reaches the table."""
        answer = as_(a_clerk(unit)).post(
            url("unit_hand_in", unit.pk), {"on": TODAY.isoformat(), "names": "安歌\n白鹭 16400990001"}
        )
        assert answer.status_code == 422
        assert "第 2 行有一长串数字" in answer.content.decode()

    def test_are_not_found_on_what_is_anothers(self, cast: Cast, unit: Unit) -> None:
        row, person = unit.checkins.get(), as_(cast.neighbour)
        member = RosterRow.objects.filter(unit=unit).first()
        assert member
        for address in (
            url("unit_checkin_end", row.pk), url("unit_rate", row.pk, "community"), url("unit_link", row.pk, "charge"),
            url("row_excuse", member.pk), url("unit_remind", unit.pk), url("unit_hand_in", unit.pk),
        ):  # fmt: skip
            assert person.post(address, {"mark": 5, "why": "leave"}).status_code == NOT_FOUND
        assert as_(cast.clerk).post(url("row_excuse", member.pk)).status_code == NOT_FOUND


class TestRoster:
    def test_lets_the_clerk_excuse_take_back_and_remind(self, unit: Unit) -> None:
        """R008"""
        clerk = as_(a_clerk(unit))
        row = RosterRow.objects.get(name="段誉")
        assert clerk.post(url("row_excuse", row.pk), {"why": "posted", "from_on": "2026-08-01"}).status_code == 302
        assert "都有着落" in text(clerk, url("unit_roster", unit.pk, "gap"))
        assert clerk.post(url("row_excuse_end", row.pk)).status_code == 302
        assert "段誉" in text(clerk, url("unit_roster", unit.pk, "gap"))
        answer = clerk.post(url("unit_remind_members", unit.pk), follow=True)
        assert "请打电话告诉他们" in answer.content.decode()
        assert as_(an_overseer()).post(url("unit_remind", unit.pk)).status_code == 302
        assert Reminder.objects.get().kind == "unit"

    def test_lets_the_clerk_say_who_a_name_is(self, unit: Unit) -> None:
        (person,) = came(unit, ["段钰"], "990201001001002")
        clerk = as_(a_clerk(unit))
        row = RosterRow.objects.get(name="段誉")
        assert "段钰" in text(clerk, url("row_settle", row.pk))
        assert clerk.post(url("row_settle", row.pk), {"person": person.pk}).status_code == 302
        row.refresh_from_db()
        assert row.person == person

    def test_sends_ticked_rows_to_a_community(self, unit: Unit) -> None:
        in_community(unit, OTHER_COMMUNITY)
        clerk = as_(a_clerk(unit))
        row = RosterRow.objects.get(name="段誉")
        assert "分到这个社区" in text(clerk, url("unit_roster", unit.pk, "all"))
        clerk.post(url("unit_assign", unit.pk), {"rows": [row.pk], "community": OTHER_COMMUNITY})
        row.refresh_from_db()
        assert row.community == OTHER_COMMUNITY
        assert "先在名册上勾选" in clerk.post(url("unit_assign", unit.pk), {}, follow=True).content.decode()


class TestCommunity:
    def test_shows_who_is_expected_and_takes_a_survey(self, cast: Cast, unit: Unit) -> None:
        """R009 R200"""
        desk = as_(cast.dispatcher)
        said = {"on": "2026-08-01", "households": 1200, "needs": ["law"], "resources": ["venue"], "gaps": "没有活动室"}
        assert desk.post(url("units_survey", int(COMMUNITY)), said).status_code == 302
        html = text(desk, url("units_community", int(COMMUNITY)))
        assert all(words in html for words in ("没有活动室", "1200", "已报到 2 / 名册 4 人", unit.name))
        assert "段誉" in text(desk, url("units_community_rows", int(COMMUNITY), "gap"))
        assert "病假" not in text(desk, url("units_community_rows", int(COMMUNITY), "excused"))

    def test_is_for_its_desks_and_the_overseer(self, cast: Cast, unit: Unit) -> None:
        address = url("units_community", int(COMMUNITY))
        for person in (cast.dispatcher, cast.liaison, cast.district, an_overseer(), an_overseer("9902")):
            assert as_(person).get(address).status_code == 200
        for person in (cast.neighbour, cast.member, cast.clerk, an_overseer("990299")):
            assert as_(person).get(address).status_code == NOT_FOUND
        assert as_(an_overseer()).get(url("units_survey", int(COMMUNITY))).status_code == NOT_FOUND


class TestScheme:
    def test_is_read_by_those_who_work_by_it(self, cast: Cast, unit: Unit) -> None:
        """R003"""
        row = Scheme.objects.get(scope=COUNTY)
        for person in (a_clerk(unit), cast.dispatcher, an_overseer(), an_overseer("9902")):
            html = text(as_(person), url("scheme", row.pk))
            assert all(words in html for words in (row.audience, row.procedure, row.tasks, row.review))
        assert as_(an_overseer("990299")).get(url("scheme", row.pk)).status_code == NOT_FOUND

    def test_refuses_a_part_left_empty(self, cast: Cast) -> None:
        answer = as_(an_overseer()).post(url("scheme_write"), {"name": "双报到", "word_checkin": "报到"})
        assert answer.status_code == 422
