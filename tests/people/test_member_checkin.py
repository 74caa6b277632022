"""people.actions.member_checkin: one person one row, several grids at once, the past stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed, Stale
from sandan.core.journal import lines_of
from sandan.people import access
from sandan.people.actions import member_checkin as members
from sandan.people.actions import service_posts
from sandan.people.models import MemberCheckin, Person, Post, Role, RosterRow, Scheme
from tests.factories.members import a_keeper, a_member, a_service_post, checked_in
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    LONG_AGO,
    NOON,
    OTHER_COMMUNITY,
    OTHER_GRID,
    a_person,
    a_place,
    a_post,
    a_unit,
    somebody,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)
PHONE = "16400007719"


def roles(person: Person, grid: str = GRID) -> frozenset[str]:
    access.forget(person)
    return access.roles_over(access.posts_of(person, LATER), grid)


class TestCheckIn:
    def test_gives_the_member_s_post_over_the_grid(self) -> None:
        """R001, R013: a check-in of a member is tied to a grid, its service link is the post."""
        unit, person = a_unit("统计局", "unit"), a_person()
        row = members.check_in(person=person, grid=a_place(GRID), unit=unit, by=a_keeper(), at=NOON)
        assert (row.post.role, row.post.scope, row.post.person) == (Role.MEMBER, GRID, person)
        assert roles(person) == {Role.MEMBER}
        assert (person.home_id, person.lon) == (GRID, a_place(GRID).lon)
        facts = lines_of(row).get(verb="check_in").facts
        assert facts == {"person": person.pk, "unit": unit.pk, "post": row.post_id, "how": "staff"}

    def test_uses_the_post_that_is_there(self) -> None:
        person = a_person()
        post = a_post(person, Role.MEMBER, GRID)
        assert checked_in(person).post == post

    def test_may_be_made_several_times_on_several_grids(self) -> None:
        """R013: several duties; distances are counted from the first."""
        person = a_member()
        checked_in(person, OTHER_GRID, at=NOON)
        assert roles(person, OTHER_GRID) == {Role.MEMBER}
        assert person.home_id == GRID
        checked_in(person, GRID[:-1] + "3", at=NOON)
        with pytest.raises(members.TooManyGrids, match="3 个网格"):
            checked_in(person, GRID[:-1] + "4", at=NOON)

    def test_refuses_a_second_one_on_the_same_grid(self) -> None:
        """R005: no double; the database says so too."""
        person = a_member()
        row = MemberCheckin.objects.get(person=person)
        with pytest.raises(members.AlreadyThere):
            checked_in(person, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            MemberCheckin.objects.create(person=person, grid=GRID, post=row.post, how="self", from_at=NOON)

    def test_refuses_what_is_no_grid_in_use(self) -> None:
        with pytest.raises(members.NoGrid):
            checked_in(a_person(), COMMUNITY)

    def test_is_for_who_keeps_the_place_or_is_clerk_of_the_unit(self) -> None:
        unit, other = a_unit("统计局", "unit"), a_unit("财政局", "unit")
        clerk = somebody("甘露", Role.UNIT_CLERK, COUNTY, unit=unit)
        assert members.check_in(person=a_person(), grid=a_place(GRID), unit=unit, by=clerk, at=NOON).how == "clerk"
        for by, whose in ((clerk, other), (clerk, None), (a_keeper(OTHER_COMMUNITY), unit), (a_person(), unit)):
            with pytest.raises(NotAllowed):
                members.check_in(person=a_person(), grid=a_place(GRID), unit=whose, by=by, at=NOON)

    def test_by_oneself_asks_for_an_earlier_one(self) -> None:
        """Who has never been on anybody's list cannot become a member alone."""
        stranger = a_person()
        with pytest.raises(NotAllowed, match="先登记一次"):
            members.check_in(person=stranger, grid=a_place(GRID), by=stranger, at=NOON)
        person = a_member()
        assert members.check_in(person=person, grid=a_place(OTHER_GRID), by=person, at=NOON).how == "self"

    def test_by_oneself_is_open_to_who_stands_on_a_roster(self) -> None:
        """R005: the unit's roster is the list; its unit and the scheme in force go along."""
        unit, named = a_unit("统计局", "unit"), a_person()
        RosterRow.objects.create(unit=unit, name=named.name, name_key="he", person=named, since_on=LONG_AGO)
        words = {"name": "双报到", "audience": "党员", "procedure": "三步", "tasks": "接单", "review": "互评"}
        scheme = Scheme.objects.create(scope=COUNTY, version=1, from_on=LONG_AGO, at=LONG_AGO, **words)
        row = members.check_in(person=named, grid=a_place(GRID), by=named, at=NOON)
        assert (row.unit, row.scheme) == (unit, scheme)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.PARTNER, Role.DAY_WORKER])
    def test_never_joins_powers_that_stand_apart(self, role: str) -> None:
        """G2: who keeps accounts or logs, or comes from outside, becomes no member, whoever asks."""
        person = a_member()
        a_post(person, role, COUNTY)
        access.forget(person)
        for by in (person, a_keeper()):
            with pytest.raises(NotAllowed, match="职责要分开"):
                members.check_in(person=person, grid=a_place(OTHER_GRID), by=by, at=NOON)

    def test_closes_one_whose_post_ended_in_another_way(self) -> None:
        person = a_member()
        Post.objects.filter(person=person).update(to_at=NOON)
        row = checked_in(person, at=LATER)
        old = MemberCheckin.objects.exclude(pk=row.pk).get(person=person)
        assert (old.to_at, old.end) == (NOON, "other")


class TestRegisterMember:
    def test_knows_the_same_phone_as_the_same_person(self) -> None:
        """R005: dedupe by person, whoever brings them and however the number is written."""
        first = members.register_member(name="茹晓东", phone=PHONE, scope=GRID, by=a_keeper(), at=NOON)
        again = members.register_member(name=" 茹晓东 ", phone="+86 164-0000-7719", scope=GRID, by="system", at=LATER)
        assert first == again
        assert Person.objects.filter(name="茹晓东").count() == 1

    def test_refuses_the_number_of_another_name_and_does_not_tell_whose(self) -> None:
        members.register_member(name="茹晓东", phone=PHONE, scope=GRID, by=a_keeper(), at=NOON)
        with pytest.raises(members.OtherName) as refusal:
            members.register_member(name="景师古", phone=PHONE, scope=GRID, by="system", at=NOON)
        assert "茹" not in str(refusal.value)


class TestChangeGrid:
    def test_ends_one_and_begins_the_other_in_the_same_moment(self) -> None:
        """R013: a change of grid keeps the history, and the post follows."""
        unit = a_unit("统计局", "unit")
        person = a_member(unit=unit)
        old = MemberCheckin.objects.get(person=person)
        new = members.change_grid(checkin=old, grid=a_place(OTHER_GRID), by=person, at=LATER)
        old.refresh_from_db()
        assert (old.to_at, old.end, new.from_at, new.unit) == (LATER, "moved", LATER, unit)
        assert roles(person) == frozenset()
        assert roles(person, OTHER_GRID) == {Role.MEMBER}
        person.refresh_from_db()
        assert person.home_id == OTHER_GRID

    def test_refuses_one_that_is_over(self) -> None:
        person = a_member()
        row = MemberCheckin.objects.get(person=person)
        members.check_out(checkin=row, end="left", by=person, at=NOON)
        with pytest.raises(Stale):
            members.change_grid(checkin=row, grid=a_place(OTHER_GRID), by=person, at=LATER)

    def test_by_a_desk_asks_for_both_places(self) -> None:
        row = MemberCheckin.objects.get(person=a_member())
        far = a_place(OTHER_COMMUNITY + "001")
        with pytest.raises(NotAllowed):
            members.change_grid(checkin=row, grid=far, by=a_keeper(), at=NOON)
        district = somebody("缪凤英", Role.DISTRICT, COUNTY)
        assert members.change_grid(checkin=row, grid=far, by=district, at=NOON).grid == far.code


class TestCheckOut:
    def test_takes_the_post_and_with_the_last_grid_the_service_posts(self) -> None:
        keeper, person = a_keeper(), a_member()
        checked_in(person, OTHER_GRID, at=NOON)
        held = service_posts.claim(post=a_service_post(keeper), by=person, at=NOON)
        first, second = person.checkins.order_by("pk")
        members.check_out(checkin=first, end="left", by=keeper, at=LATER)
        held.refresh_from_db()
        assert held.ended_at is None
        members.check_out(checkin=second, end="left", by=person, at=LATER)
        held.refresh_from_db()
        assert (held.ended_at, held.end) == (LATER, "left")
        assert roles(person) == frozenset()

    def test_is_not_for_a_neighbour(self) -> None:
        row = MemberCheckin.objects.get(person=a_member())
        with pytest.raises(NotAllowed):
            members.check_out(checkin=row, end="left", by=a_keeper(OTHER_COMMUNITY), at=NOON)
