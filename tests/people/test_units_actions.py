"""people.actions.units_*: schemes, register, check-in of units, steps, survey, pairs."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed, Stale
from sandan.core.models import Entry, Look
from sandan.people.actions import units_checkin, units_pair, units_register, units_scheme
from sandan.people.actions.units_register import UnitFacts
from sandan.people.actions.units_scheme import SchemeText
from sandan.people.models import Pair, Role, Scheme, Unit, UnitFile
from sandan.people.queries import units_lists, units_scope
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    NOON,
    STREET,
    Cast,
    a_place,
    somebody,
)
from tests.factories.units import (
    REVIEW,
    TEXT,
    TODAY,
    a_clerk,
    a_registered,
    a_scheme,
    an_overseer,
    communities,
    in_community,
)

pytestmark = pytest.mark.django_db
# Source 000 and 003 name them together; R020 wants every pair kept.
UNITS_000 = (
    "市统计局", "市城联社", "市直工委", "市委党校", "市财政局", "市民政局", "市司法局", "市教育局", "市卫健委",
    "市住建局", "市文旅局", "市交通局", "市水务局", "市审计局", "市医保局", "市工信局",
)  # fmt: skip
COMMUNITIES_000 = (
    "西大街社区", "南大街社区", "北街社区", "东街社区", "泽州路社区", "凤鸣社区", "文昌社区", "钟家庄社区",
    "开发区社区", "西上庄社区",
)  # fmt: skip
LINKS_000 = (
    *((0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3), (8, 4), (9, 4), (10, 5), (11, 6), (12, 7)),
    *((13, 8), (14, 9), (15, 9), (0, 5), (2, 6), (2, 7)),
)


class TestWriteScheme:
    def test_keeps_the_four_parts_and_its_dates(self, db: None) -> None:
        """R003: 对象, 程序, 主要任务, 评议方式; the version before ends on the day the next begins."""
        first = a_scheme()
        second = a_scheme(text=REVIEW, from_on=date(2026, 8, 1))
        first.refresh_from_db()
        assert (first.version, first.to_on) == (1, date(2026, 8, 1))
        assert (second.version, second.to_on) == (2, None)
        assert all((second.audience, second.procedure, second.tasks, second.review))
        assert [one.pk for one in units_scope.schemes_in_force(date(2026, 7, 31))] == [first.pk]
        assert [one.pk for one in units_scope.schemes_in_force(TODAY)] == [second.pk]

    def test_takes_the_names_of_the_mechanism_as_they_are_said_there(self, db: None) -> None:
        """R002: 双报到双服务双包联双评价 in one county, 双报到双评议 in another; without the pair there is no word."""
        assert a_scheme().pairs == ("报到", "服务", "包联", "评价")
        assert a_scheme("990202", REVIEW).pairs == ("报到", "评议")

    def test_refuses_a_scheme_with_a_part_missing(self, db: None) -> None:
        with pytest.raises(units_scheme.BadScheme):
            a_scheme(text=SchemeText("双报到", "对象", "程序", " ", "评议"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Scheme.objects.create(scope=COUNTY, version=9, name="x", from_on=TODAY, at=NOON)

    def test_refuses_a_version_that_begins_before_the_last(self, db: None) -> None:
        a_scheme(from_on=TODAY)
        with pytest.raises(units_scheme.BadScheme, match="晚于"):
            a_scheme(from_on=TODAY)

    def test_is_the_overseers_of_that_level_alone(self, cast: Cast) -> None:
        """R021"""
        overseer = an_overseer()
        facts = {"text": TEXT, "from_on": TODAY, "at": NOON}
        units_scheme.write_scheme(scope=COUNTY, by=overseer, **facts)
        for by, scope in ((overseer, "9902"), (overseer, "990299"), (cast.clerk, COUNTY), (cast.district, COUNTY)):
            with pytest.raises(NotAllowed):
                units_scheme.write_scheme(scope=scope, by=by, **facts)
        city = an_overseer("9902")
        assert units_scheme.write_scheme(scope="990299", by=city, **facts).version == 1


class TestRegisterUnit:
    def test_keeps_contact_address_resources_and_agreement(self, cast: Cast) -> None:
        """R010"""
        facts = UnitFacts(
            contact="毕升", phone="0990-1234567", address="府前街 1 号", offers=["venue", "law"],
            agreement="每月来一次", agreed_on=TODAY, member_count=12, is_co_building=True,
        )  # fmt: skip
        file = units_register.register_unit(name="区图书馆", scope=COUNTY, facts=facts, by=an_overseer(), at=NOON)
        file.refresh_from_db()
        assert (file.contact, file.address, file.offers) == ("毕升", "府前街 1 号", ["venue", "law"])
        assert (file.agreement, file.agreed_on, file.member_count) == ("每月来一次", TODAY, 12)
        assert file.is_co_building
        assert file.phone_tail == "4567"

    def test_takes_a_department_that_is_there_for_the_same_unit(self, cast: Cast) -> None:
        file = units_register.register_unit(
            name=cast.unit.name, scope=COUNTY, facts=UnitFacts(), by=an_overseer(), at=NOON
        )
        assert file.unit == cast.unit
        assert Unit.objects.filter(name=cast.unit.name).count() == 1

    def test_lets_only_the_overseer_and_the_district_bring_units_in(self, cast: Cast) -> None:
        for by in (cast.clerk, cast.dispatcher, cast.member, an_overseer("990299")):
            with pytest.raises(NotAllowed):
                units_register.register_unit(name="新单位", scope=COUNTY, facts=UnitFacts(), by=by, at=NOON)

    @pytest.mark.parametrize("phone", ["找小王", "12", "1" * 21])
    def test_refuses_what_cannot_be_dialled(self, db: None, phone: str) -> None:
        with pytest.raises(units_register.BadUnitPhone):
            a_registered(facts=UnitFacts(phone=phone))


class TestWriteUnit:
    def test_leaves_what_was_not_said_and_takes_away_what_is_empty(self, db: None) -> None:
        unit = a_registered(facts=UnitFacts(contact="毕升", phone="0990 1234567"))
        units_register.write_unit(unit=unit, facts=UnitFacts(contact="", address="南街"), by=a_clerk(unit), at=NOON)
        file = UnitFile.objects.get(unit=unit)
        assert (file.contact, file.address, file.phone_tail) == ("", "南街", "4567")

    def test_refuses_the_clerk_of_another_unit(self, db: None) -> None:
        unit, other = a_registered(), a_registered("区档案馆")
        with pytest.raises(NotAllowed):
            units_register.write_unit(unit=unit, facts=UnitFacts(contact="我"), by=a_clerk(other), at=NOON)


class TestSeeUnitPhone:
    def test_gives_the_number_and_leaves_a_line(self, cast: Cast) -> None:
        """The number lies under seal; each look is written down."""
        unit = a_registered(facts=UnitFacts(phone="（0990）123-4567"))
        assert b"1234567" not in bytes(UnitFile.objects.get(unit=unit).phone.box)  # type: ignore[union-attr]
        assert units_register.see_unit_phone(unit=unit, by=cast.dispatcher, at=NOON) == "09901234567"
        look = Look.objects.get()
        assert (look.person_id, look.subject, look.field) == (cast.dispatcher.pk, "people.unitfile", "phone")


class TestPair:
    def test_keeps_sixteen_units_and_ten_communities_without_loss(self, db: None) -> None:
        """R020: several units a community, several communities a unit."""
        places = communities(COMMUNITIES_000, STREET)
        units = [a_registered(name, "9902") for name in UNITS_000]
        for unit, place in LINKS_000:
            units_pair.pair(
                unit=units[unit], community=places[place], unit_contact="单位的人", community_contact="社区的人",
                from_on=TODAY, by="system", at=NOON,
            )  # fmt: skip
        live = units_lists.live_pairs(NOON)
        assert {(one.unit.name, one.community.name) for one in live} == {
            (UNITS_000[unit], COMMUNITIES_000[place]) for unit, place in LINKS_000
        }
        assert len({one.unit_id for one in live}) == 16
        assert len({one.community_id for one in live}) == 10
        assert live.filter(community__name="西大街社区").count() == 2
        assert live.filter(unit__name="市直工委").count() == 3

    def test_has_a_term_and_a_name_on_both_sides(self, cast: Cast) -> None:
        """R019"""
        unit, place = a_registered(), a_place(COMMUNITY)
        facts = {"unit": unit, "community": place, "from_on": TODAY, "at": NOON}
        row = units_pair.pair(unit_contact="毕升", community_contact="周敏", by=a_clerk(unit), **facts)
        again = units_pair.pair(unit_contact="沈括", community_contact="周敏", by=cast.dispatcher, **facts)
        assert again.pk == row.pk
        assert again.unit_contact == "沈括"
        ended = units_pair.end_pair(pair=row, by=cast.dispatcher, at=NOON + timedelta(days=3))
        assert ended.to_on == TODAY + timedelta(days=3)
        assert not Pair.objects.live(TODAY + timedelta(days=3)).exists()
        assert Pair.objects.live(TODAY + timedelta(days=2)).exists()
        with pytest.raises(Stale):
            units_pair.end_pair(pair=row, by=cast.dispatcher, at=NOON + timedelta(days=4))

    def test_refuses_a_missing_name_a_turned_term_and_strangers(self, cast: Cast) -> None:
        facts = {"unit": a_registered(), "community": a_place(COMMUNITY), "from_on": TODAY, "at": NOON}
        for said in ({"unit_contact": " "}, {"to_on": TODAY}):
            with pytest.raises(units_pair.BadPair):
                units_pair.pair(**{"unit_contact": "毕", "community_contact": "周", "by": "system", **facts, **said})
        with pytest.raises(NotAllowed):
            units_pair.pair(unit_contact="毕", community_contact="周", by=cast.neighbour, **facts)  # type: ignore[arg-type]


class TestJournal:
    def test_says_all_of_it_in_codes(self, cast: Cast) -> None:
        """The journal tells what happened; names, phones and words stay out of it."""
        a_scheme()
        unit = a_registered(facts=UnitFacts(contact="毕升", phone="09901234567"))
        row = in_community(unit)
        units_checkin.rate_unit(checkin=row, side="community", mark=1, text="没来过", by=cast.dispatcher, at=NOON)
        verbs = {entry.verb: str(entry.facts) for entry in Entry.objects.all()}
        assert {"write_scheme", "write_unit", "check_in_unit", "rate_unit"} <= set(verbs)
        assert not any(word in text for text in verbs.values() for word in ("毕升", "4567", "没来过"))


class TestSides:
    def test_are_those_of_the_posts_held(self, cast: Cast) -> None:
        """R021: an overseer has the units of the level, wherever they serve."""
        unit = a_registered("市统计局", "9902")
        city, county = an_overseer("9902"), an_overseer()
        held = {who: tuple(who.posts.all()) for who in (city, county, cast.dispatcher, cast.neighbour, cast.district)}
        assert units_scope.sides(held[city], unit) == {"overseer"}
        assert units_scope.sides(held[county], unit) == frozenset()
        assert units_scope.sides(held[cast.dispatcher], unit, [COMMUNITY]) == {"community"}
        assert units_scope.sides(held[cast.neighbour], unit, [COMMUNITY]) == frozenset()
        both = somebody("甘棠", Role.DISTRICT, COUNTY)
        assert units_scope.sides(tuple(both.posts.all()), a_registered(), [COMMUNITY]) == {"office", "community"}
