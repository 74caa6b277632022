"""Two at the same moment beside an order: one answers, the other hears who it was. Real processes, real connections."""

import pytest

from sandan.core import journal
from sandan.orders.actions import joint, partner, whistle
from sandan.orders.models import Call, Order, Share, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.factories.people import cast as the_cast
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside
from tests.orders.test_race import LATER, contend

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25


@pytest.fixture
def people(transactional_db: None) -> tuple[Cast, Beside]:
    cast = the_cast()
    return cast, a_beside(cast)


def _again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def come(pk: int, by: Person) -> str:
    whistle.come(call=Call.objects.select_related("whistle").get(pk=pk), by=_again(by), at=LATER)
    return "won"


class TestCome:
    def test_two_clerks_of_one_unit_are_one_answer(self, people: tuple[Cast, Beside]) -> None:
        """R058: one of the unit answers; the colleague is told who, nothing is answered twice."""
        cast, beside = people
        calls = []
        for _ in range(ROUNDS):
            order = an_order(cast, S.JUDGED)
            blown = whistle.blow(order=order, units=[cast.unit], ask="来", by=cast.dispatcher, at=LATER)
            calls.append(blown.calls.get().pk)
        told = contend(
            ROUNDS, lambda n: come(calls[n], cast.clerk), lambda n: come(calls[n], beside.second_clerk)
        )  # fmt: skip
        for number, (one, other) in enumerate(zip(*told, strict=True)):
            assert sorted([one == "won", other == "won"]) == [False, True], (one, other)
            call = Call.objects.select_related("whistle__order", "person").get(pk=calls[number])
            assert call.person is not None
            assert call.person.name in (other if one == "won" else one)
            assert journal.lines_of(call.whistle.order).filter(verb="whistle_coming").count() == 1


class TestBlow:
    def test_two_callers_make_one_whistle(self, people: tuple[Cast, Beside]) -> None:
        cast, beside = people
        orders = [an_order(cast, S.JUDGED).pk for _ in range(ROUNDS)]

        def blow(number: int, by: Person) -> str:
            order = Order.objects.get(pk=orders[number])
            whistle.blow(order=order, units=[beside.office], ask="来", by=_again(by), at=LATER)
            return "won"

        told = contend(ROUNDS, lambda n: blow(n, cast.dispatcher), lambda n: blow(n, cast.grid_worker))
        assert all(sorted([one == "won", other == "won"]) == [False, True] for one, other in zip(*told, strict=True))
        assert Whistle.objects.count() == ROUNDS


class TestShares:
    def test_two_shares_settled_at_once_never_make_more_than_the_whole(self, people: tuple[Cast, Beside]) -> None:
        """R061: the order is locked before its shares are added up."""
        cast, _beside = people
        pairs = []
        for _ in range(ROUNDS):
            order = an_order(cast, S.TAKEN)
            first = joint.ask(order=order, who=cast.second_member, by=cast.member, at=LATER)
            second = joint.ask(order=order, who=cast.unit, by=cast.member, at=LATER)
            joint.join(share=first, by=cast.second_member, at=LATER)
            joint.join(share=second, by=cast.clerk, at=LATER)
            pairs.append((first.pk, second.pk))

        def agree(pk: int) -> str:
            joint.agree(share=Share.objects.get(pk=pk), per_cent=60, by=_again(cast.member), at=LATER)
            return "won"

        told = contend(ROUNDS, lambda n: agree(pairs[n][0]), lambda n: agree(pairs[n][1]))
        assert all(sorted([one == "won", other == "won"]) == [False, True] for one, other in zip(*told, strict=True))


class TestSending:
    def test_the_desk_taking_back_and_the_partner_answering_leave_one_truth(self, people: tuple[Cast, Beside]) -> None:
        cast, beside = people
        sent = [
            partner.send(
                order=an_order(cast, S.JUDGED), unit=beside.estate, text="灯", by=cast.dispatcher, at=LATER
            )
            for _ in range(ROUNDS)
        ]  # fmt: skip

        def act(verb: str, number: int, by: Person) -> str:
            getattr(partner, verb)(sending=sent[number], by=_again(by), at=LATER)
            return "won"

        contend(ROUNDS, lambda n: act("recall", n, cast.dispatcher), lambda n: act("accept", n, beside.estate_clerk))
        for sending in sent:
            sending.refresh_from_db()
        assert {sending.state for sending in sent} == {"ended"}  # taken back stays taken back
