"""orders.actions.post_following: what is in hand goes on when a post ends; an order is never without an owner."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from sandan.core.errors import Refused
from sandan.core.journal import lines_of
from sandan.notices.models import Notice
from sandan.orders import actions as orders
from sandan.orders.actions import post_following
from sandan.orders.models import Duty, Order
from sandan.orders.queries import timeline
from sandan.orders.workflow import S
from sandan.people import actions as people
from sandan.people.models import Person, Post, Role
from tests.factories.orders import MORNING, a_course, an_order
from tests.factories.people import COMMUNITY, COUNTY, GRID, STREET, Cast, a_person, a_post, a_unit

NOON = MORNING + timedelta(hours=2)
TERM = NOON + timedelta(days=3)


def post_of(person: Person) -> Post:
    return Post.objects.get(person=person)


def fresh(order: Order) -> Order:
    return Order.objects.select_related("owner", "holder").get(pk=order.pk)


def hands(order: Order) -> list[tuple[str, str]]:
    """The line of custody: who and as what, without a gap."""
    lines = list(order.custody.select_related("person").order_by("pk"))
    for one, other in pairwise(lines):
        assert one.to_at == other.from_at
    assert lines[-1].to_at is None
    return [(line.person.name, line.role) for line in lines]


class TestHandOverOfADesk:
    def test_moves_what_it_answers_for_and_says_so(self, cast: Cast) -> None:
        """R051: hand-over moves open work, in the same moment, and names how many."""
        one, two = an_order(cast, S.JUDGED), an_order(cast, S.TAKEN)
        closed = an_order(cast, S.CLOSED)
        new = people.hand_over(post=post_of(cast.dispatcher), to=cast.second_member, by=cast.district, at=NOON)
        assert new.moved.passed == {"茹晓东": 2}
        assert new.moved.words() == "2 张单随岗位转给茹晓东。"
        assert {fresh(o).owner for o in (one, two)} == {cast.second_member}
        assert fresh(two).holder == cast.member
        assert fresh(closed).owner == cast.dispatcher
        assert hands(one)[-1] == ("茹晓东", "owner")
        assert hands(two)[-1] == ("贺连生", "holder")

    def test_leaves_a_line_and_a_notice(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        post = post_of(cast.dispatcher)
        people.hand_over(post=post, to=cast.second_member, by=cast.district, at=NOON)
        line = lines_of(order).filter(verb="post_over").get()
        assert (line.actor_id, line.facts["post"], line.facts["former"]) == (
            cast.district.pk,
            post.pk,
            cast.dispatcher.pk,
        )
        assert Notice.objects.filter(person=cast.second_member, kind="post_over").count() == 1
        assert any("岗位换了人" in said.text for said in timeline.of(order, "desk"))

    def test_lets_the_new_one_go_on_at_once(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        people.hand_over(post=post_of(cast.dispatcher), to=cast.second_member, by=cast.district, at=NOON)
        assert orders.offer(order=order, to=[cast.member], by=cast.second_member, at=NOON).state == S.OFFERED

    def test_moves_turns_of_duty_with_it(self, cast: Cast) -> None:
        running = Duty.objects.create(
            scope=COMMUNITY, person=cast.dispatcher, from_at=NOON - timedelta(hours=1), to_at=NOON + timedelta(hours=5)
        )  # fmt: skip
        Duty.objects.create(scope=COMMUNITY, person=cast.dispatcher, from_at=TERM, to_at=TERM + timedelta(days=1))
        new = people.hand_over(post=post_of(cast.dispatcher), to=cast.reviewer, by=cast.district, at=NOON)
        assert new.moved.shifts == 2
        assert [line.person for line in Duty.objects.on(NOON)] == [cast.reviewer]
        assert [line.person for line in Duty.objects.on(TERM)] == [cast.reviewer]
        assert Duty.objects.get(pk=running.pk).to_at == NOON

    def test_on_a_day_to_come_moves_them_on_that_day(self, cast: Cast) -> None:
        """R051: a hand-over has a date; the work goes when the date comes, by itself."""
        order, post = an_order(cast, S.JUDGED), post_of(cast.liaison)
        order = orders.escalate(order=order, reason="no_means", by=cast.dispatcher, at=NOON)
        assert order.owner == cast.liaison
        new = people.hand_over(post=post, to=cast.second_member, by=cast.district, at=NOON, on=TERM)
        assert new.moved is None
        assert people.lapse(at=TERM - timedelta(minutes=1)) == 0
        assert fresh(order).owner == cast.liaison
        assert people.lapse(at=TERM + timedelta(minutes=4)) == 1
        assert fresh(order).owner == cast.second_member
        assert people.lapse(at=TERM + timedelta(minutes=9)) == 0
        assert [line.person for line in Post.objects.held(TERM).filter(role=Role.LIAISON, scope=STREET)] == [
            cast.second_member
        ]


class TestHandOverOnTheGround:
    def test_passes_what_is_served_on_to_the_next_worker(self, cast: Cast) -> None:
        """R107: an order in the hand of a grid's worker stays in the grid's hand."""
        order = an_order(cast, S.UNDERWAY, helper=cast.grid_worker)
        new = people.hand_over(post=post_of(cast.grid_worker), to=cast.second_member, by=cast.liaison, at=NOON)
        assert new.moved.passed == {"茹晓东": 1}
        order = fresh(order)
        assert (order.holder, order.state, order.owner) == (cast.second_member, S.UNDERWAY, cast.dispatcher)
        claims = order.claims.order_by("pk").values_list("person", "released_at", "is_counted")
        assert list(claims) == [(cast.grid_worker.pk, NOON, False), (cast.second_member.pk, None, True)]
        assert Notice.objects.filter(asker_id__in=order.askers.values("pk"), kind="post_over").count() == 1
        assert hands(order)[-1] == ("茹晓东", "holder")

    def test_keeps_what_another_post_of_theirs_covers(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN, helper=cast.grid_worker)
        a_post(cast.grid_worker, Role.GRID_LEADER, COMMUNITY)
        post = Post.objects.get(person=cast.grid_worker, role=Role.GRID_WORKER)
        new = people.hand_over(post=post, to=cast.second_member, by=cast.liaison, at=NOON)
        assert new.moved.count == 0
        assert fresh(order).holder == cast.grid_worker


class TestEndOfAPost:
    def test_gives_to_the_one_beside(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        post = people.end_post(post=post_of(cast.dispatcher), by=cast.district, at=NOON)
        assert post.moved.words() == "1 张单随岗位转给闫可心。"
        assert fresh(order).owner == cast.reviewer

    def test_gives_to_the_street_where_the_community_has_nobody_left(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        people.end_post(post=post_of(cast.reviewer), by=cast.district, at=NOON)
        people.end_post(post=post_of(cast.dispatcher), by=cast.district, at=NOON)
        assert fresh(order).owner == cast.liaison

    def test_is_refused_where_nobody_is_left_at_all(self, cast: Cast) -> None:
        """Never without an owner: the post stays, and so does the order."""
        order = an_order(cast, S.JUDGED)
        Post.objects.filter(person__in=[cast.reviewer, cast.liaison, cast.district]).delete()
        post = post_of(cast.dispatcher)
        with pytest.raises(post_following.NobodyLeft, match="没有别人能接"):
            people.end_post(post=post, by="system", at=NOON)
        assert post_of(cast.dispatcher).to_at is None
        assert fresh(order).owner == cast.dispatcher

    def test_gives_what_is_served_back_to_the_desk(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        post = people.end_post(post=post_of(cast.member), by=cast.district, at=NOON)
        assert post.moved.words() == "1 张单退回负责的社区，等着再派。"
        order = fresh(order)
        assert (order.state, order.holder, order.owner, order.reason) == (S.JUDGED, None, cast.dispatcher, "post_ended")
        assert not order.claims.filter(released_at=None).exists()
        assert hands(order)[-1] == ("周敏", "owner")

    def test_gives_back_what_stands_still_too(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        until = course.at + timedelta(days=2)
        order = course.do("pause", cast.member, reason="parts", until=until, text="等配件。").order
        people.end_post(post=post_of(cast.member), by=cast.district, at=NOON)
        order = fresh(order)
        assert (order.state, order.holder) == (S.PAUSED, None)
        assert orders.resume(order=order, by=cast.dispatcher, at=NOON).state == S.JUDGED

    def test_leaves_a_helper_what_another_post_lets_them_serve(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        a_post(cast.member, Role.GRID_WORKER, GRID)
        post = people.end_post(
            post=Post.objects.get(person=cast.member, role=Role.MEMBER), by=cast.district, at=NOON
        )  # fmt: skip
        assert post.moved.count == 0
        assert fresh(order).holder == cast.member

    def test_takes_a_unit_s_order_to_another_clerk_of_it(self, cast: Cast) -> None:
        other = a_person("甘泉")
        order = orders.offer(order=an_order(cast, S.JUDGED), to=[cast.unit], by=cast.dispatcher, at=NOON)
        order = orders.accept(order=order, by=cast.clerk, at=NOON)
        a_post(other, Role.UNIT_CLERK, COUNTY, unit=cast.unit)
        a_post(a_person("旁人"), Role.UNIT_CLERK, COUNTY, unit=a_unit("水务局"))
        people.end_post(post=post_of(cast.clerk), by=cast.district, at=NOON)
        assert fresh(order).holder == other

    def test_makes_a_hole_in_the_duty_list_and_says_so(self, cast: Cast) -> None:
        Duty.objects.create(scope=COMMUNITY, person=cast.dispatcher, from_at=TERM, to_at=TERM + timedelta(days=1))
        post = people.end_post(post=post_of(cast.dispatcher), by=cast.district, at=NOON)
        assert "1 班值班空出来了" in post.moved.words()
        assert not Duty.objects.exists()


class TestLapse:
    def term(self, person: Person, ends: datetime) -> Post:
        post = post_of(person)
        post.to_at = ends
        post.save()
        return post

    def test_closes_over_a_term_that_ended_by_itself(self, cast: Cast) -> None:
        """R106: terms end by themselves; what is open goes on and the holder hears of it."""
        order = an_order(cast, S.JUDGED)
        post = self.term(cast.dispatcher, TERM)
        assert people.lapse(at=TERM) == 1
        assert fresh(order).owner == cast.reviewer
        line = lines_of(post).filter(verb="settle").get()
        assert (line.actor, line.facts["passed"]) == ("clock", 1)
        assert Notice.objects.filter(person=cast.dispatcher, kind="post_ended").count() == 1

    def test_passes_over_what_nobody_can_take_and_tries_again(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        Post.objects.filter(person__in=[cast.reviewer, cast.liaison, cast.district]).delete()
        post = self.term(cast.dispatcher, TERM)
        assert people.lapse(at=TERM) == 0
        assert (fresh(order).owner, Post.objects.get(pk=post.pk).settled_at) == (cast.dispatcher, None)
        a_post(cast.district, Role.DISTRICT, COUNTY)
        assert people.lapse(at=TERM + timedelta(minutes=5)) == 1
        assert fresh(order).owner == cast.district


class TestOpenWork:
    def test_counts_what_would_go_along(self, cast: Cast) -> None:
        an_order(cast, S.TAKEN)
        an_order(cast, S.JUDGED)
        an_order(cast, S.CLOSED)
        assert post_following.open_work(post_of(cast.dispatcher), NOON) == 2
        assert post_following.open_work(post_of(cast.member), NOON) == 1
        assert post_following.open_work(post_of(cast.neighbour), NOON) == 0

    def test_is_refused_in_words(self) -> None:
        assert issubclass(post_following.NobodyLeft, Refused)
