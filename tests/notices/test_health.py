"""The line of `sandan check`: what lies, what did not arrive, which way is shut."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sandan.core import health
from sandan.notices.models import Delivery, Notice, State
from sandan.notices.queries.health import probe
from tests.factories.people import Cast
from tests.notices.kit import FakeBook, told, work


class TestProbe:
    def test_stands_in_the_check(self, db: None) -> None:
        assert [one.level for one in health.findings() if one.name == "通知"] == ["ok"]

    def test_says_which_ways_are_open(self, db: None, settings: Any) -> None:
        assert probe() == ("ok", "只有站内消息，没有积压")
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = "https://sms.example", "k", "s"
        settings.SMTP_URL = "smtp://mail.example"
        assert probe() == ("ok", "短信、邮件通着，没有积压")

    @pytest.mark.parametrize(("url", "key"), [("http://sms.example/x", "k"), ("https://sms.example/x", "")])
    def test_refuses_a_way_that_is_not_safe_or_not_whole(self, db: None, settings: Any, url: str, key: str) -> None:
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = url, key, "s"
        assert probe()[0] == "fail"

    def test_counts_what_lies_and_what_did_not_arrive(self, cast: Cast) -> None:
        now = timezone.now()
        told("code", 1, 2, 3, about=cast.unit, at=now - timedelta(minutes=30))
        assert "3 条该发没发" in probe()[1]
        work(FakeBook(), now)
        assert "3 条没有路可走" in probe()[1]
        Delivery.objects.update(error="timeout", state=State.GIVEN_UP, channel="sms")
        assert "3 条没送到" in probe()[1]
        Delivery.objects.update(state=State.WAITING, next_at=now - timedelta(minutes=11))
        assert "3 条该发没发" in probe()[1]
        Delivery.objects.update(state=State.SENT, next_at=None)
        assert probe()[0] == "ok"
        assert Notice.objects.count() == 3
