"""What the clock does by itself, and that one broken order stops nobody else's clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sandan.core import journal
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions import ticking
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, ZONE, an_order, asker_of
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=kind, person__isnull=False).values_list("person_id", flat=True))


def ring(order: Order) -> Order:
    """The clock rings; the order as it stands then."""
    assert order.next_at
    assert actions.tick(at=order.next_at) == 1
    order.refresh_from_db()
    return order


class TestTick:
    def test_does_nothing_before_its_time(self, cast: Cast) -> None:
        order = an_order(cast)
        assert order.next_at
        assert actions.tick(at=order.next_at - timedelta(seconds=1)) == 0

    def test_reminds_the_desk_of_what_nobody_has_judged(self, cast: Cast) -> None:
        """R038: every message gets an answer; the desk first, then the street."""
        order = ring(an_order(cast))
        assert told("remind") == {cast.dispatcher.pk}
        assert order.next_at == order.due_at
        order = ring(order)
        assert order.state == S.RECEIVED
        order = ring(order)
        assert told("remind") == {cast.dispatcher.pk, cast.liaison.pk}

    def test_speaks_of_an_overdue_order_every_working_day(self, cast: Cast) -> None:
        """R042: each state has an escalation."""
        order = an_order(cast, S.TAKEN)
        order = ring(order)
        assert told("overdue") == {cast.member.pk, cast.dispatcher.pk, cast.liaison.pk}
        days = []
        for _ in range(5):
            assert order.next_at
            days.append(order.next_at.astimezone(ZONE).date().isoformat())
            order = ring(order)
        assert days == ["2026-08-13", "2026-08-14", "2026-08-17", "2026-08-18", "2026-08-19"]

    def test_asks_for_the_word_until_it_comes(self, cast: Cast) -> None:
        order = ring(ring(an_order(cast, S.SERVED)))
        assert Notice.objects.filter(kind="nudge", asker_id=asker_of(order).pk).count() == 2
        assert order.state == S.SERVED

    def test_does_not_trouble_the_asker_who_has_spoken(self, cast: Cast) -> None:
        order = ring(an_order(cast, S.REVIEWED))
        assert not Notice.objects.filter(kind="nudge", asker_id__isnull=False).exists()
        assert told("nudge") == {order.owner_id}

    def test_writes_its_lines_as_the_clock(self, cast: Cast) -> None:
        order = ring(an_order(cast, S.OPEN))
        line = journal.lines_of(order).get(verb="lapse")
        assert (line.actor, line.actor_id) == ("clock", None)

    def test_catches_up_after_weeks_of_standing_still(self, cast: Cast) -> None:
        for state in (S.OPEN, S.OFFERED, S.ASKED, S.PAUSED, S.LEDGERED, S.SERVED, S.TAKEN, S.RECEIVED):
            an_order(cast, state)
        later = MORNING + timedelta(weeks=6)
        actions.tick(at=later)
        assert not Order.objects.filter(is_open=True, next_at__lte=later).exists()
        assert actions.tick(at=later) == 0

    def test_stops_at_the_most(self, cast: Cast) -> None:
        for _ in range(3):
            an_order(cast, S.OPEN)
        assert actions.tick(at=MORNING + timedelta(hours=2), most=2) == 2

    def test_goes_on_past_an_order_that_cannot(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, whole = an_order(cast, S.OPEN), an_order(cast, S.OPEN, at=MORNING + timedelta(minutes=1))
        lapse = ticking.STEPS["lapse"]

        def breaks(order: Order, at: datetime) -> Any:
            lapse(order, at)
            if order.pk == broken.pk:
                raise RuntimeError("a fault in our own code")

        monkeypatch.setitem(ticking.STEPS, "lapse", breaks)
        assert actions.tick(at=MORNING + timedelta(hours=2)) == 2
        broken.refresh_from_db()
        whole.refresh_from_db()
        assert (broken.state, whole.state) == (S.OPEN, S.JUDGED)
        assert broken.next_at
        assert broken.next_at > MORNING + timedelta(hours=2)
        assert "step lapse failed" in caplog.text

    def test_does_a_step_that_failed_once_when_it_tries_again(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R042: a fault that passes must not take a window, an offer or a pause its end."""
        order = an_order(cast, S.PAUSED)
        assert order.next_at
        with monkeypatch.context() as patch:
            patch.setitem(ticking.STEPS, "resume", lambda _order, _at: 1 / 0)
            order = ring(order)
        assert (order.state, order.next_step) == (S.PAUSED, "resume")
        assert ring(order).state != S.PAUSED
