"""The ledger: every notice comes to an end that somebody can see, and nothing in it or in a log is personal."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from sandan.notices.actions import tell
from sandan.notices.actions.books import Contact
from sandan.notices.channels.standin import Manners, Provider
from sandan.notices.models import Delivery, Notice, State
from sandan.people.models import Role
from tests.factories.people import COMMUNITY, NOON, Cast, somebody
from tests.notices.kit import ENDS, NUMBER, FakeBook, phone_of, told, until_ended, work


class TestLedger:
    @hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**6), share=st.sampled_from((0.0, 0.5, 0.9, 1.0)))
    def test_of_every_notice_comes_to_an_end(self, cast: Cast, provider: Provider, seed: int, share: float) -> None:
        """Half of the tries fail, answers are lost, numbers are refused, nobody has a phone: each has its end."""
        Delivery.objects.all().delete()
        Notice.objects.all().delete()
        dice = Random(seed)
        provider.manners = Manners(
            status=lambda _message, _nth: dice.choice((400, 429, 503, 500)) if dice.random() < share else 200,
            loses_answer=lambda _message, _nth: dice.random() < 0.1,
        )
        provider.taken.clear()
        for pk in range(1, 13):
            told(dice.choice(("place", "grab", "finish", "code")), pk, about=cast.unit, at=NOON)
        until_ended(FakeBook(silent=(2, 5), poisoned=(6,)), NOON)
        for notice in Notice.objects.prefetch_related("deliveries"):
            [line] = notice.deliveries.all()
            assert line.state in ENDS
            assert (line.state == State.SENT) <= (line.key in provider.taken)
            assert (line.state in (State.GIVEN_UP, State.UNREACHABLE)) == bool(line.error)
        assert Delivery.objects.filter(state=State.UNREACHABLE, error="no_phone").count() == 2

    def test_says_that_there_is_no_provider(self, cast: Cast) -> None:
        told("finish", 7, about=cast.unit, at=NOON)
        work(FakeBook(), NOON)
        line = Delivery.objects.get()
        assert (line.channel, line.state, line.error) == ("none", "unreachable", "no_provider")

    def test_says_who_of_staff_no_way_leads_to(self, cast: Cast) -> None:
        """A partner has no inbox, somebody who left reads none; the others were told there."""
        partner, gone = somebody("物业", Role.PARTNER, COMMUNITY), somebody("离岗", Role.MEMBER, COMMUNITY)
        gone.is_active = False
        gone.save()
        tell(cast.unit, "offer", persons=[cast.member, partner, gone], at=NOON, number=NUMBER)
        work(FakeBook(), NOON)
        lines = Delivery.objects.filter(state=State.UNREACHABLE).values_list("notice__person", "error")
        assert set(lines) == {(partner.pk, "no_address"), (gone.pk, "inactive")}

    def test_is_filled_in_a_demonstration_and_nothing_leaves(self, cast: Cast, settings: Any) -> None:
        settings.DEMO = True
        told("finish", 7, about=cast.unit, at=NOON)
        work(FakeBook(), NOON + timedelta(days=3))
        line = Delivery.objects.get()
        assert (line.state, line.reference, line.received_at) == ("received", "demo", NOON)


class TestSecrecy:
    def test_no_number_name_or_code_is_logged(
        self, cast: Cast, provider: Provider, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Success, refusal, a dead line and a poisoned message, with every logger at its most talkative."""
        caplog.set_level("DEBUG")
        statuses = {phone_of(1): 200, phone_of(2): 400, phone_of(3): 503}
        provider.manners = Manners(status=lambda message, _nth: statuses.get(str(message["to"]), 200))
        told("code", 1, 2, 3, 4, about=cast.unit, at=NOON)
        with capture_logs() as lines:
            work(FakeBook(poisoned=(4,)), NOON)
            provider.stop()
            told("grab", 5, about=cast.unit, at=NOON)
            work(FakeBook(), NOON + timedelta(seconds=30))
        everything = caplog.text + str(lines)
        assert "message given up" in everything
        assert not [word for word in ("16400", "135790", "邓秀兰", "贺师傅") if word in everything]

    def test_neither_the_ledger_nor_the_notice_holds_any(self, cast: Cast, provider: Provider) -> None:
        told("code", 1, about=cast.unit, at=NOON)
        work(FakeBook(), NOON)
        rows = str([*Delivery.objects.values(), *Notice.objects.values()])
        assert not [word for word in (phone_of(1), "135790") if word in rows]

    def test_a_message_prints_as_nothing(self) -> None:
        assert "16400" not in repr(Contact("16400000001", {"code": "135790"}))
