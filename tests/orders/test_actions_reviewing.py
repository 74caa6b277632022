"""The second key: a word on the web, by call-back, by a stand-in (R036, R047, R048)."""

import pytest

from sandan.core.errors import NotAllowed, Refused
from sandan.orders import actions
from sandan.orders.actions.closing import BadWord, NotYet, needs_call
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, Course, a_course, an_order, asker_of
from tests.factories.people import Cast
from tests.orders.closing_kit import a_try, local

pytestmark = pytest.mark.django_db


def served_by_the_desk(cast: Cast) -> Course:
    """The dispatcher himself went and did it."""
    return a_course(cast, S.SERVED, helper=cast.dispatcher)


class TestReview:
    def test_keeps_the_askers_word(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        course.do("review", asker_of(course.order), word="yes", satisfaction=2, text="来得快。")
        assert (course.order.state, course.order.word, course.order.satisfaction) == (S.REVIEWED, "yes", 2)
        review = course.order.reviews.get()
        assert review.asker == asker_of(course.order)
        assert review.words
        assert review.words.masked == "来得快。"

    def test_is_not_for_the_asker_of_another_order(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast, S.SERVED).do("review", asker_of(an_order(cast)), word="yes")

    def test_is_not_for_neighbours_who_joined(self, cast: Cast) -> None:
        order = an_order(cast)
        joined = actions.join(
            order=order, key=order.key.__class__(int=7), contact=actions.Contact(phone="16400009999"), at=MORNING
        )
        second = joined.order.askers.get(is_first=False)
        course = a_course(cast, S.SERVED)
        second.order_id = course.order.pk
        with pytest.raises(NotAllowed):
            course.do("review", second, word="yes")

    @pytest.mark.parametrize(("word", "satisfaction"), [("maybe", None), ("", 1), ("yes", 0), ("half", 6)])
    def test_refuses_other_words(self, cast: Cast, word: str, satisfaction: int | None) -> None:
        course = a_course(cast, S.SERVED)
        with pytest.raises(BadWord):
            course.do("review", asker_of(course.order), word=word, satisfaction=satisfaction)

    def test_starts_anew_when_the_word_is_no(self, cast: Cast) -> None:
        """R048: not satisfied reopens, with the same number and the limit anew."""
        course = a_course(cast, S.SERVED)
        number = course.order.full_number
        course.do("review", asker_of(course.order), word="no", satisfaction=5, text="还在漏。")
        order = course.order
        assert (order.state, order.word, order.reopened_count, order.full_number) == (S.REOPENED, "", 1, number)
        assert order.clock_from == course.at
        assert order.due_at
        assert order.due_at > course.at
        assert order.reviews.get().word == "no"

    def test_bears_a_child_on_the_same_clock_when_half_is_done(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        course.do("review", asker_of(course.order), word="half", text="厨房好了，厕所还堵。")
        child = course.order.children.get()
        assert course.order.state == S.REVIEWED
        assert (child.state, child.due_at, child.category) == (S.JUDGED, course.order.due_at, course.category)
        assert child.full_number != course.order.full_number
        assert child.masked == "厨房好了，厕所还堵。"
        assert "厕所" in child.terms
        assert child.custody.get(to_at__isnull=True).person == child.owner
        assert bytes(asker_of(child).secret_digest) == bytes(asker_of(course.order).secret_digest)
        assert child.door.open_unlogged() == "2单元501"


class TestHear:
    """The word on the phone, kept by somebody who did not serve."""

    def test_keeps_word_and_call(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED).do("hear", cast.reviewer, word="yes", channel="phone", satisfaction=1)
        order = course.order
        assert (order.state, order.word, order.called_at) == (S.REVIEWED, "yes", course.at)
        assert order.reviews.get().person == cast.reviewer
        assert order.calls.get().is_reached

    def test_starts_anew_when_the_word_is_no(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        course.do("hear", cast.reviewer, word="no", channel="visit", text="她说又堵了。")
        assert course.order.state == S.REOPENED
        assert course.order.calls.get().channel == "visit"
        assert course.order.words.filter(kind="review").exists()

    def test_is_not_for_who_served(self, cast: Cast) -> None:
        """R047: never by the person who served."""
        for word in ("yes", "no"):
            course = served_by_the_desk(cast)
            with pytest.raises(NotAllowed):
                course.do("hear", cast.dispatcher, word=word, channel="phone")
            assert not course.order.calls.exists()


class TestStandIn:
    def test_speaks_for_the_unnamed(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED, phone="").do("stand_in", cast.reviewer, word="yes", reason="anonymous")
        assert (course.order.state, course.order.reason) == (S.REVIEWED, "anonymous")
        assert course.order.reviews.get().person == cast.reviewer

    def test_speaks_in_matters_that_are_never_called_back(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED, code="0702", text="请社区帮我想想办法。")
        course.do("stand_in", cast.reviewer, word="yes", reason="silent")
        assert course.order.state == S.REVIEWED
        assert not course.order.needs_call

    def test_waits_for_three_tries_at_different_hours(self, cast: Cast) -> None:
        """R048: silence has a dated rule."""
        course = a_course(cast, S.SERVED)
        for at in (local(10, 11), local(10, 15)):
            a_try(course, at)
            with pytest.raises(NotYet, match="3 次"):
                course.do("stand_in", cast.reviewer, word="yes", reason="unreached")
        a_try(course, local(11, 18))
        course.do("stand_in", cast.reviewer, word="yes", reason="unreached")
        assert course.order.state == S.REVIEWED

    def test_does_not_count_tries_at_the_same_hour(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        for at in (local(10, 11), local(10, 12), local(11, 11), local(12, 10)):
            a_try(course, at)
        assert course.order.call_tries == 4
        with pytest.raises(NotYet):
            course.do("stand_in", cast.reviewer, word="yes", reason="unreached")

    def test_does_not_count_tries_of_an_earlier_round(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        for at in (local(10, 11), local(10, 14), local(10, 17)):
            a_try(course, at)
        course.do("send_back", cast.reviewer, reason="poor_work")
        course.handed_in()
        assert course.order.call_tries == 0
        with pytest.raises(NotYet):
            course.do("stand_in", cast.reviewer, word="yes", reason="unreached")

    def test_is_not_for_who_served(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED, helper=cast.dispatcher, phone="")
        with pytest.raises(NotAllowed, match="没经手"):
            course.do("stand_in", cast.dispatcher, word="yes", reason="anonymous")


class TestCallBack:
    def test_is_never_by_who_served(self, cast: Cast) -> None:
        """R047: by another person."""
        with pytest.raises(NotAllowed, match="没经手"):
            served_by_the_desk(cast).do("call_back", cast.dispatcher, is_reached=True)
        with pytest.raises(NotAllowed):
            a_course(cast, S.SERVED).do("call_back", cast.member, is_reached=True)

    @pytest.mark.parametrize("channel", ["phone", "message", "visit"])
    def test_is_by_phone_message_or_visit(self, cast: Cast, channel: str) -> None:
        course = a_course(cast, S.REVIEWED).do("call_back", cast.liaison, is_reached=True, channel=channel)
        assert course.order.calls.get().channel == channel
        assert course.order.called_at == course.at

    def test_refuses_a_word_that_is_none(self, cast: Cast) -> None:
        with pytest.raises(BadWord):
            a_course(cast, S.REVIEWED).do("call_back", cast.reviewer, is_reached=True, word="perhaps")


class TestNeedsCall:
    """R047: all urgent ones, 30 % of the rest, all who rated low."""

    @pytest.mark.parametrize("urgency", [2, 3])
    def test_is_true_of_all_urgent_ones(self, cast: Cast, urgency: int) -> None:
        assert an_order(cast, S.REVIEWED, urgency=urgency).needs_call

    @pytest.mark.parametrize("satisfaction", [4, 5])
    def test_is_true_of_all_who_rated_low(self, cast: Cast, satisfaction: int) -> None:
        course = a_course(cast, S.SERVED)
        assert course.do("review", asker_of(course.order), word="yes", satisfaction=satisfaction).order.needs_call

    def test_is_true_of_some_three_in_ten_of_the_rest_and_always_the_same(self, cast: Cast) -> None:
        order = an_order(cast, S.REVIEWED)
        picked = 0
        for serial in range(1, 401):
            order.serial = serial
            picked += needs_call(order)
        assert 100 < picked < 140

    def test_is_never_true_of_silent_matters_and_of_those_who_want_no_call(self, cast: Cast) -> None:
        assert not an_order(cast, S.REVIEWED, urgency=3, phone="").needs_call
        quiet = actions.Contact(name="邓秀兰", phone="16400005678", may_call=False)
        assert not an_order(cast, S.REVIEWED, urgency=3, contact=quiet).needs_call


class TestMayStandIn:
    def test_is_true_where_nobody_may_ring(self, cast: Cast) -> None:
        """R047: an asker who wants no calls and says nothing is no dead end."""
        quiet = actions.Contact(name="邓秀兰", phone="16400005678", may_call=False)
        served = a_course(cast, S.SERVED, contact=quiet)
        reviewed = served.do("stand_in", cast.reviewer, word="yes", reason="no_phone").order
        assert reviewed.state == S.REVIEWED

    def test_is_false_while_he_may_be_rung_and_nobody_tried(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            a_course(cast, S.SERVED).do("stand_in", cast.reviewer, word="yes", reason="unreached")
