"""A claim ends where the order leaves the hand; only who gave it back waits before taking it again."""

from datetime import timedelta
from typing import Any

import pytest

from sandan.orders.models import Claim
from sandan.orders.queries import member_hands
from sandan.orders.workflow import S
from tests.factories.orders import a_course, asker_of
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db


class TestLetGo:
    @pytest.mark.parametrize(
        ("verb", "facts"),
        [("escalate", {"reason": "danger"}), ("pass_on", {"where": "119"}), ("withdraw", {}), ("take_up", {})],
    )
    def test_ends_the_claim_and_holds_nothing_against_the_holder(
        self, cast: Cast, verb: str, facts: dict[str, Any]
    ) -> None:
        course = a_course(cast, S.TAKEN)
        if verb == "take_up":
            until = course.at + timedelta(days=5)
            course.do("ledger", cast.dispatcher, reason="no_money", until=until)
        by = asker_of(course.order) if verb == "withdraw" else cast.dispatcher
        course.do(verb, by, **facts)
        claim = Claim.objects.get(order=course.order)
        assert (claim.verb, claim.is_counted, claim.is_given_back) == (verb, True, False)
        assert claim.released_at is not None
        assert member_hands.hands_of(claim.person, course.at).released == {}

    def test_giving_back_is_remembered_for_a_while(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        course.do("release", course.order.holder, reason="no_time")
        claim = Claim.objects.get(order=course.order)
        assert (claim.verb, claim.is_given_back) == ("release", True)
        assert course.order.pk in member_hands.hands_of(claim.person, course.at).released

    def test_a_claim_served_to_the_end_stands(self, cast: Cast) -> None:
        assert Claim.objects.get(order=a_course(cast, S.CLOSED).order).released_at is None
