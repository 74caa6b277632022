"""`sandan manage sms_standin`: says how to lead an installation to it, and listens until it is stopped."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from sandan.notices.channels import sms
from sandan.notices.channels.trouble import Trouble


class TestSmsStandin:
    def test_prints_the_settings_and_answers(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        out, answers = StringIO(), []

        class Meanwhile:
            """Where the command would wait for Ctrl-C."""

            def wait(self) -> None:
                said = dict(line.removeprefix("export SANDAN_").split("=", 1) for line in out.getvalue().splitlines())
                for name, value in said.items():
                    setattr(settings, name, value.strip("'"))
                answers.append(sms.send(key="1-1", phone="16400000001", text="三单"))
                raise KeyboardInterrupt

        monkeypatch.setattr("sandan.notices.management.commands.sms_standin.Event", Meanwhile)
        call_command("sms_standin", "--port", "0", stdout=out)
        assert answers == ["standin-1-1"]
        assert "16400000001" not in out.getvalue()

    def test_is_not_reached_over_an_open_line(self, settings: Any) -> None:
        """Only https, or this very machine: a number in clear never crosses a network."""
        for address in ("http://sms.example/x", "ftp://127.0.0.1/x", "http://127.0.0.1.example/x", ""):
            settings.SMS_URL = address
            with pytest.raises(Trouble, match="insecure_address"):
                sms.send(key="1-1", phone="16400000001", text=str(timezone.now()))
