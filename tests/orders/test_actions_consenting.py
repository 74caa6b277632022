"""Consent rounds: several are asked at once; enough yes and they have it, too few and the desk has it back (R044)."""

from datetime import timedelta

import pytest

from sandan.core import journal
from sandan.core.errors import NotAllowed, Stale
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions.consenting import BadRound
from sandan.orders.models import Claim, Order
from sandan.orders.workflow import S
from tests.factories.orders import Course, a_course
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=kind, person__isnull=False).values_list("person_id", flat=True))


def a_round(cast: Cast, needed: int = 2, **said: object) -> Course:
    """Three members are asked at once; an hour to answer."""
    names = [cast.member, cast.second_member, cast.grid_worker]
    return a_course(cast, S.JUDGED).do("gather", cast.dispatcher, to=names, needed=needed, minutes=60, **said)


class TestGather:
    def test_asks_everybody_at_once(self, cast: Cast) -> None:
        course = a_round(cast)
        assert told("gather") == {cast.member.pk, cast.second_member.pk, cast.grid_worker.pk}
        assert (course.order.state, course.order.next_step) == (S.OFFERED, "round_over")
        assert course.order.next_at == course.at + timedelta(minutes=60)

    def test_asks_the_whole_team_once_each(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED)
        course.do("gather", cast.dispatcher, to=[cast.team], needed=3, minutes=60)
        row = course.order.rounds.get()
        assert (row.consents.count(), row.team) == (3, cast.team)

    @pytest.mark.parametrize("needed", [0, 4])
    def test_refuses_what_cannot_come_about(self, cast: Cast, needed: int) -> None:
        with pytest.raises(BadRound, match="请多选几位"):
            a_round(cast, needed=needed)

    def test_keeps_sealed_matters_for_one_pair_of_eyes(self, cast: Cast) -> None:
        """G3."""
        course = a_course(cast, S.JUDGED, code="0803")
        with pytest.raises(BadRound, match="高敏"):
            course.do("gather", cast.dispatcher, to=[cast.member], needed=1, minutes=60)


class TestYes:
    def test_takes_the_order_when_enough_said_it(self, cast: Cast) -> None:
        course = a_round(cast).do("accept", cast.second_member)
        assert course.order.state == S.OFFERED
        course.do("accept", cast.member)
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.holder) == (S.TAKEN, cast.second_member)
        assert [(share.person, share.state) for share in order.shares.all()] == [(cast.member, "joined")]
        assert order.helped_by == [cast.member.pk]
        assert told("gathered") == {cast.member.pk, cast.second_member.pk}
        assert Claim.objects.get(order=order).how == "round"

    def test_gives_the_lead_to_whom_the_desk_named(self, cast: Cast) -> None:
        course = a_round(cast, lead=cast.member).do("accept", cast.second_member).do("accept", cast.member)
        assert course.order.holder == cast.member

    def test_is_for_the_asked_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_round(cast).do("accept", cast.clerk)

    def test_keeps_helpers_from_the_second_key(self, cast: Cast) -> None:
        """R036: who served beside does not close."""
        course = a_course(cast, S.JUDGED)
        course.do("gather", cast.dispatcher, to=[cast.member, cast.reviewer], needed=2, minutes=60)
        course.do("accept", cast.member).do("accept", cast.reviewer)
        course.helper = cast.member
        course.do("set_out", cast.member).handed_in()
        with pytest.raises(NotAllowed):
            course.do("stand_in", cast.reviewer, word="yes", reason="unnamed")


class TestNo:
    def test_costs_nothing_and_leaves_the_round_open(self, cast: Cast) -> None:
        course = a_round(cast).do("decline", cast.member, reason="busy")
        assert course.order.state == S.OFFERED
        course.do("accept", cast.second_member).do("accept", cast.grid_worker)
        assert course.order.holder == cast.second_member

    def test_gives_it_back_at_once_when_there_can_no_longer_be_enough(self, cast: Cast) -> None:
        course = a_round(cast, needed=3).do("accept", cast.member).do("decline", cast.second_member, reason="far")
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.rounds.get().result) == (S.JUDGED, "few")
        assert told("too_few") == {cast.dispatcher.pk, cast.member.pk}
        fact = Notice.objects.filter(kind="too_few", person=cast.dispatcher).get().facts
        assert (fact["yes"], fact["needed"]) == (1, 3)

    def test_may_follow_a_yes(self, cast: Cast) -> None:
        course = a_round(cast).do("accept", cast.member).do("decline", cast.member, reason="ill")
        course.do("accept", cast.second_member)
        assert course.order.state == S.OFFERED


class TestTimeUp:
    def test_brings_it_back_to_the_desk(self, cast: Cast) -> None:
        course = a_round(cast).do("accept", cast.member)
        assert course.order.next_at
        assert actions.tick(at=course.order.next_at) == 1
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.holder, order.rounds.get().result) == (S.JUDGED, None, "over")
        assert journal.lines_of(order).filter(verb="consent").count() == 1
        with pytest.raises(Stale, match="已研判"):
            course.do("accept", cast.second_member)

    def test_is_over_as_soon_as_the_desk_goes_another_way(self, cast: Cast) -> None:
        course = a_round(cast).do("offer", cast.dispatcher, to=[cast.grid_worker])
        with pytest.raises(NotAllowed):
            course.do("accept", cast.member)
        assert course.do("accept", cast.grid_worker).order.holder == cast.grid_worker
