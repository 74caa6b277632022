"""Standing still and going on: the finish clock stops and the deadline moves by what was lost (R049)."""

from datetime import datetime, timedelta

import pytest

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import NotAllowed, Stale
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions.standing import BadTerm, latest_extension
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, STEP, ZONE, Course, a_course, an_order, asker_of
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZONE)


def move_to(course: Course, at: datetime) -> Course:
    """The next step is made at `at`."""
    course.at = at - STEP
    return course


class TestAsk:
    def test_stops_the_clock_until_the_answer(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        due = course.order.due_at
        move_to(course, local(10, 10)).do("ask", cast.member, question="几点在家？")
        assert (course.order.state, course.order.stopped_at) == (S.ASKED, local(10, 10))
        assert course.order.due_at == due
        assert course.order.custody.get(to_at__isnull=True).person == cast.member
        move_to(course, local(10, 16)).do("answer", asker_of(course.order), text="下午都在。")
        assert (course.order.state, course.order.stopped_at) == (S.TAKEN, None)
        assert due
        assert course.order.due_at == clock.shifted_deadline(calendar(), due, local(10, 10), local(10, 16), "working")
        assert clock.net_minutes(calendar(), due, course.order.due_at, "working") == 270  # six hours without the noon

    def test_goes_back_to_a_fresh_grab_window(self, cast: Cast) -> None:
        course = a_course(cast, S.OPEN).do("ask", cast.dispatcher, question="哪个单元？")
        course.do("answer", cast.dispatcher, text="二单元。")
        assert (course.order.state, course.order.next_step) == (S.OPEN, "lapse")
        assert actions.tick(at=course.at + timedelta(minutes=31)) == 1
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED

    def test_is_told_to_the_asker(self, cast: Cast) -> None:
        order = an_order(cast, S.ASKED)
        assert Notice.objects.filter(kind="ask", asker_id=asker_of(order).pk).exists()

    def test_counts_before_judging_too(self, cast: Cast) -> None:
        """The hours in which the asker owed an answer are not the desk's."""
        course = a_course(cast)
        move_to(course, local(10, 10)).do("ask", cast.dispatcher, question="哪栋楼？")
        move_to(course, local(11, 10)).do("answer", asker_of(course.order), text="三号楼。")
        assert course.order.state == S.RECEIVED
        course.judged()
        plain = clock.deadline(calendar(), MORNING, 2, "day", "working")
        assert course.order.due_at == clock.shifted_deadline(calendar(), plain, local(10, 10), local(11, 10), "working")

    def test_gives_up_after_asking_twice(self, cast: Cast) -> None:
        course = a_course(cast, S.ASKED)
        first = course.order.next_at
        assert first
        assert first.astimezone(ZONE).date() == local(13, 0).date()
        actions.tick(at=first)
        course.order.refresh_from_db()
        assert (course.order.state, course.order.next_step) == (S.ASKED, "no_reply")
        assert Notice.objects.filter(kind="ask_again", asker_id=asker_of(course.order).pk).exists()
        assert course.order.next_at
        actions.tick(at=course.order.next_at)
        course.order.refresh_from_db()
        assert (course.order.state, course.order.outcome, course.order.is_open) == (S.WITHDRAWN, "no_reply", False)
        assert course.order.pauses.get().to_at == course.order.ended_at

    def test_is_for_desk_and_holder(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast, S.TAKEN).do("ask", cast.second_member, question="？")


class TestPause:
    def test_names_reason_person_and_end(self, cast: Cast) -> None:
        order = an_order(cast, S.PAUSED)
        pause = order.pauses.get()
        assert (pause.kind, pause.reason, pause.by, pause.to_at) == ("paused", "parts", cast.dispatcher, None)
        assert (order.next_step, order.next_at) == ("resume", pause.until_at)

    def test_ends_by_itself_and_moves_the_deadline(self, cast: Cast) -> None:
        course = a_course(cast, S.PAUSED)
        due, since = course.order.due_at, course.order.stopped_at
        end = course.order.next_at
        assert due
        assert since
        assert end
        actions.tick(at=end)
        course.order.refresh_from_db()
        assert (course.order.state, course.order.stopped_at) == (S.JUDGED, None)
        assert course.order.due_at == clock.shifted_deadline(calendar(), due, since, end, "working")
        assert course.order.pauses.get().to_at == end

    def test_ends_earlier_by_hand(self, cast: Cast) -> None:
        course = a_course(cast, S.PAUSED).do("resume", cast.dispatcher)
        assert course.order.state == S.JUDGED
        with pytest.raises(Stale):
            course.do("resume", cast.dispatcher)

    def test_keeps_the_holder_at_work(self, cast: Cast) -> None:
        course = a_course(cast, S.UNDERWAY)
        course.do("pause", cast.member, reason="weather", until=course.at + timedelta(days=1))
        assert course.order.custody.get(to_at__isnull=True).person == cast.member
        course.do("resume", cast.member)
        assert (course.order.state, course.order.holder) == (S.UNDERWAY, cast.member)

    @pytest.mark.parametrize("days", [-1, 0, 91.5])
    def test_refuses_an_end_behind_or_too_far_ahead(self, cast: Cast, days: float) -> None:
        course = a_course(cast, S.JUDGED)
        with pytest.raises(BadTerm):
            course.do("pause", cast.dispatcher, reason="parts", until=course.at + STEP + timedelta(days=days))
        course.order.refresh_from_db()
        assert course.order.state == S.JUDGED

    def test_of_natural_time_moves_the_deadline_by_all_of_it(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN, urgency=2)
        due = course.order.due_at
        move_to(course, local(10, 20)).do("pause", cast.member, reason="parts", until=local(11, 20))
        move_to(course, local(11, 4)).do("resume", cast.member)
        assert due
        assert course.order.due_at == due + timedelta(hours=8)

    def test_before_a_second_round_does_not_lengthen_it(self, cast: Cast) -> None:
        """A reopened order is judged on its own limit: pauses of the round before are over and done."""
        course = a_course(cast, S.PAUSED)
        move_to(course, local(12, 10)).do("resume", cast.dispatcher)
        course.do("offer", cast.dispatcher, to=[cast.member]).do("accept", cast.member).handed_in()
        course.do("dissent", asker_of(course.order), reason="not_solved").judged()
        assert course.order.due_at == clock.deadline(calendar(), course.order.clock_from, 2, "day", "working")


class TestLedger:
    def test_has_reason_owner_and_a_day_to_look_again(self, cast: Cast) -> None:
        order = an_order(cast, S.LEDGERED)
        assert (order.reason, order.owner, order.next_step) == ("no_money", cast.dispatcher, "remind")
        assert order.next_at == order.pauses.get().until_at

    def test_reminds_its_owner_on_that_day_and_stays(self, cast: Cast) -> None:
        order = an_order(cast, S.LEDGERED)
        assert order.next_at
        actions.tick(at=order.next_at)
        order.refresh_from_db()
        assert order.state == S.LEDGERED
        assert Notice.objects.filter(kind="remind", person=cast.dispatcher).exists()
        assert order.next_at > order.pauses.get().until_at

    def test_goes_on_as_judged(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        course.do("ledger", cast.dispatcher, reason="no_money", until=course.at + timedelta(days=30))
        assert course.order.custody.get(to_at__isnull=True).person == cast.member
        course.do("take_up", cast.dispatcher)
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.holder, order.stopped_at) == (S.JUDGED, None, None)

    def test_may_follow_a_pause_without_a_gap(self, cast: Cast) -> None:
        course = a_course(cast, S.PAUSED)
        since = course.order.stopped_at
        course.do("ledger", cast.dispatcher, reason="no_money", until=course.at + timedelta(days=30))
        first, second = course.order.pauses.order_by("pk")
        assert (first.to_at, second.from_at, second.to_at) == (course.at, course.at, None)
        assert course.order.stopped_at == since

    def test_is_not_for_the_holder(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        with pytest.raises(NotAllowed):
            course.do("ledger", cast.member, reason="no_money", until=course.at + timedelta(days=3))


class TestExtend:
    """R049: the deadline moves only with a reason, once to half the limit, then by the street."""

    def test_moves_the_deadline_and_says_so(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        old, new = course.order.due_at, latest_extension(course.order)
        assert old
        course.do("extend", cast.dispatcher, reason="parts", until=new, text="配件明天到。")
        assert course.order.due_at == new
        line = course.order.extensions.get()
        assert (line.old_due_at, line.new_due_at, line.reason) == (old, new, "parts")
        assert Notice.objects.filter(kind="extend", asker_id=asker_of(course.order).pk).exists()
        assert course.order.next_at == new

    def test_goes_no_further_than_half_the_limit(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        limit = latest_extension(course.order)
        half = clock.net_minutes(calendar(), MORNING, course.order.due_at, "working") / 2  # type: ignore[arg-type]
        assert limit == clock.add_minutes(calendar(), course.order.due_at, half, "working")  # type: ignore[arg-type]
        with pytest.raises(BadTerm, match=f"{limit:%m月%d日 %H:%M}"):
            course.do("extend", cast.dispatcher, reason="parts", until=limit + timedelta(minutes=1), text="等。")

    def test_needs_the_street_the_second_time(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        until = latest_extension(course.order)
        course.do("extend", cast.dispatcher, reason="parts", until=until, text="等配件。")
        again = latest_extension(course.order)
        with pytest.raises(BadTerm, match="街道"):
            course.do("extend", cast.dispatcher, reason="parts", until=again, text="再等等。")
        course.do("extend", cast.liaison, reason="parts", until=again, text="街道同意。")
        assert course.order.due_at == again

    def test_starts_anew_with_a_new_round(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        course.do("extend", cast.dispatcher, reason="parts", until=latest_extension(course.order), text="等配件。")
        course.handed_in().do("dissent", asker_of(course.order), reason="not_solved").judged()
        until = latest_extension(course.order)
        assert course.do("extend", cast.dispatcher, reason="parts", until=until, text="等。").order.due_at == until

    def test_never_sets_a_deadline_that_is_past(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        assert course.order.due_at
        course.at += timedelta(days=30)
        with pytest.raises(BadTerm):
            course.do("extend", cast.dispatcher, reason="parts", until=course.at - timedelta(days=1), text="等。")

    def test_is_not_for_the_holder(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        with pytest.raises(NotAllowed):
            course.do("extend", cast.member, reason="parts", until=latest_extension(course.order), text="等。")
