"""What `sandan check` says of signing in: which ways will not work here, and why."""

from typing import Any

import pytest

from sandan.core.checks import safe_to_serve


def ids(settings: Any, **values: Any) -> set[str]:
    for name, value in values.items():
        setattr(settings, name, value)
    return {str(message.id) for message in safe_to_serve()}


class TestSafeToServe:
    def test_names_what_is_missing_without_https_and_without_short_messages(self, settings: Any) -> None:
        plain = ids(settings, HTTPS=False, SMS_URL="", SECOND_FACTOR="required")
        assert plain >= {"sandan.W003", "sandan.W004"}
        whole = ids(settings, HTTPS=True, SMS_URL="https://sms.example/", SMS_KEY="k", SMS_SECRET="s")
        assert not whole & {"sandan.W002", "sandan.W003", "sandan.W004"}

    @pytest.mark.parametrize(
        ("value", "told"), [("offered", {"sandan.W002"}), ("maybe", {"sandan.E011"}), ("required", set())]
    )
    def test_says_when_desks_need_no_second_factor(self, settings: Any, value: str, told: set[str]) -> None:
        assert ids(settings, SECOND_FACTOR=value) & {"sandan.W002", "sandan.E011"} == told

    def test_refuses_a_directory_that_anybody_could_feign(self, settings: Any) -> None:
        assert "sandan.E012" in ids(settings, OUTSIDE=("oidc",), OIDC_URL="http://id.example/")
        assert "sandan.E012" not in ids(settings, OUTSIDE=("oidc",), OIDC_URL="https://id.example/")
