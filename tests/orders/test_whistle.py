"""吹哨 (R058): named departments are called, answer in time, come, and both sides say how it was."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from sandan.core import journal
from sandan.core.errors import NotAllowed, Stale
from sandan.notices.models import Notice
from sandan.orders import access, actions
from sandan.orders.actions import whistle, whistle_clock
from sandan.orders.models import Call, Order, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Role, Unit
from tests.factories.orders import MORNING, a_sending, an_order
from tests.factories.people import OTHER_COMMUNITY, STREET, Cast, a_unit, somebody
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside

LATER = MORNING + timedelta(hours=1)
ASK = "请来看看下水道归谁清，电话 16400001234。"


@pytest.fixture
def beside(cast: Cast) -> Beside:
    return a_beside(cast)


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.JUDGED)


@pytest.fixture
def blown(cast: Cast, beside: Beside, order: Order) -> Whistle:
    return blow(cast, order, cast.unit, beside.office)


def blow(cast: Cast, order: Order, *units: Unit, at: datetime = LATER, **facts: object) -> Whistle:
    return whistle.blow(order=order, units=units, ask=ASK, by=cast.grid_worker, at=at, **facts)  # type: ignore[arg-type]


def call_to(blown: Whistle, unit: Unit) -> Call:
    return blown.calls.get(unit=unit)


def told(order: Order, kind: str) -> set[int | None]:
    return set(Notice.objects.filter(subject_id=order.pk, kind=kind).values_list("person", flat=True))


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
