"""front.actions: who signs in, and how long the others wait."""

from datetime import timedelta

import pytest

from sandan.core.errors import Refused
from sandan.front import actions
from sandan.front.models import LoginFailure
from sandan.people.models import Person
from tests.front.conftest import NOON, PASSWORD, PHONE

MINUTE = timedelta(minutes=1)


def attempt(typed: str, password: str, *, source: str = "10.0.0.1", minutes: float = 0) -> Person | None:
    return actions.attempt(typed=typed, password=password, source=source, at=NOON + minutes * MINUTE)


class TestAttempt:
    def test_knows_a_login_name_and_a_work_phone(self, clerk: Person) -> None:
        assert attempt("zhoumin", PASSWORD) == clerk
        assert attempt(PHONE, PASSWORD) == clerk

    def test_answers_nothing_to_a_wrong_password(self, clerk: Person) -> None:
        assert attempt("zhoumin", "wrong") is None

    def test_answers_nothing_to_somebody_who_left(self, clerk: Person) -> None:
        Person.objects.update(is_active=False)
        assert attempt("zhoumin", PASSWORD) is None

    def test_locks_the_account_after_five_wrong_ones_even_for_the_right_one(self, clerk: Person) -> None:
        for i in range(5):
            assert attempt("zhoumin", "wrong", minutes=i) is None
        with pytest.raises(Refused, match="10 分钟"):
            attempt("zhoumin", PASSWORD, source="10.0.0.2", minutes=5)
        with pytest.raises(Refused):
            attempt(PHONE, PASSWORD, minutes=5)

    def test_opens_again_after_ten_minutes(self, clerk: Person) -> None:
        for _ in range(5):
            attempt("zhoumin", "wrong")
        assert attempt("zhoumin", PASSWORD, minutes=10.1) == clerk

    def test_forgets_the_wrong_ones_after_a_right_one(self, clerk: Person) -> None:
        for _ in range(4):
            attempt("zhoumin", "wrong")
        assert attempt("zhoumin", PASSWORD) == clerk
        assert LoginFailure.objects.count() == 0

    def test_treats_an_account_that_does_not_exist_alike(self, db: None) -> None:
        for _ in range(5):
            assert attempt("nobody", "wrong") is None
        with pytest.raises(Refused, match="10 分钟"):
            attempt("nobody", "wrong")

    def test_slows_one_source_that_tries_many_accounts(self, clerk: Person) -> None:
        for i in range(actions.CALM_PER_SOURCE):
            attempt(f"guess{i}", "wrong")
        with pytest.raises(Refused, match="等 2 秒"):
            attempt("zhoumin", PASSWORD, minutes=0.5 / 60)
        assert attempt("zhoumin", PASSWORD, source="10.0.0.9", minutes=0.5 / 60) == clerk
        assert attempt("zhoumin", PASSWORD, minutes=3 / 60) == clerk

    def test_keeps_neither_name_nor_address(self, clerk: Person) -> None:
        attempt("nobody", "wrong")
        row = LoginFailure.objects.get()
        assert b"nobody" not in bytes(row.account) + bytes(row.source)
        assert b"10.0.0.1" not in bytes(row.account) + bytes(row.source)

    def test_throws_yesterday_s_away(self, clerk: Person) -> None:
        attempt("nobody", "wrong", minutes=-25 * 60)
        attempt("other", "wrong")
        assert LoginFailure.objects.count() == 1
