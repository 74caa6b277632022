"""intake.actions.gate: nothing reaches a grid worker without a second person's yes."""

import pytest
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed, Stale
from sandan.core.journal import lines_of
from sandan.intake import queries
from sandan.intake.actions import NoSuchGate, Unfinished, decide_item, propose_item
from sandan.intake.models import Category, Proposal
from sandan.people.models import Role, Unit
from tests.factories.intake import an_ask
from tests.factories.people import COUNTY, NOON, Cast, a_unit, somebody

pytestmark = pytest.mark.usefixtures("catalogue")


class TestProposeItem:
    def test_puts_it_before_the_gate_and_not_into_the_catalogue(self, cast: Cast) -> None:
        """R112: a department cannot add an item by itself (准入)."""
        proposal = propose_item(ask=an_ask(), by=cast.clerk, at=NOON)
        assert (proposal.department_id, proposal.is_approved) == ("01", None)
        assert not Category.objects.filter(code="0108").exists()
        line = lines_of(proposal).get()
        assert (line.verb, line.actor_id, line.facts) == ("propose", cast.clerk.pk, {"code": "0108"})

    @pytest.mark.parametrize("who", ["dispatcher", "liaison", "member", "grid_worker", "auditor"])
    def test_is_for_departments_and_the_district(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotAllowed):
            propose_item(ask=an_ask(), by=getattr(cast, who), at=NOON)

    def test_is_not_for_the_clerk_of_a_work_unit(self, cast: Cast) -> None:
        clerk = somebody("聂远", Role.UNIT_CLERK, COUNTY, unit=a_unit("银杏小学", Unit.Kind.WORK_UNIT))
        with pytest.raises(NotAllowed):
            propose_item(ask=an_ask(), by=clerk, at=NOON)

    @pytest.mark.parametrize("word", ["reason", "duty", "rhythm", "training", "funding"])
    def test_asks_for_training_money_and_all_the_rest(self, cast: Cast, word: str) -> None:
        with pytest.raises(Unfinished):
            propose_item(ask=an_ask(**{word: "  "}), by=cast.clerk, at=NOON)

    @pytest.mark.parametrize("code", ["0101", "7701", "9905", "01", "01a8"])
    def test_refuses_a_code_that_is_taken_or_no_departments(self, cast: Cast, code: str) -> None:
        with pytest.raises(NoSuchGate):
            propose_item(ask=an_ask(code=code), by=cast.clerk, at=NOON)

    def test_refuses_a_code_that_waits_already(self, cast: Cast) -> None:
        propose_item(ask=an_ask(), by=cast.clerk, at=NOON)
        with pytest.raises(NoSuchGate):
            propose_item(ask=an_ask(name="另一项"), by=cast.district, at=NOON)
        assert Proposal.objects.count() == 1


class TestDecideItem:
    @pytest.fixture
    def proposal(self, cast: Cast) -> Proposal:
        return propose_item(ask=an_ask(), by=cast.clerk, at=NOON)

    def test_makes_the_item_with_a_yes(self, cast: Cast, proposal: Proposal) -> None:
        """R112: approved by the district, the item stands in the catalogue with duty, rhythm and limit."""
        assert "0108" not in {item.code for item in queries.requests()}
        decide_item(proposal=proposal, is_approved=True, answer="", by=cast.district, at=NOON)
        item = queries.category("0108")
        assert (item.parent_id, item.department, item.duty, item.rhythm) == ("01", "住建物业", an_ask().duty, "每月")
        assert (item.finish_value, item.finish_unit, item.grab) == (5, "day", "review")
        assert [line.verb for line in lines_of(proposal)] == ["propose", "approve"]

    def test_makes_none_with_a_no_that_says_why(self, cast: Cast, proposal: Proposal) -> None:
        with pytest.raises(Unfinished):
            decide_item(proposal=proposal, is_approved=False, answer=" ", by=cast.district, at=NOON)
        decided = decide_item(proposal=proposal, is_approved=False, answer="经费没写清", by=cast.district, at=NOON)
        assert (decided.is_approved, decided.answer) == (False, "经费没写清")
        assert not Category.objects.filter(code="0108").exists()

    @pytest.mark.parametrize("who", ["clerk", "liaison", "dispatcher", "auditor"])
    def test_is_for_the_district(self, cast: Cast, proposal: Proposal, who: str) -> None:
        with pytest.raises(NotAllowed):
            decide_item(proposal=proposal, is_approved=True, answer="", by=getattr(cast, who), at=NOON)

    def test_wants_a_second_person(self, cast: Cast) -> None:
        own = propose_item(ask=an_ask(), by=cast.district, at=NOON)
        with pytest.raises(NotAllowed):
            decide_item(proposal=own, is_approved=True, answer="", by=cast.district, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=own.pk).update(decided_by=cast.district, decided_at=NOON, is_approved=True)

    def test_decides_once(self, cast: Cast, proposal: Proposal) -> None:
        decide_item(proposal=proposal, is_approved=True, answer="", by=cast.district, at=NOON)
        with pytest.raises(Stale):
            decide_item(proposal=proposal, is_approved=False, answer="又不行", by=cast.district, at=NOON)
