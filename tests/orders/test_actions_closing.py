"""Two keys: who serves may not close; closing, sending back, reopening (R036, R047, R048)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.orders.actions.closing import KeyMissing, NotYet, reopen_until
from sandan.orders.actions.serving import ProofMissing
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, STEP, a_course, an_order, asker_of
from tests.factories.people import Cast
from tests.orders.closing_kit import a_try, local

pytestmark = pytest.mark.django_db


class TestClose:
    def test_takes_two_people(self, cast: Cast) -> None:
        """R036: who served may not close."""
        course = a_course(cast, S.REVIEWED, helper=cast.dispatcher)
        with pytest.raises(NotAllowed, match="没经手"):
            course.do("close", cast.dispatcher, outcome="solved")
        course.order.needs_call = False
        course.order.save()
        closed = course.do("close", cast.reviewer, outcome="solved").order
        assert (closed.state, closed.closed_by, closed.served_by) == (S.CLOSED, cast.reviewer, cast.dispatcher)
        assert (closed.is_open, closed.next_at, closed.ended_at) == (False, None, course.at)

    @pytest.mark.parametrize("name", ["member", "neighbour", "auditor", "grid_worker"])
    def test_is_not_for_others(self, cast: Cast, name: str) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast, S.REVIEWED).do("close", getattr(cast, name), outcome="solved")

    def test_waits_for_the_askers_word(self, cast: Cast) -> None:
        with pytest.raises(Stale):
            a_course(cast, S.SERVED).do("close", cast.reviewer, outcome="solved")

    def test_waits_for_the_call_back_that_is_due(self, cast: Cast) -> None:
        course = a_course(cast, S.REVIEWED, urgency=2)
        with pytest.raises(KeyMissing, match="回访"):
            course.do("close", cast.reviewer, outcome="solved")
        a_try(course, local(10, 11))
        with pytest.raises(KeyMissing):
            course.do("close", cast.reviewer, outcome="solved")
        course.do("call_back", cast.reviewer, is_reached=True)
        assert course.do("close", cast.reviewer, outcome="solved").order.state == S.CLOSED

    def test_goes_on_after_three_tries(self, cast: Cast) -> None:
        course = a_course(cast, S.REVIEWED, urgency=2)
        for at in (local(10, 11), local(10, 14), local(10, 17)):
            a_try(course, at)
        assert course.do("close", cast.reviewer, outcome="solved").order.state == S.CLOSED

    def test_does_not_take_a_call_of_an_earlier_round(self, cast: Cast) -> None:
        course = a_course(cast, S.REVIEWED, urgency=2).do("call_back", cast.reviewer, is_reached=True)
        course.do("send_back", cast.reviewer, reason="poor_work")
        course.handed_in().do("review", asker_of(course.order), word="yes")
        with pytest.raises(KeyMissing, match="回访"):
            course.do("close", cast.reviewer, outcome="solved")

    def test_is_refused_by_the_database_with_one_key(self, cast: Cast) -> None:
        """R036: what the business refuses, the database refuses."""
        order = an_order(cast, S.CLOSED)
        for bad in ({"closed_by": order.served_by}, {"word": ""}, {"served_by": None}, {"reviewed_at": None}):
            with pytest.raises(IntegrityError, match="order_closed_by_two_keys"), transaction.atomic():
                Order.objects.filter(pk=order.pk).update(**bad)

    def test_is_refused_by_the_database_from_nowhere(self, cast: Cast) -> None:
        order = an_order(cast, S.SERVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(
                state=S.CLOSED, is_open=False, ended_at=MORNING, next_at=None, next_step=""
            )


class TestSendBack:
    def test_gives_the_same_server_the_order_again(self, cast: Cast) -> None:
        course = a_course(cast, S.REVIEWED).do("send_back", cast.reviewer, reason="poor_work", text="墙角没擦。")
        order = course.order
        assert (order.state, order.holder, order.word, order.rework_count) == (S.TAKEN, cast.member, "", 1)
        assert order.custody.get(to_at__isnull=True).person == cast.member

    def test_wants_new_proof(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED).do("send_back", cast.reviewer, reason="poor_work")
        with pytest.raises(ProofMissing, match="照片"):
            course.do("finish", cast.member, work="又弄了一遍。")
        assert course.handed_in().order.state == S.SERVED


class TestReopen:
    """R036: reopening gives the old number back, within 15 days."""

    def test_gives_the_number_back(self, cast: Cast) -> None:
        course = a_course(cast, S.CLOSED)
        number, key = course.order.full_number, course.order.pk
        course.at += timedelta(days=14)
        course.do("reopen", asker_of(course.order), reason="came_back", text="又堵了。")
        order = Order.objects.get(pk=key)
        assert (order.full_number, order.state, order.is_open, order.ended_at) == (number, S.REOPENED, True, None)
        assert (order.closed_by, order.word, order.called_at) == (None, "", None)
        assert order.custody.get(to_at__isnull=True).person == order.owner

    def test_is_over_after_fifteen_days(self, cast: Cast) -> None:
        course = a_course(cast, S.CLOSED)
        assert course.order.ended_at
        course.at = reopen_until(course.order.ended_at)
        with pytest.raises(NotYet, match="15 天"):
            course.do("reopen", asker_of(course.order), reason="came_back")
        course.at -= 2 * STEP
        assert course.do("reopen", asker_of(course.order), reason="came_back").order.state == S.REOPENED

    def test_needs_two_fresh_keys_again(self, cast: Cast) -> None:
        course = a_course(cast, S.CLOSED)
        course.do("reopen", cast.dispatcher, reason="came_back")
        course.do("offer", cast.dispatcher, to=[cast.second_member]).do("accept", cast.second_member)
        course.helper = cast.second_member
        course.handed_in()
        with pytest.raises(Refused):
            course.do("close", cast.reviewer, outcome="solved")
        assert course.order.served_by == cast.second_member
