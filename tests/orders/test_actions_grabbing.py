"""Opening and grabbing: one winner, limits, and the best of those who pressed (R044)."""

from datetime import datetime, timedelta

import pytest

from sandan.core import journal
from sandan.core.errors import NotAllowed, Stale
from sandan.orders import actions
from sandan.orders.actions.giving import NotFitting, NotForGrabbing
from sandan.orders.models import Claim, GrabRule, Order
from sandan.orders.workflow import S
from sandan.people.models import Away, FreeTime, Person, Role
from tests.factories.orders import MORNING, a_category, a_course, an_order
from tests.factories.people import COMMUNITY, COUNTY, GRID, Cast, somebody
from tests.orders.told_kit import told

pytestmark = pytest.mark.django_db


class TestOpenUp:
    def test_opens_a_window_of_thirty_minutes(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN)
        assert course.order.next_at == course.at + timedelta(minutes=30)
        assert course.order.next_step == "lapse"

    @pytest.mark.parametrize(("urgency", "minutes"), [(2, 10), (3, 5)])
    def test_opens_a_shorter_window_when_it_presses(self, cast: Cast, urgency: int, minutes: int) -> None:
        course = a_course(cast, S.OPEN, urgency=urgency)
        assert course.order.next_at == course.at + timedelta(minutes=minutes)

    def test_refuses_what_the_catalogue_keeps_for_dispatch(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED, code="0101")
        with pytest.raises(NotForGrabbing):
            course.do("open_up", cast.dispatcher)

    def test_takes_the_desks_hand_as_its_yes_for_review_coded_matters(self, cast: Cast) -> None:
        assert an_order(cast, S.OPEN, code="0601").state == S.OPEN

    def test_tells_the_fitting_who_live_near(self, cast: Cast) -> None:
        """R039: near and skilled hear of it; the unskilled do not."""
        an_order(cast, S.OPEN)
        assert cast.member.pk in told("open_up")
        assert cast.second_member.pk not in told("open_up")  # an electrician


class TestGrab:
    def test_gives_the_order_to_the_first(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("grab", cast.member)
        assert (course.order.state, course.order.holder, course.order.taken_at) == (S.TAKEN, cast.member, course.at)

    def test_tells_the_second_who_has_it(self, cast: Cast) -> None:
        """R044: the others are told at once."""
        course = a_course(cast, S.OPEN).do("grab", cast.member)
        with pytest.raises(Stale, match="贺连生"):
            course.do("grab", cast.grid_worker)

    def test_tells_the_winner_that_he_has_it_already(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("grab", cast.member)
        with pytest.raises(Stale, match="已经在您手上"):
            course.do("grab", cast.member)

    def test_asks_for_the_skill(self, cast: Cast) -> None:
        with pytest.raises(NotFitting, match="水暖维修"):
            a_course(cast, S.OPEN).do("grab", cast.second_member)

    def test_leaves_nobody_more_than_two_at_once(self, cast: Cast) -> None:
        """R044: fair share."""
        for _ in range(2):
            a_course(cast, S.OPEN).do("grab", cast.member)
        third = a_course(cast, S.OPEN)
        with pytest.raises(NotFitting, match="2 单"):
            third.do("grab", cast.member)
        held = Order.objects.filter(holder=cast.member).first()
        assert held
        actions.release(order=held, reason="busy", by=cast.member, at=third.at)
        assert third.do("grab", cast.member).order.state == S.TAKEN

    def test_keeps_to_the_distance_one_agreed_to(self, cast: Cast) -> None:
        far = somebody("柯远", Role.MEMBER, COMMUNITY, skills=["水暖维修"], lon=112.60, lat=37.8613)
        course = a_course(cast, S.OPEN)
        with pytest.raises(NotFitting, match="超过您定的 1 公里"):
            course.do("grab", far)
        far.reach_metres = 9000
        far.save()
        course.at += timedelta(minutes=10)  # the first part of the window is for those near by
        assert course.do("grab", far).order.holder == far

    def test_is_for_helpers_of_the_county_alone(self, cast: Cast) -> None:
        stranger = somebody("莫来", Role.MEMBER, "990301001001", skills=["水暖维修"])
        with pytest.raises(NotAllowed, match="附近合适的人"):
            a_course(cast, S.OPEN).do("grab", stranger)
        with pytest.raises(NotAllowed):
            a_course(cast, S.OPEN).do("grab", cast.dispatcher)

    def test_writes_one_line_and_moves_custody(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("grab", cast.member)
        assert journal.lines_of(course.order).filter(verb="grab").count() == 1
        line = course.order.custody.get(to_at__isnull=True)
        assert (line.person, line.role, line.verb, line.from_at) == (cast.member, "holder", "grab", course.at)

    def test_is_over_when_the_window_lapses(self, cast: Cast) -> None:
        """R044: mixed: first the window, then dispatch."""
        course = a_course(cast, S.OPEN)
        assert actions.tick(at=course.at + timedelta(minutes=31)) == 1
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED
        with pytest.raises(Stale, match="已研判"):
            course.do("grab", cast.member)


def claims(person: Person, count: int, at: datetime) -> None:
    """So many grabs of the last days, on orders that are over."""
    for number in range(count):
        Claim.objects.create(
            order=Order.objects.earliest("pk"), person=person, county=COUNTY, how="grab", at=at - timedelta(days=number)
        )


class TestLimits:
    """R044: fair share, distance, skill and own times; every refusal says which limit it is and from when it opens."""

    def test_leave_the_first_part_of_the_window_to_those_near_by(self, cast: Cast) -> None:
        far = somebody("柯远", Role.MEMBER, COMMUNITY, skills=["水暖维修"], lon=112.58, lat=37.86, reach_metres=9000)
        course = a_course(cast, S.OPEN)
        assert course.order.near_until == course.at + timedelta(minutes=10)
        with pytest.raises(NotFitting, match="先让 1 公里以内和同网格的人抢，今天 9:46 起您就能抢"):
            course.do("grab", far)
        course.at = MORNING + timedelta(minutes=14)
        assert course.do("grab", far).order.holder == far

    def test_let_others_go_first_where_one_had_far_more(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN)
        claims(cast.member, 5, course.at)
        claims(cast.grid_worker, 1, course.at)
        claims(cast.second_member, 1, course.at)
        with pytest.raises(NotFitting, match="您两周里抢了 5 单，比大家多不少"):
            course.do("grab", cast.member)
        course.at = MORNING + timedelta(minutes=14)
        assert course.do("grab", cast.member).order.holder == cast.member

    def test_count_nothing_against_those_who_grab_as_others_do(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN)
        for person in (cast.member, cast.grid_worker):
            claims(person, 5, course.at)
        assert course.do("grab", cast.member).order.holder == cast.member

    def test_keep_what_one_gave_back_from_oneself_for_a_while(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("grab", cast.member).do("release", cast.member, reason="busy")
        course.do("open_up", cast.dispatcher)
        with pytest.raises(NotFitting, match="这单您刚交回，今天 13:42 起才能再抢"):
            course.do("grab", cast.member)
        course.do("grab", somebody("乙二", Role.MEMBER, GRID, skills=["水暖维修"]))
        course.do("release", cast.dispatcher, reason="reassign")
        course.at = MORNING + timedelta(hours=5)
        assert course.do("open_up", cast.dispatcher).do("grab", cast.member).order.state == S.TAKEN

    def test_respect_days_away(self, cast: Cast) -> None:
        """R018: own times: who is away until after the deadline cannot promise to come."""
        course = a_course(cast, S.OPEN)
        assert course.order.due_at
        days = {"from_on": MORNING.date(), "to_on": course.order.due_at.date() + timedelta(days=1)}
        Away.objects.create(person=cast.member, **days)
        with pytest.raises(NotFitting, match="没有登记空闲时间"):
            course.do("grab", cast.member)
        Away.objects.update(to_on=MORNING.date())
        assert course.do("grab", cast.member).order.state == S.TAKEN

    @pytest.mark.parametrize("who", ["member", "grid_worker"])
    def test_take_office_hours_for_closed_to_members_and_open_to_grid_workers(self, cast: Cast, who: str) -> None:
        """R018: 八小时外: an order due within office hours waits for somebody who is there then."""
        course = a_course(cast, S.OPEN)
        Order.objects.filter(pk=course.order.pk).update(due_at=MORNING + timedelta(hours=2))
        person = getattr(cast, who)
        person.skills = ["水暖维修"]
        person.save()
        if who == "grid_worker":
            assert course.do("grab", person).order.holder == person
            return
        with pytest.raises(NotFitting, match="没有登记空闲时间"):
            course.do("grab", person)
        FreeTime.objects.create(person=person, weekday=0, from_minute=9 * 60, to_minute=12 * 60)
        assert course.do("grab", person).order.holder == person

    def test_are_what_the_office_set(self, cast: Cast) -> None:
        """Rules as data: a county's word stands above the house's, and a category's beside it."""
        GrabRule.objects.create(county=COUNTY, window_minutes=60, most_open=1)
        GrabRule.objects.create(category=a_category("0102"), county=COUNTY, near_percent=0)
        course = a_course(cast, S.OPEN)
        assert course.order.next_at == course.at + timedelta(minutes=60)
        assert course.order.near_until == course.at
        course.do("grab", cast.member)
        with pytest.raises(NotFitting, match="1 单"):
            a_course(cast, S.OPEN).do("grab", cast.member)


class TestThenBest:
    """R044: mixed: first the window, then dispatch by itself where the desk chose so."""

    def test_asks_the_best_names_when_nobody_grabbed(self, cast: Cast) -> None:
        near = somebody("乙二", Role.MEMBER, GRID, skills=["水暖维修"], lon=112.5511, lat=37.8612)
        course = a_course(cast, S.JUDGED).do("open_up", cast.dispatcher, then_best=True)
        at = course.at + timedelta(minutes=31)
        assert actions.tick(at=at) == 1
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.next_step, order.then_best) == (S.OFFERED, "miss", False)
        names = [(offer.person, offer.state) for offer in order.offers.order_by("rank")]
        assert names == [(near, "sent"), (cast.member, "spare")]
        assert told("offer") | told("lapse") == {near.pk}

    def test_comes_back_to_the_desk_where_nobody_is_fit(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.member.pk).update(skills=[])
        course = a_course(cast, S.JUDGED).do("open_up", cast.dispatcher, then_best=True)
        actions.tick(at=course.at + timedelta(minutes=31))
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED
        assert told("lapse") == {cast.dispatcher.pk}

    def test_leaves_out_who_has_full_hands_or_gave_it_back(self, cast: Cast) -> None:
        for _ in range(2):
            a_course(cast, S.TAKEN)
        course = a_course(cast, S.JUDGED).do("open_up", cast.dispatcher, then_best=True)
        actions.tick(at=course.at + timedelta(minutes=31))
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED
