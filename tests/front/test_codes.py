"""Signing in by phone: six figures, five minutes, five tries; the same answers whoever's number it is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sandan.core.errors import Refused
from sandan.front import actions, limits
from sandan.front.actions import codes
from sandan.front.models import Account, LoginCode
from sandan.notices.channels import standin
from sandan.people.models import Person
from tests.front.conftest import NOON, PHONE

NOBODY = "16400990999"
DEVICE, OTHER = b"d" * 32, b"o" * 32
MINUTE = timedelta(minutes=1)


def ask(phone: str = PHONE, device: bytes = DEVICE, minutes: float = 0, *, is_known: bool = False) -> str:
    """The figures that were asked for."""
    at = NOON + minutes * MINUTE
    row = actions.ask_code(phone=phone, device=device, is_known=is_known, at=at)
    assert row.code is not None
    return row.code.open_unlogged()


def enter(code: str, phone: str = PHONE, device: bytes = DEVICE, minutes: float = 1) -> Person:
    return actions.enter_with_code(phone=phone, device=device, code=code, at=NOON + minutes * MINUTE)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


class TestAskCode:
    def test_keeps_a_digest_and_never_the_number(self, clerk: Person) -> None:
        code = ask()
        with connection.cursor() as cursor:
            cursor.execute("SELECT front_logincode::text FROM front_logincode")
            kept = cursor.fetchone()[0]
        for clear in (code, PHONE):
            assert clear not in kept
            assert clear.encode().hex() not in kept

    def test_stops_after_four_for_one_phone_whatever_the_device(self, clerk: Person) -> None:
        for turn in range(limits.CODES_OF_A_PHONE.most):
            ask(device=bytes([turn]) * 32)
        with pytest.raises(actions.TooManyCodes):
            ask(device=OTHER)

    def test_lets_a_known_device_in_whose_number_a_stranger_used_up(self, clerk: Person) -> None:
        for turn in range(limits.CODES_OF_A_PHONE.most):
            ask(device=bytes([turn]) * 32)
        assert enter(ask(is_known=True)) == clerk

    def test_stops_a_device_that_asks_for_many_phones(self, db: None) -> None:
        for turn in range(limits.CODES_OF_A_DEVICE.most):
            ask(phone=f"164009910{turn:02d}")
        with pytest.raises(actions.TooManyCodes):
            ask(phone=NOBODY)
        ask(phone=NOBODY, device=OTHER)


class TestEnterWithCode:
    def test_knows_the_person_of_the_phone_once(self, clerk: Person) -> None:
        code = ask()
        assert enter(code) == clerk
        with pytest.raises(actions.WrongCode):
            enter(code)

    def test_refuses_after_five_minutes(self, clerk: Person) -> None:
        code = ask()
        with pytest.raises(actions.WrongCode):
            enter(code, minutes=5.1)

    def test_refuses_on_another_device(self, clerk: Person) -> None:
        code = ask()
        with pytest.raises(actions.WrongCode):
            enter(code, device=OTHER)

    def test_refuses_the_right_one_after_five_wrong_ones(self, clerk: Person) -> None:
        code = ask()
        for _turn in range(limits.CODE_TRIES):
            with pytest.raises(actions.WrongCode):
                enter(another(code))
        with pytest.raises(actions.WrongCode):
            enter(code)

    def test_refuses_an_older_one_once_a_newer_was_asked_for(self, clerk: Person) -> None:
        first, second = ask(), ask()
        if first != second:
            with pytest.raises(actions.WrongCode):
                enter(first)
        assert enter(second) == clerk

    def test_says_the_same_of_a_number_that_is_nobodys_a_lock_and_a_wrong_code(self, clerk: Person) -> None:
        """R106: the error text does not tell whether a login exists."""
        right, wrong = ask(), ask(phone=NOBODY)
        Account.objects.create(person=clerk, locked_at=NOON)
        said = set()
        for code, phone in ((another(wrong), NOBODY), (wrong, NOBODY), (right, PHONE)):
            with pytest.raises(Refused) as refusal:
                enter(code, phone=phone)
            said.add(str(refusal.value))
        assert len(said) == 1


class TestSendCodes:
    @pytest.fixture
    def provider(self, settings: Any) -> Any:
        found = standin.Provider()
        settings.SMS_URL = found.start()
        settings.SMS_KEY, settings.SMS_SECRET = found.key, found.secret
        yield found
        found.stop()

    def test_goes_out_signed_to_who_is_one_of_ours_and_to_nobody_else(self, clerk: Person, provider: Any) -> None:
        code = ask()
        ask(phone=NOBODY)
        assert actions.send_codes(at=NOON + MINUTE) == 1
        (message,) = provider.taken.values()
        assert message["to"] == PHONE
        assert code in message["text"]
        assert provider.unsigned == 0
        assert not LoginCode.objects.exclude(code=None).exists()
        assert actions.send_codes(at=NOON + MINUTE) == 0

    def test_does_not_send_what_is_too_old(self, clerk: Person, provider: Any) -> None:
        ask()
        assert actions.send_codes(at=NOON + 6 * MINUTE) == 0

    def test_tries_again_where_the_way_was_closed(self, clerk: Person, provider: Any) -> None:
        provider.manners.status = lambda _message, nth: 503 if nth == 1 else 200
        ask()
        assert actions.send_codes(at=NOON + MINUTE) == 1

    def test_forgets_rows_of_yesterday(self, clerk: Person) -> None:
        ask()
        actions.send_codes(at=NOON + timedelta(days=1, minutes=1))
        assert LoginCode.objects.count() == 0

    def test_sends_nothing_in_a_demo(self, clerk: Person, settings: Any) -> None:
        settings.DEMO = True
        ask()
        assert codes.send_codes(at=NOON) == 0


class TestPages:
    """A member signs in by phone: two pages, big figures."""

    @pytest.fixture(autouse=True)
    def stage(self, settings: Any, db: None) -> None:
        settings.DEMO = True
        settings.SECRET_KEY = "a key for tests alone, fifty letters long, no more"

    def shown(self, client: Client) -> str:
        html = client.get("/login/code/type/").content.decode()
        found = re.search(r"验证码是 (\d{6})", html)
        return found.group(1) if found else ""

    def test_lead_in_and_on_to_the_page_that_was_asked_for(self, client: Client, clerk: Person) -> None:
        client.post("/login/code/", {"phone": "164 0099 0121", "next": "/help/"})
        answer = client.post("/login/code/type/", {"code": self.shown(client)})
        assert answer["Location"] == "/help/"
        assert client.get("/start/").status_code == 302

    def test_are_alike_for_a_number_that_is_nobodys(self, clerk: Person) -> None:
        """The same page, the same statements: who tries numbers learns nothing."""
        seen = []
        for phone in (PHONE, NOBODY):
            client = Client()
            client.get("/login/code/")
            with CaptureQueriesContext(connection) as statements:
                asked = client.post("/login/code/", {"phone": phone})
                typed = client.post("/login/code/type/", {"code": "000000"})
            said = [re.split(r"WHERE|VALUES|SET|SAVEPOINT|\(", one["sql"])[0] for one in statements]
            html = re.sub(
                rf"{phone}|{phone[-4:]}|\d{{6}}|value=\"[A-Za-z0-9]{{40,}}\"|T[\d:.+]+", "?", typed.content.decode()
            )
            seen.append((asked.status_code, typed.status_code, asked["Location"], said, html))
        assert seen[0] == seen[1]

    def test_keep_the_number_under_seal_in_the_session(self, client: Client, clerk: Person) -> None:
        client.post("/login/code/", {"phone": PHONE})
        assert PHONE not in repr(dict(client.session))

    def test_are_not_there_where_no_message_leaves(self, client: Client, settings: Any) -> None:
        settings.DEMO = False
        assert client.get("/login/code/").status_code == 404
        assert "手机验证码" not in client.get("/login/").content.decode()

    def test_say_what_is_wrong_with_a_number(self, client: Client) -> None:
        answer = client.post("/login/code/", {"phone": "164"})
        assert answer.status_code == 422
        assert "少了 8 位" in answer.content.decode()

    def test_limit_is_said_on_the_page(self, client: Client, clerk: Person) -> None:
        for _turn in range(limits.CODES_OF_A_PHONE.most):
            client.post("/login/code/", {"phone": PHONE})
        answer = client.post("/login/code/", {"phone": PHONE})
        assert answer.status_code == 422
        assert "取得太多了" in answer.content.decode()

    def test_leave_a_session_that_lasts_for_weeks_to_a_member_alone(self, client: Client, clerk: Person) -> None:
        client.post("/login/code/", {"phone": PHONE})
        client.post("/login/code/type/", {"code": self.shown(client)})
        assert client.session.get_expiry_age() <= 12 * 3600
        clerk.posts.update(role="member")
        client.post("/logout/")
        client.post("/login/code/", {"phone": PHONE})
        client.post("/login/code/type/", {"code": self.shown(client)})
        assert client.session.get_expiry_date() > timezone.now() + timedelta(days=29)
