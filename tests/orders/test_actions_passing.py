"""Passing on: up the ladder and down, to emergency lines and legal clocks, and no with a way out."""

from datetime import timedelta

import pytest

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import NotAllowed, Refused
from sandan.notices.models import Notice
from sandan.orders.actions.judging import NoRequest
from sandan.orders.actions.passing import EMERGENCY, ESCALATION_REASONS, LEGAL, NoUpper, NowhereElse
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Post, Role
from sandan.people.queries import NoDesk
from tests.factories.orders import STEP, a_category, a_course, an_order, asker_of
from tests.factories.people import COMMUNITY, STREET, Cast, somebody

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=kind, person__isnull=False).values_list("person_id", flat=True))


class TestEscalate:
    @pytest.mark.parametrize("reason", ESCALATION_REASONS)
    def test_goes_one_level_up_with_a_reason(self, cast: Cast, reason: str) -> None:
        course = a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason=reason)
        order = course.order
        assert (order.state, order.level, order.owner, order.reason) == (S.ESCALATED, 3, cast.liaison, reason)
        assert order.custody.get(to_at__isnull=True).person == cast.liaison
        assert told("escalate") == {cast.liaison.pk}

    def test_goes_on_to_the_district_and_no_further(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("judge", cast.liaison, category=a_category(), urgency=1)
        course.do("escalate", cast.liaison, reason="no_right")
        assert (course.order.level, course.order.owner) == (4, cast.district)
        course.do("judge", cast.district, category=a_category(), urgency=1)
        with pytest.raises(NoUpper, match="区里"):
            course.do("escalate", cast.district, reason="no_right")

    def test_takes_the_order_from_desk_and_holder(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN).do("escalate", cast.dispatcher, reason="danger")
        assert course.order.holder is None
        assert cast.member.pk in told("escalate")
        with pytest.raises(NotAllowed):
            course.do("judge", cast.dispatcher, category=a_category(), urgency=1)

    def test_passes_over_a_level_where_nobody_stands(self, cast: Cast) -> None:
        cast.liaison.posts.update(to_at=STEP + a_course(cast).at - timedelta(days=1))
        course = a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason="no_means")
        assert (course.order.level, course.order.owner) == (4, cast.district)

    def test_says_so_where_nobody_stands_above(self, cast: Cast) -> None:
        Post.objects.filter(role__in=(Role.LIAISON, Role.DISTRICT)).delete()
        with pytest.raises(NoUpper, match="值班"):
            a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason="no_means")

    def test_prefers_the_liaison_to_the_deputy(self, cast: Cast) -> None:
        cast.liaison.posts.update(grade="deputy")
        holder = somebody("正职", Role.LIAISON, STREET)
        assert an_order(cast, S.ESCALATED).owner == holder

    def test_keeps_the_lower_level_informed(self, cast: Cast) -> None:
        """Practice 16.3: the lower level hears what becomes of it."""
        course = a_course(cast, S.ESCALATED).do("judge", cast.liaison, category=a_category(), urgency=1)
        course.do("offer", cast.liaison, to=[cast.member]).do("accept", cast.member)
        assert cast.dispatcher.pk in told("accept")

    def test_drops_the_offer_that_was_out(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED).do("escalate", cast.dispatcher, reason="no_means")
        assert course.order.offers.get().state == "dropped"
        with pytest.raises(Refused):
            course.do("accept", cast.member)


class TestHandDown:
    def test_gives_the_order_back_to_the_community(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("hand_down", cast.liaison, reason="means_given")
        assert (course.order.state, course.order.level, course.order.owner) == (S.JUDGED, 2, cast.dispatcher)
        assert cast.dispatcher.pk in told("hand_down")

    def test_gives_it_to_the_named_colleague(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("hand_down", cast.liaison, reason="advice", to=cast.reviewer)
        assert course.order.owner == cast.reviewer

    @pytest.mark.parametrize("name", ["member", "neighbour", "auditor"])
    def test_gives_it_to_nobody_without_that_desk(self, cast: Cast, name: str) -> None:
        with pytest.raises(NoDesk, match=getattr(cast, name).name):
            a_course(cast, S.ESCALATED).do("hand_down", cast.liaison, reason="advice", to=getattr(cast, name))

    def test_brings_the_unjudged_back_to_the_inbox(self, cast: Cast) -> None:
        course = a_course(cast).do("escalate", cast.dispatcher, reason="several_areas")
        course.do("hand_down", cast.liaison, reason="yours")
        assert (course.order.state, course.order.next_step) == (S.RECEIVED, "remind")

    def test_is_for_the_upper_level_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast, S.ESCALATED).do("hand_down", cast.dispatcher, reason="yours")


class TestPassOn:
    @pytest.mark.parametrize("where", EMERGENCY)
    def test_ends_ours_at_an_emergency_line(self, cast: Cast, where: str) -> None:
        course = a_course(cast, S.TAKEN).do("pass_on", cast.dispatcher, where=where, text="请您也直接打一个。")
        order = course.order
        assert (order.state, order.handed_to, order.is_open, order.legal_due_on) == (S.PASSED, where, False, None)
        assert cast.member.pk in told("pass_on")
        assert Notice.objects.filter(kind="pass_on", asker_id=asker_of(order).pk).exists()

    @pytest.mark.parametrize("where", LEGAL)
    def test_shows_the_legal_date(self, cast: Cast, where: str) -> None:
        course = a_course(cast, S.JUDGED).do("pass_on", cast.dispatcher, where=where)
        assert course.order.legal_due_on == clock.legal_deadline(calendar(), where, course.at).at.date()

    @pytest.mark.parametrize("where", ["the moon", "物业", ""])
    def test_goes_nowhere_else(self, cast: Cast, where: str) -> None:
        with pytest.raises(NowhereElse):
            a_course(cast, S.JUDGED).do("pass_on", cast.dispatcher, where=where)

    def test_can_be_taken_back(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("pass_on", cast.dispatcher, where="petition")
        course.at += timedelta(days=5)
        course.do("take_back", cast.reviewer, reason="returned")
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.owner, order.handed_to, order.legal_due_on) == (S.JUDGED, cast.reviewer, "", None)
        assert (order.clock_from, order.outcome, order.ended_at) == (course.at, "", None)

    def test_can_be_taken_back_unjudged(self, cast: Cast) -> None:
        course = a_course(cast, S.PASSED).do("take_back", cast.dispatcher, reason="mistake")
        assert course.order.state == S.RECEIVED
        assert course.judged().order.state == S.JUDGED


class TestRefuse:
    def test_says_why_and_where_to_go_instead(self, cast: Cast) -> None:
        course = a_course(cast).do("refuse", cast.dispatcher, reason="not_ours", where="请打 12315。")
        assert (course.order.state, course.order.reason, course.order.outcome) == (S.REFUSED, "not_ours", "refused")
        assert course.order.words.get(kind="reply").masked == "请打 12315。"
        assert course.order.answered_at == course.at

    def test_needs_the_way_out_in_words(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="写内容"):
            a_course(cast).do("refuse", cast.dispatcher, reason="not_ours", where=" ")


class TestFile:
    """9901-9903 are answered and filed, not orders."""

    @pytest.mark.parametrize("code", ["9901", "9902", "9903"])
    def test_answers_what_is_no_request(self, cast: Cast, code: str) -> None:
        course = a_course(cast).do("file", cast.dispatcher, category=a_category(code), reply="谢谢您。")
        assert (course.order.state, course.order.is_open, course.order.category_id) == (S.FILED, False, code)
        assert course.order.answered_at == course.at

    def test_refuses_what_is_one(self, cast: Cast) -> None:
        with pytest.raises(NoRequest):
            a_course(cast).do("file", cast.dispatcher, category=a_category("9904"))

    def test_is_no_judging(self, cast: Cast) -> None:
        with pytest.raises(NoRequest, match="回复归档"):
            a_course(cast).do("judge", cast.dispatcher, category=a_category("9901"), urgency=1)

    def test_can_be_undone(self, cast: Cast) -> None:
        course = a_course(cast, S.FILED)
        course.at += timedelta(days=2)
        course.do("unfile", cast.dispatcher)
        assert (course.order.state, course.order.category, course.order.clock_from) == (S.RECEIVED, None, course.at)
        assert course.order.due_at
        assert course.order.due_at > course.at


class TestDeskOfAnotherLevel:
    def test_is_held_by_the_owner_where_the_community_has_no_dispatcher(self, cast: Cast) -> None:
        """R042: no dead end in a community without a desk of its own: the liaison owns it and may move it."""
        Post.objects.filter(role=Role.DISPATCHER, scope=COMMUNITY).delete()
        course = a_course(cast)
        assert course.order.owner == cast.liaison
        course.do("judge", cast.liaison, category=a_category(), urgency=1)
        assert course.do("open_up", cast.liaison).order.state == S.OPEN
