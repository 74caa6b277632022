"""Logs, error pages and a developer's report hold nothing of a person, whatever breaks while his number is in hand."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from structlog.testing import capture_logs

from sandan.orders.views import resident_place
from tests.core.test_logs import hearing
from tests.factories.resident import Town, a_town, hand_in, point, say
from tests.privacy.planted import found

pytestmark = pytest.mark.django_db
PLANTED = {"phone": "16455510001", "name": "司空曙光", "code": "82734615", "words": "楼梯扶手断了一截"}


@pytest.fixture
def town() -> Town:
    return a_town()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third step breaks with everything in its hands: form, locals, the exception's own words."""

    def breaking(request: HttpRequest, key: Any, form: Any, writing: Any, now: Any) -> None:
        phone, name = form.cleaned_data["phone"], form.cleaned_data["name"]
        held = {"phone": phone, "names": [name], "text": writing.text}
        try:
            raise KeyError(phone)
        except KeyError as fault:
            raise ValueError(f"no luck with {name} {phone} {held}") from fault

    monkeypatch.setattr(resident_place, "_send", breaking)


def sent(client: Client) -> Any:
    """An order handed in to the step that breaks."""
    key, _answer = say(client, f"桐花苑1号楼{PLANTED['words']}")
    point(client, key)
    client.raise_request_exception = False
    return hand_in(client, key, phone=PLANTED["phone"], name=PLANTED["name"])


@pytest.mark.usefixtures("broken", "town")
class TestABrokenPage:
    """Issue 4, item 7: logs and error pages never hold contact and sealed fields."""

    def test_shows_nothing_of_who_sent_it(self, client: Client) -> None:
        answer = sent(client)
        assert answer.status_code == 500
        assert found(PLANTED, answer.content.decode()) == {}

    def test_logs_nothing_of_who_sent_it(self, client: Client) -> None:
        with hearing() as said, capture_logs() as caught:
            assert sent(client).status_code == 500
        assert next(line for line in caught if line["event"] == "fault")["kind"] == "builtins.ValueError"
        assert found(PLANTED, json.dumps(said, ensure_ascii=False) + repr(caught)) == {}

    def test_shows_a_developer_kinds_and_places_and_no_value(self, client: Client, settings: Any) -> None:
        """Django's debug data: what variables held, what was sent, what the exception quotes."""
        settings.DEBUG = True
        for accept in ("text/html", "text/plain"):
            client.defaults["HTTP_ACCEPT"] = accept
            answer = sent(client)
            text = answer.content.decode()
            assert answer.status_code == 500
            assert "ValueError" in text
            assert found(PLANTED, text) == {}, accept

    def test_leaves_nothing_in_the_session(self, client: Client) -> None:
        sent(client)
        held = "".join(json.dumps(row.get_decoded(), ensure_ascii=False) for row in Session.objects.all())
        assert found(PLANTED, held) == {}


class TestRefusals:
    def test_speak_of_no_contact(self, client: Client, town: Town) -> None:
        """A wrong code, a wrong phone: the answer says so and repeats neither in a log."""
        with hearing() as said, capture_logs() as caught:
            client.post("/follow/", {"way": "secret", "number": "0810-001", "secret": PLANTED["code"]})
            client.post("/follow/", {"way": "phone", "phone": PLANTED["phone"]})
            client.post("/login/", {"login": PLANTED["phone"], "password": "wrong-password"})
            client.get("/desk/find/", {"q": PLANTED["phone"]})
        assert found(PLANTED, json.dumps(said, ensure_ascii=False) + repr(caught)) == {}
