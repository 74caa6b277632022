"""吹哨 (R058): named departments are called, answer in time and come; who may see it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from sandan.core import journal
from sandan.core.errors import NotAllowed, Stale
from sandan.orders import access
from sandan.orders.actions import whistle, whistle_clock
from sandan.orders.models import Order, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, a_sending, an_order
from tests.factories.people import OTHER_COMMUNITY, STREET, a_unit, somebody
from tests.orders.whistle_kit import ASK, LATER, beside, blow, blown, call_to, order, told

__all__ = ["beside", "blown", "order"]


def lines(order: Order) -> list[str]:
    return list(journal.lines_of(order).values_list("verb", flat=True))


class TestBlow:
    def test_calls_each_named_unit_and_tells_all_its_clerks(self, cast, beside, order, blown) -> None:
        """R058: a grid worker whistles, named departments hear it."""
        assert [call.state for call in blown.calls.all()] == ["sent", "sent"]
        clerks = {cast.clerk.pk, beside.second_clerk.pk, beside.office_clerk.pk}
        assert told(order, "whistle") == clerks
        assert "whistle" in lines(order)

    def test_leaves_owner_holder_and_state_as_they_are(self, cast, beside, order, blown) -> None:
        """R058: an order with a whistle keeps its one owner."""
        before = (order.owner_id, order.holder_id, order.state, order.due_at)
        whistle.come(call=call_to(blown, cast.unit), by=cast.clerk, at=LATER)
        order.refresh_from_db()
        assert (order.owner_id, order.holder_id, order.state, order.due_at) == before
        assert order.custody.count() == 1

    def test_keeps_the_words_under_seal_and_shows_them_masked(self, blown) -> None:
        """G3: numbers in the request are masked, the journal holds no words."""
        assert "16400001234" not in blown.words.masked
        assert blown.words.original.open_unlogged() == ASK
        assert all("下水道" not in str(line.facts) for line in journal.lines_of(blown.order))

    def test_is_refused_to_a_member_a_neighbour_and_a_clerk(self, cast, order) -> None:
        for stranger in (cast.member, cast.neighbour, cast.clerk, cast.auditor):
            with pytest.raises(NotAllowed):
                whistle.blow(order=order, units=[cast.unit], ask=ASK, by=stranger, at=LATER)

    def test_is_open_to_grid_community_and_street(self, cast) -> None:
        for caller in (cast.grid_worker, cast.dispatcher, cast.reviewer, cast.liaison, cast.district):
            fresh = an_order(cast, S.JUDGED)
            assert whistle.blow(order=fresh, units=[cast.unit], ask=ASK, by=caller, at=LATER).by == caller

    def test_of_a_sealed_matter_is_left_to_its_desk(self, cast) -> None:
        sealed = an_order(cast, S.JUDGED, code="0702")
        with pytest.raises(NotAllowed):
            blow(cast, sealed, cast.unit)
        assert whistle.blow(order=sealed, units=[cast.unit], ask=ASK, by=cast.dispatcher, at=LATER)

    def test_takes_no_second_while_the_first_is_open(self, cast, beside, order, blown) -> None:
        with pytest.raises(whistle.AlreadyBlown):
            blow(cast, order, beside.office)
        with pytest.raises(IntegrityError), transaction.atomic():
            Whistle.objects.create(order=order, by=cast.liaison, at=LATER, words=blown.words)

    def test_refuses_nobody_partners_and_units_without_a_clerk(self, cast, beside, order) -> None:
        for units in ((), (beside.estate,), (a_unit("水务局"),)):
            with pytest.raises(whistle.BadWhistle):
                blow(cast, order, *units)
        assert not Whistle.objects.exists()

    def test_refuses_a_closed_order_and_a_meeting_that_lies_behind(self, cast, order) -> None:
        with pytest.raises(whistle.BadWhistle):
            blow(cast, order, cast.unit, meet_at=LATER - timedelta(minutes=1))
        with pytest.raises(Stale):
            blow(cast, an_order(cast, S.CLOSED), cast.unit, at=MORNING + timedelta(hours=5))

    def test_for_a_place_opens_the_order_along_and_once(self, cast) -> None:
        """R058: for a place, with an order opened along; the same key sent twice is one whistle."""
        sending = a_sending(channel="patrol", text="沿街井盖坏了")
        first, again = (
            whistle.blow_at(sending=sending, units=[cast.unit], ask=ASK, by=cast.grid_worker, at=LATER)
            for _ in range(2)
        )
        assert first.pk == again.pk
        assert first.order.owner == cast.dispatcher
        assert Order.objects.filter(key=sending.key).count() == 1


class TestAnswerBy:
    @pytest.mark.parametrize(
        ("day", "hour", "due"),
        [
            (7, 16, (10, 17, 30)),  # Friday afternoon: to closing time on Monday
            (8, 10, (10, 17, 30)),  # Saturday
            (10, 9, (11, 17, 30)),  # Monday: the first day does not count
        ],
    )
    def test_gives_an_ordinary_whistle_one_working_day(self, cast, day, hour, due) -> None:
        at = MORNING.replace(day=day, hour=hour)
        until = whistle_clock.answer_by(Order(urgency=1), at)
        assert (until.day, until.hour, until.minute) == due

    def test_lets_danger_not_wait_for_monday(self, cast) -> None:
        saturday = MORNING.replace(day=8, hour=22)
        assert whistle_clock.answer_by(Order(urgency=2), saturday) == saturday + timedelta(minutes=30)
        assert whistle_clock.answer_by(Order(urgency=3), saturday) == saturday + timedelta(minutes=10)


class TestAnswers:
    def test_yes_is_one_press_and_says_whether_it_was_in_time(self, cast, blown) -> None:
        call = whistle.come(call=call_to(blown, cast.unit), by=cast.clerk, at=LATER + timedelta(minutes=5))
        assert (call.state, call.person, call.was_in_time) == ("coming", cast.clerk, True)
        assert cast.grid_worker.pk in told(blown.order, "whistle_coming")

    def test_a_colleague_who_comes_second_hears_who_was_faster(self, cast, beside, blown) -> None:
        call = call_to(blown, cast.unit)
        whistle.come(call=call, by=cast.clerk, at=LATER)
        with pytest.raises(Stale, match="甘露"):
            whistle.come(call=call, by=beside.second_clerk, at=LATER)

    def test_nobody_answers_for_another_unit(self, cast, beside, blown) -> None:
        for act in (whistle.come, whistle.arrive):
            with pytest.raises(whistle.NotYourCall):
                act(call=call_to(blown, cast.unit), by=beside.office_clerk, at=LATER)

    def test_a_no_needs_a_reason_of_the_list(self, cast, blown) -> None:
        call = call_to(blown, cast.unit)
        with pytest.raises(whistle.BadWhistle):
            whistle.decline(call=call, reason="mood", by=cast.clerk, at=LATER)
        said = whistle.decline(call=call, reason="not_ours", by=cast.clerk, at=LATER, text="归水务局。")
        assert (said.state, said.reason, said.result.masked) == ("declined", "not_ours", "归水务局。")

    def test_who_came_and_worked_turns_no_second_key(self, cast, beside, order, blown) -> None:
        """Two keys: the database knows who served beside."""
        call = call_to(blown, cast.unit)
        whistle.come(call=call, by=cast.clerk, at=LATER)
        whistle.arrive(call=call, by=beside.second_clerk, at=LATER)
        done = whistle.report(call=call, text="清通了。", by=cast.clerk, at=LATER + timedelta(hours=1))
        order.refresh_from_db()
        assert (done.state, done.result.masked) == ("done", "清通了。")
        assert set(order.helped_by or []) == {cast.clerk.pk, beside.second_clerk.pk}

    def test_after_the_end_nobody_need_come(self, cast, blown) -> None:
        whistle.end(whistle=blown, by=cast.grid_worker, at=LATER)
        with pytest.raises(Stale):
            whistle.come(call=call_to(blown, cast.unit), by=cast.clerk, at=LATER)


class TestAccess:
    def test_a_called_unit_is_called_and_nothing_more_until_the_end(self, cast, order, blown) -> None:
        """G2: the role ends with the whistle."""
        assert access.roles_of(order, cast.clerk, LATER) == {"called"}
        whistle.end(whistle=blown, by=cast.grid_worker, at=LATER)
        assert access.roles_of(order, cast.clerk, LATER) == frozenset()

    def test_the_call_is_found_by_its_own_unit_alone(self, cast, order, blown) -> None:
        assert access.call_of(cast.clerk, order.full_number, LATER).unit == cast.unit
        other = somebody("别人", Role.UNIT_CLERK, STREET, unit=a_unit("别的局"))
        for stranger in (other, cast.member, cast.dispatcher):
            with pytest.raises(Http404):
                access.call_of(stranger, order.full_number, LATER)
        with pytest.raises(Http404):
            access.call_of(cast.clerk, order.full_number.replace(order.community_id, OTHER_COMMUNITY), LATER)

    def test_a_call_that_is_over_can_be_rated_for_a_month(self, cast, order, blown) -> None:
        whistle.decline(call=call_to(blown, cast.unit), reason="not_ours", by=cast.clerk, at=LATER)
        whistle.end(whistle=blown, by=cast.grid_worker, at=LATER)
        assert not access.is_called(access.call_of(cast.clerk, order.full_number, LATER + timedelta(days=29)))
        with pytest.raises(Http404):
            access.call_of(cast.clerk, order.full_number, LATER + timedelta(days=31))
