"""Quiet hours: news waits for the morning, codes and pages do not, and what piled up is one message."""

from datetime import datetime, timedelta

import pytest

from sandan.notices import kinds
from sandan.notices.actions import choose, tell
from sandan.notices.actions.planning import plan
from sandan.notices.channels.standin import Manners, Provider
from sandan.notices.kinds import KINDS, Lane
from sandan.notices.models import Delivery, State
from tests.factories.people import NOON, Cast
from tests.notices.kit import NUMBER, FakeBook, phone_of, told, work

NIGHT = NOON + timedelta(hours=10)  # 22:00 of a Monday in Shanghai


class TestQuietHours:
    @pytest.mark.parametrize(
        ("told_iso", "goes_iso"),
        [
            ("2026-08-10T20:59+08:00", "2026-08-10T20:59+08:00"),
            ("2026-08-10T21:00+08:00", "2026-08-11T08:00+08:00"),
            ("2026-08-11T00:01+08:00", "2026-08-11T08:00+08:00"),
            ("2026-08-11T07:59+08:00", "2026-08-11T08:00+08:00"),
            ("2026-08-15T23:30+08:00", "2026-08-16T08:00+08:00"),  # a Saturday night
            ("2026-08-16T10:00+08:00", "2026-08-16T10:00+08:00"),  # Sunday: news of one's own order is welcome
            ("2026-08-16T22:00+08:00", "2026-08-17T08:00+08:00"),
            ("2026-12-31T23:00+08:00", "2027-01-01T08:00+08:00"),
        ],
    )
    def test_let_news_wait_for_the_morning(self, cast: Cast, provider: Provider, told_iso: str, goes_iso: str) -> None:
        told_at, goes_at = datetime.fromisoformat(told_iso), datetime.fromisoformat(goes_iso)
        told("finish", 7, about=cast.unit, at=told_at)
        work(FakeBook(), told_at)
        if goes_at > told_at:
            assert Delivery.objects.get().next_at == goes_at
            assert work(FakeBook(), goes_at - timedelta(seconds=1)) == 0
            assert provider.taken == {}
        work(FakeBook(), goes_at)
        assert Delivery.objects.get().state == State.SENT

    def test_hold_for_the_next_try_as_well(self, cast: Cast, provider: Provider) -> None:
        provider.manners = Manners(status=lambda _message, _nth: 503)
        evening = datetime.fromisoformat("2026-08-10T20:59:50+08:00")
        told("finish", 7, about=cast.unit, at=evening)
        work(FakeBook(), evening)
        assert Delivery.objects.get().next_at == datetime.fromisoformat("2026-08-11T08:00+08:00")

    def test_hold_for_a_line_whose_worker_was_killed_in_the_evening(self, cast: Cast, provider: Provider) -> None:
        told("finish", 7, about=cast.unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        Delivery.objects.update(state=State.SENDING, tries=1, next_at=NIGHT - timedelta(minutes=59))
        assert work(FakeBook(), NIGHT) == 0
        assert work(FakeBook(), NIGHT + timedelta(hours=10)) == 1

    def test_are_nothing_to_a_code(self, cast: Cast, provider: Provider) -> None:
        told("code", 7, about=cast.unit, at=NIGHT)
        work(FakeBook(), NIGHT)
        assert [message["text"] for message in provider.taken.values()] == ["验证码135790，5分钟内用。不要告诉别人。"]

    def test_are_nothing_to_a_page(self, cast: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
        """R139: 突发 wakes who is on duty, also somebody who switched messages off."""
        monkeypatch.setitem(KINDS, "wake", kinds.Kind("%(number)s 突发，请应一声。", ("sms",), lane=Lane.PAGE))
        cast.liaison.phone = "16400009999"
        cast.liaison.save()
        choose(by=cast.liaison, takes_sms=False, takes_email=False, email="", at=NOON)
        tell(cast.unit, "wake", persons=[cast.liaison], at=NIGHT, number=NUMBER)
        work(FakeBook(), NIGHT)
        assert [message["to"] for message in provider.taken.values()] == ["16400009999"]

    def test_end_with_the_newest_news_alone(self, cast: Cast, provider: Provider) -> None:
        """What piled up over night is one message in the morning."""
        for minutes, kind in enumerate(("grab", "finish", "close")):
            told(kind, 7, 8, about=cast.unit, at=NIGHT + timedelta(minutes=minutes))
            work(FakeBook(), NIGHT + timedelta(minutes=minutes))
        work(FakeBook(), NIGHT + timedelta(hours=10))
        assert sorted(message["to"] for message in provider.taken.values()) == [phone_of(7), phone_of(8)]
        assert all("办结" in message["text"] for message in provider.taken.values())
        assert Delivery.objects.filter(state=State.REPLACED).count() == 4
