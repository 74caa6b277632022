"""Offer, accept, decline, miss, release: time to answer, spare names, refusal without loss (R044)."""

from datetime import timedelta

import pytest

from sandan.core.errors import NotAllowed, Stale
from sandan.orders import actions, clocks
from sandan.orders.actions.giving import NobodyNamed
from sandan.orders.models import Claim, Order
from sandan.orders.queries import member_hands
from sandan.orders.queries.member_rules import HOUSE
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, a_course
from tests.factories.people import COMMUNITY, COUNTY, Cast, a_post, somebody
from tests.orders.told_kit import told

pytestmark = pytest.mark.django_db


class TestOffer:
    def test_asks_the_first_name_and_keeps_the_others_ready(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.member, cast.second_member])
        states = list(course.order.offers.order_by("rank").values_list("state", flat=True))
        assert states == ["sent", "spare"]
        assert told("offer") == {cast.member.pk}
        assert course.order.next_step == "miss"
        assert course.order.next_at == course.at + timedelta(hours=1)

    def test_needs_a_name(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED)
        with pytest.raises(NobodyNamed):
            course.do("offer", cast.dispatcher, to=[])
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED

    def test_asks_each_name_once(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.member, cast.member])
        assert course.order.offers.count() == 1

    def test_takes_the_place_of_the_offer_before(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED).do("offer", cast.dispatcher, to=[cast.second_member])
        assert course.order.offers.get(state="sent").person == cast.second_member
        with pytest.raises(NotAllowed):
            course.do("accept", cast.member)

    def test_closes_the_grab_window(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("offer", cast.dispatcher, to=[cast.second_member])
        with pytest.raises(Stale):
            course.do("grab", cast.member)


class TestAccept:
    def test_gives_the_order_to_who_said_yes(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        assert (course.order.holder, course.order.state) == (cast.member, S.TAKEN)
        assert course.order.offers.get().state == "accepted"

    def test_drops_the_spare_names(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.member, cast.second_member])
        course.do("accept", cast.member)
        assert course.order.offers.get(person=cast.second_member).state == "dropped"

    def test_is_for_the_named_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="被派到的人"):
            a_course(cast, S.OFFERED).do("accept", cast.second_member)

    def test_lets_any_member_answer_for_the_team(self, cast: Cast) -> None:
        member = cast.team.members.exclude(pk=cast.team.leader_id)[0]
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.team]).do("accept", member)
        assert (course.order.holder, course.order.team) == (member, cast.team)

    def test_lets_the_clerk_answer_for_the_unit(self, cast: Cast) -> None:
        """R041: the organisation dispatches and takes too."""
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.unit])
        assert told("offer") == {cast.clerk.pk}
        course.do("accept", cast.clerk)
        assert (course.order.holder, course.order.unit) == (cast.clerk, cast.unit)

    def test_is_not_for_a_clerk_whose_term_is_over(self, cast: Cast) -> None:
        former = somebody("往年", Role.MEMBER, COMMUNITY)
        a_post(former, Role.UNIT_CLERK, COUNTY, unit=cast.unit, to_at=MORNING - timedelta(days=1))
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.unit])
        assert former.pk not in told("offer")
        with pytest.raises(NotAllowed):
            course.do("accept", former)


class TestDecline:
    def test_costs_nothing_and_asks_the_next_name_at_once(self, cast: Cast) -> None:
        """R044: refusal has a reason and costs nothing."""
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.member, cast.second_member])
        course.do("decline", cast.member, reason="busy")
        order = Order.objects.get(pk=course.order.pk)
        assert order.state == S.OFFERED
        assert order.offers.get(state="sent").person == cast.second_member
        assert order.offers.get(state="refused").reason == "busy"
        assert (order.next_step, order.next_at) == ("miss", course.at + timedelta(hours=1))
        assert told("offer") == {cast.member.pk, cast.second_member.pk}
        assert course.do("accept", cast.second_member).order.holder == cast.second_member

    def test_comes_back_to_the_desk_after_the_last_name(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED).do("decline", cast.member, reason="far")
        assert (course.order.state, course.order.next_step) == (S.JUDGED, "remind")
        assert cast.dispatcher.pk in told("decline")

    def test_leaves_the_decliner_free_to_be_asked_again(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED).do("decline", cast.member, reason="far")
        course.do("offer", cast.dispatcher, to=[cast.member]).do("accept", cast.member)
        assert course.order.holder == cast.member


class TestMiss:
    def test_passes_the_offer_on_when_time_is_up(self, cast: Cast) -> None:
        """R044: time to answer; no answer is no refusal."""
        course = a_course(cast, S.JUDGED).do("offer", cast.dispatcher, to=[cast.member, cast.second_member])
        later = course.at + timedelta(minutes=61)
        assert actions.tick(at=later) == 1
        order = Order.objects.get(pk=course.order.pk)
        assert order.offers.get(person=cast.member).state == "missed"
        assert order.offers.get(state="sent").person == cast.second_member
        actions.tick(at=later + timedelta(minutes=61))
        order.refresh_from_db()
        assert order.state == S.JUDGED
        assert not order.offers.filter(state__in=("sent", "spare")).exists()

    def test_is_too_late_once_accepted(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        assert actions.tick(at=course.at + timedelta(minutes=70)) == 0


class TestRelease:
    def test_brings_the_order_back_to_the_desk_with_number_and_deadline(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        number, due = course.order.full_number, course.order.due_at
        course.do("release", cast.member, reason="ill", words="发烧了。")
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.holder, order.full_number, order.due_at) == (S.JUDGED, None, number, due)
        assert order.custody.get(to_at__isnull=True).person == cast.dispatcher

    @pytest.mark.parametrize(("minutes", "who", "counts"), [(57, 0, False), (61, 0, True), (61, 1, False)])
    def test_costs_nothing_within_an_hour_or_where_the_desk_does_it(
        self, cast: Cast, minutes: int, who: int, counts: bool
    ) -> None:
        """R015: release and return: within an hour without loss, counted after."""
        course = a_course(cast, S.OPEN).do("grab", cast.member)
        course.at += timedelta(minutes=minutes - 3)
        course.do("release", (cast.member, cast.dispatcher)[who], reason="busy")
        claim = Claim.objects.get(order=course.order)
        assert (claim.person, claim.how, claim.released_at) == (cast.member, "grab", course.at)
        assert claim.is_counted is counts
        assert member_hands.hands_of(cast.member, course.at).grabs == counts

    def test_tells_the_holder_when_the_desk_does_it(self, cast: Cast) -> None:
        a_course(cast, S.UNDERWAY).do("release", cast.dispatcher, reason="reassign")
        assert told("release") == {cast.member.pk}

    def test_is_not_for_others(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast, S.TAKEN).do("release", cast.second_member, reason="far")


class TestClocksOfGiving:
    def test_give_less_time_when_it_presses(self) -> None:
        windows = {urgency: HOUSE.window(urgency) for urgency in (1, 2, 3)}
        for table in (windows, clocks.ANSWER_MINUTES, clocks.LOOK_MINUTES):
            assert sorted(table.values(), reverse=True) == [table[urgency] for urgency in sorted(table)]
