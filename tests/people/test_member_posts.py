"""people.actions.service_posts: offered, claimed, given back, handed over; each ends by itself (R014, R015)."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed, Stale
from sandan.core.journal import lines_of
from sandan.people.actions import service_posts as posts
from sandan.people.models import Person, Role, ServiceHolding, ServicePost, ServicePostRule
from sandan.people.queries import member_lists, member_posts
from sandan.people.queries.member_rules import HOUSE, post_rules
from tests.factories.members import a_keeper, a_member, a_service_post
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    NOON,
    OTHER_COMMUNITY,
    OTHER_GRID,
    STREET,
    a_person,
    a_place,
    somebody,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=10)


@pytest.fixture
def keeper() -> Person:
    return a_keeper()


@pytest.fixture
def member() -> Person:
    return a_member()


class TestOfferPost:
    def test_is_for_the_community_and_its_grid_leader(self, keeper: Person) -> None:
        """R014: kinds as data, task, hours, term, how many."""
        leader = somebody("丰素珍", Role.GRID_LEADER, COMMUNITY)
        post = a_service_post(leader, a_place(GRID), seats=3)
        assert (post.scope, post.weekdays, post.seats) == (GRID, [5, 6], 3)
        assert member_posts.hours_of(post) == "每周六、周日 7:30 到 9:30"
        assert lines_of(post).get(verb="offer").facts == {"kind": "civility", "seats": 3}
        for by in (a_member(), a_keeper(OTHER_COMMUNITY), somebody("甘露", Role.UNIT_CLERK, COUNTY)):
            with pytest.raises(NotAllowed):
                a_service_post(by)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"task": " "}, {"seats": 0}, {"seats": 51}, {"minutes": None}, {"weekdays": []}, {"weekdays": [7]},
            {"minutes": (600, 600)}, {"to_at": NOON}, {"to_at": NOON + timedelta(days=367)},
        ],
    )  # fmt: skip
    def test_refuses_what_nobody_could_hold(self, keeper: Person, wrong: dict[str, object]) -> None:
        with pytest.raises(posts.BadPost):
            a_service_post(keeper, **wrong)

    def test_knows_only_kinds_of_the_list(self, keeper: Person) -> None:
        with pytest.raises(member_lists.NoKind):
            a_service_post(keeper, kind="spy")
        with pytest.raises(posts.BadPost):
            a_service_post(somebody("柏若宁", Role.LIAISON, STREET), a_place(STREET))


class TestClaim:
    def test_holds_until_the_post_ends_and_ends_by_itself(self, keeper: Person, member: Person) -> None:
        """R014: a term; when it is over nothing has to be switched off."""
        post = a_service_post(keeper)
        row = posts.claim(post=post, by=member, at=NOON)
        assert (row.to_at, row.seat) == (post.to_at, 1)
        assert ServiceHolding.objects.live(post.to_at - timedelta(seconds=1)).count() == 1
        assert ServiceHolding.objects.live(post.to_at).count() == 0
        assert posts.full_hands(0, post_rules(COUNTY).most_held) == ""
        with pytest.raises(Stale, match="已经结束"):
            posts.claim(post=post, by=a_member("茹晓东"), at=post.to_at)

    def test_has_as_many_places_as_it_says(self, keeper: Person, member: Person) -> None:
        post = a_service_post(keeper, seats=2)
        posts.claim(post=post, by=member, at=NOON)
        posts.claim(post=post, by=a_member("茹晓东"), at=NOON)
        with pytest.raises(Stale, match="领满"):
            posts.claim(post=post, by=a_member("景师古"), at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceHolding.objects.create(
                post=post, seat=1, person=a_person(), how="claim", from_at=NOON, to_at=post.to_at
            )

    def test_is_limited_per_person_by_a_rule_of_the_office(self, keeper: Person, member: Person) -> None:
        """R015: limits per person, as data."""
        for _number in range(HOUSE.most_held):
            posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        with pytest.raises(posts.TooManyPosts, match="2 个服务岗"):
            posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        ServicePostRule.objects.create(county="", most_held=1)
        ServicePostRule.objects.create(county=COUNTY, most_held=3)
        assert posts.claim(post=a_service_post(keeper), by=member, at=NOON).pk
        assert post_rules("990299").most_held == 1

    def test_is_for_members_of_the_county(self, keeper: Person) -> None:
        post = a_service_post(keeper)
        for by in (keeper, somebody("宿梅", Role.GRID_WORKER, GRID), somebody("远", Role.MEMBER, "990202001001001")):
            with pytest.raises(NotAllowed):
                posts.claim(post=post, by=by, at=NOON)

    def test_refuses_the_same_post_twice(self, keeper: Person, member: Person) -> None:
        post = a_service_post(keeper, seats=2)
        posts.claim(post=post, by=member, at=NOON)
        with pytest.raises(Stale, match="已经领了"):
            posts.claim(post=post, by=member, at=NOON)


class TestRelease:
    def test_opens_the_place_at_once_and_costs_nothing_in_the_first_days(self, keeper: Person, member: Person) -> None:
        """R015: release and return."""
        post = a_service_post(keeper)
        row = posts.claim(post=post, by=member, at=NOON)
        soon = NOON + timedelta(days=HOUSE.free_days)
        assert posts.release(holding=row, reason="busy", by=member, at=soon).end == "released"
        assert posts.claim(post=post, by=member, at=soon).seat == 1

    def test_later_keeps_the_same_post_away_for_a_while(self, keeper: Person, member: Person) -> None:
        post = a_service_post(keeper)
        row = posts.claim(post=post, by=member, at=NOON)
        posts.release(holding=row, reason="busy", by=member, at=LATER)
        with pytest.raises(posts.TooSoon, match="8月27日起"):
            posts.claim(post=post, by=member, at=LATER + timedelta(days=1))
        posts.claim(post=post, by=a_member("茹晓东"), at=LATER)
        assert posts.again_from(post, member, HOUSE) == LATER + timedelta(days=HOUSE.again_days)

    def test_is_for_the_holder_alone_and_once(self, keeper: Person, member: Person) -> None:
        row = posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        with pytest.raises(NotAllowed):
            posts.release(holding=row, reason="busy", by=keeper, at=NOON)
        posts.release(holding=row, reason="busy", by=member, at=NOON)
        with pytest.raises(Stale):
            posts.release(holding=row, reason="busy", by=member, at=NOON)


class TestTakeBack:
    def test_is_for_the_community_with_a_reason(self, keeper: Person, member: Person) -> None:
        post = a_service_post(keeper)
        row = posts.claim(post=post, by=member, at=NOON)
        with pytest.raises(NotAllowed):
            posts.take_back(holding=row, reason="absent", by=a_keeper(OTHER_COMMUNITY), at=NOON)
        row = posts.take_back(holding=row, reason="absent", by=keeper, at=NOON)
        assert (row.end, row.reason) == ("taken_back", "absent")
        with pytest.raises(posts.TooSoon):
            posts.claim(post=post, by=member, at=NOON + timedelta(days=1))

    def test_of_all_ends_a_withdrawn_post(self, keeper: Person, member: Person) -> None:
        post = a_service_post(keeper, seats=2)
        row = posts.claim(post=post, by=member, at=NOON)
        posts.close_post(post=post, by=keeper, at=LATER)
        row.refresh_from_db()
        assert (row.end, row.ended_at) == ("closed", LATER)
        assert not ServicePost.objects.running(LATER).exists()
        with pytest.raises(Stale):
            posts.close_post(post=post, by=keeper, at=LATER)


class TestHandOver:
    def test_changes_hands_in_one_moment_once_the_other_says_yes(self, keeper: Person, member: Person) -> None:
        """R014: hand-over without a gap; until the yes the holder keeps it."""
        other = a_member("茹晓东", OTHER_GRID)
        row = posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        posts.ask_to_take_over(holding=row, to=other, by=member, at=NOON)
        assert [one.who for one in member_posts.desk(other, [OTHER_GRID], NOON).asked] == ["贺连生"]
        new = posts.take_over(holding=row, by=other, at=LATER)
        row.refresh_from_db()
        assert (row.end, row.ended_at, row.offered_to) == ("handed_over", LATER, None)
        assert (new.person, new.how, new.from_at, new.to_at, new.seat) == (other, "hand_over", LATER, row.to_at, 1)

    def test_goes_back_where_the_other_says_no_or_the_question_is_withdrawn(
        self, keeper: Person, member: Person
    ) -> None:  # fmt: skip
        other = a_member("茹晓东", OTHER_GRID)
        row = posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        posts.ask_to_take_over(holding=row, to=other, by=member, at=NOON)
        assert posts.decline_over(holding=row, by=other, at=NOON).offered_to is None
        for answer in (posts.take_over, posts.decline_over):
            with pytest.raises(NotAllowed):
                answer(holding=row, by=other, at=NOON)

    def test_asks_only_members_and_counts_their_limit(self, keeper: Person, member: Person) -> None:
        other = a_member("茹晓东", OTHER_GRID)
        row = posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        for to in (member, keeper):
            with pytest.raises(posts.NoSuccessor):
                posts.ask_to_take_over(holding=row, to=to, by=member, at=NOON)
        posts.ask_to_take_over(holding=row, to=other, by=member, at=NOON)
        for _number in range(HOUSE.most_held):
            posts.claim(post=a_service_post(keeper), by=other, at=NOON)
        with pytest.raises(posts.TooManyPosts):
            posts.take_over(holding=row, by=other, at=NOON)


class TestDesk:
    def test_shows_the_own_community_first_then_what_suits(self, keeper: Person, member: Person) -> None:
        far = a_service_post(a_keeper(OTHER_COMMUNITY), a_place(OTHER_COMMUNITY), to_at=NOON + timedelta(days=2))
        member.skills = ["调解"]
        member.save()
        plain, skilled = a_service_post(keeper), a_service_post(keeper, kind="mediate")
        desk = member_posts.desk(member, [GRID], NOON)
        assert [one.pk for one in desk.open] == [skilled.pk, plain.pk, far.pk]
        assert (desk.open[0].skills, desk.left) == (("调解",), 2)

    def test_costs_the_same_for_one_post_as_for_twenty(
        self, keeper: Person, member: Person, django_assert_num_queries: object
    ) -> None:  # fmt: skip
        for count in (1, 19):
            for _number in range(count):
                a_service_post(keeper)
            with django_assert_num_queries(7):  # type: ignore[operator]
                member_posts.desk(member, [GRID], NOON)


class TestSetRules:
    def test_replaces_a_county_s_rules_by_a_command(self, keeper: Person, member: Person, capsys: Any) -> None:
        """R015: limits per person are the office's to set."""
        a_place(COUNTY)
        call_command("service_rules", COUNTY, most_held=1)
        assert "最多领 1 个，交回后 7 天" in capsys.readouterr().out
        posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        with pytest.raises(posts.TooManyPosts, match="1 个服务岗"):
            posts.claim(post=a_service_post(keeper), by=member, at=NOON)
        call_command("service_rules", COUNTY, again_days=30)
        assert (post_rules(COUNTY).most_held, post_rules(COUNTY).again_days) == (2, 30)

    @pytest.mark.parametrize(("county", "wrong"), [("123456", {}), ("all", {"most_held": 0})])
    def test_refuses_what_makes_no_sense(self, county: str, wrong: dict[str, int]) -> None:
        with pytest.raises(CommandError):
            call_command("service_rules", county, **wrong)


class TestLists:
    def test_hold_every_skill_that_the_catalogue_asks_for(self) -> None:
        """R016: closed, and complete: no matter asks for what nobody can name."""
        with (settings.BASE / "data" / "categories.csv").open(encoding="utf-8") as file:
            asked = {skill for row in csv.DictReader(file) for skill in row["skills"].split("|") if skill}
        assert asked <= set(member_lists.skills())
        assert all(len(name) <= 10 for name in member_lists.skills())

    def test_of_kinds_make_posts_that_can_be_offered(self, keeper: Person) -> None:
        """R014: each kind of the file, as it stands, is a post."""
        for kind in member_lists.post_kinds().values():
            minutes = None
            if kind.from_minute is not None and kind.to_minute is not None:
                minutes = (kind.from_minute, kind.to_minute)
            post = a_service_post(
                keeper, kind=kind.code, task=kind.task, weekdays=list(kind.weekdays), minutes=minutes, seats=kind.seats
            )
            assert set(kind.skills) <= set(member_lists.skills())
            assert post.pk
