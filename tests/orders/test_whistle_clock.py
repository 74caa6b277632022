"""吹哨 (R058), as time goes by: reminders, the end, and both sides say how it was."""

from datetime import datetime, timedelta

import pytest

from sandan.core.errors import NotAllowed, Stale
from sandan.orders import actions
from sandan.orders.actions import whistle, whistle_clock
from sandan.orders.models import Call
from tests.orders.whistle_kit import LATER, beside, blow, blown, call_to, order, told

__all__ = ["beside", "blown", "order"]


class TestTick:
    def test_reminds_then_tells_the_street_and_lists_it_as_missed(self, cast, beside, order, blown) -> None:
        """R058: unanswered: a reminder, then the liaison hears of it."""
        call = call_to(blown, cast.unit)
        assert whistle_clock.tick(at=call.next_at - timedelta(seconds=1)) == 0
        assert whistle_clock.tick(at=call.next_at) == 2
        assert told(order, "whistle_remind") == {cast.clerk.pk, beside.second_clerk.pk, beside.office_clerk.pk}
        assert call_to(blown, cast.unit).state == "sent"
        whistle_clock.tick(at=call.answer_by)
        assert {one.state for one in blown.calls.all()} == {"missed"}
        assert {cast.liaison.pk, cast.grid_worker.pk} <= told(order, "whistle_missed")
        assert whistle_clock.tick(at=call.answer_by + timedelta(days=9)) == 0

    def test_a_late_yes_counts_as_late(self, cast, blown) -> None:
        call = call_to(blown, cast.unit)
        whistle_clock.tick(at=call.answer_by)
        whistle_clock.tick(at=call.answer_by)
        late = whistle.come(call=call, by=cast.clerk, at=call.answer_by + timedelta(minutes=1))
        assert (late.state, late.was_in_time) == ("coming", False)

    def test_asks_once_where_somebody_said_yes_and_is_not_there(self, cast, order) -> None:
        blown = blow(cast, order, cast.unit, meet_at=LATER + timedelta(hours=3))
        call = whistle.come(call=call_to(blown, cast.unit), by=cast.clerk, at=LATER)
        assert call.next_at == LATER + timedelta(hours=3, minutes=30)
        assert whistle_clock.tick(at=call.next_at) == 1
        assert cast.clerk.pk in told(order, "whistle_late")
        assert whistle_clock.tick(at=call.next_at + timedelta(days=3)) == 0

    def test_ends_a_whistle_with_its_order(self, cast, order, blown) -> None:
        actions.pass_on(order=order, where="119", by=cast.dispatcher, at=LATER)
        assert whistle_clock.tick(at=LATER) == 1
        blown.refresh_from_db()
        assert (blown.end, {call.state for call in blown.calls.all()}) == ("order", {"dropped"})

    def test_one_call_that_fails_does_not_stop_the_others(self, cast, blown, monkeypatch) -> None:
        real, broken = whistle_clock.STEPS["remind"], call_to(blown, cast.unit).pk

        def step(call: Call, at: datetime) -> None:
            if call.pk == broken:
                raise RuntimeError("broken")
            real(call, at)

        monkeypatch.setitem(whistle_clock.STEPS, "remind", step)
        whistle_clock.tick(at=call_to(blown, cast.unit).next_at)
        assert set(blown.calls.exclude(pk=broken).values_list("next_step", flat=True)) == {"miss"}


class TestRatings:
    def test_the_caller_marks_each_unit_once_and_only_when_it_is_over(self, cast, blown) -> None:
        """R058: they answer in time and are rated."""
        call = call_to(blown, cast.unit)
        with pytest.raises(Stale):
            whistle.rate(call=call, stars=5, by=cast.grid_worker, at=LATER)
        whistle.report(call=whistle.arrive(call=call, by=cast.clerk, at=LATER), text="好了", by=cast.clerk, at=LATER)
        with pytest.raises(whistle.BadWhistle):
            whistle.rate(call=call, stars=6, by=cast.grid_worker, at=LATER)
        assert whistle.rate(call=call, stars=4, by=cast.grid_worker, at=LATER).stars == 4
        with pytest.raises(Stale):
            whistle.rate(call=call, stars=1, by=cast.grid_worker, at=LATER)

    def test_no_unit_marks_itself(self, cast, blown) -> None:
        call = call_to(blown, cast.unit)
        whistle.decline(call=call, reason="not_ours", by=cast.clerk, at=LATER)
        with pytest.raises(NotAllowed):
            whistle.rate(call=call, stars=5, by=cast.clerk, at=LATER)

    def test_the_unit_says_whether_the_whistle_was_needed_and_clear(self, cast, beside, blown) -> None:
        """Practice 5.7: judged on both sides."""
        call = call_to(blown, cast.unit)
        with pytest.raises(Stale):
            whistle.judge(call=call, was_needed=True, was_clear=True, by=cast.clerk, at=LATER)
        whistle.decline(call=call, reason="not_ours", by=cast.clerk, at=LATER)
        with pytest.raises(whistle.NotYourCall):
            whistle.judge(call=call, was_needed=False, was_clear=True, by=beside.office_clerk, at=LATER)
        said = whistle.judge(call=call, was_needed=False, was_clear=True, by=beside.second_clerk, at=LATER)
        assert (said.was_needed, said.was_clear) == (False, True)


class TestEnd:
    def test_spares_the_unanswered_and_tells_them(self, cast, order, blown) -> None:
        whistle.end(whistle=blown, by=cast.dispatcher, at=LATER)
        assert {call.state for call in blown.calls.all()} == {"dropped"}
        assert cast.clerk.pk in told(order, "whistle_over")

    def test_the_street_withdraws_with_a_reason(self, cast, blown) -> None:
        with pytest.raises(whistle.BadWhistle):
            whistle.call_off(whistle=blown, reason="", by=cast.liaison, at=LATER)
        off = whistle.call_off(whistle=blown, reason="by_street", by=cast.liaison, at=LATER)
        assert (off.end, off.reason, off.ended_by) == ("withdrawn", "by_street", cast.liaison)

    def test_is_no_business_of_a_unit_or_a_neighbour(self, cast, blown) -> None:
        for stranger in (cast.clerk, cast.neighbour):
            with pytest.raises(NotAllowed):
                whistle.end(whistle=blown, by=stranger, at=LATER)
