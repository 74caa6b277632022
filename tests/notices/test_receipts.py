"""The provider's receipts: signed, believed once, harmless when they come twice, late, or from a third hand."""

import json
from datetime import timedelta
from time import time
from typing import Any

import pytest
from django.test import Client

from sandan.notices.actions import Receipt, receive
from sandan.notices.channels.signing import SKEW
from sandan.notices.channels.standin import Manners, Provider
from sandan.notices.models import Delivery, State
from tests.factories.people import NOON, Cast, a_unit
from tests.notices.kit import FakeBook, phone_of, told, work

DOOR = "/notices/receipts/sms/"
LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def line(cast: Cast, provider: Provider) -> Delivery:
    """A message that the provider took."""
    told("finish", 7, about=cast.unit, at=NOON)
    work(FakeBook(), NOON)
    return Delivery.objects.get()


def post(provider: Provider, content: Any, head: dict[str, str] | None = None, at: float | None = None) -> Any:
    """A receipt at the door, signed by the provider unless `head` says otherwise."""
    body = content if isinstance(content, bytes) else json.dumps({"receipts": content}).encode()
    headers = provider.signed(body, at) if head is None else head
    return Client(enforce_csrf_checks=True).post(DOOR, body, content_type="application/json", headers=headers)


class TestReceive:
    def test_marks_what_arrived_and_what_did_not(self, line: Delivery) -> None:
        assert receive(receipts=[Receipt(line.key, False, "UNDELIV")], at=LATER) == 1
        line.refresh_from_db()
        assert (line.state, line.error, line.received_at) == ("failed", "UNDELIV", None)
        assert receive(receipts=[Receipt(line.key, True)], at=LATER) == 1  # the phone was on again
        line.refresh_from_db()
        assert (line.state, line.error, line.received_at) == ("received", "", LATER)

    def test_keeps_the_first_arrival(self, line: Delivery) -> None:
        assert receive(receipts=[Receipt(line.key, True), Receipt(line.key, False)], at=LATER) == 1
        for has_arrived in (True, False):
            assert receive(receipts=[Receipt(line.key, has_arrived)], at=LATER + timedelta(days=1)) == 0
        line.refresh_from_db()
        assert (line.state, line.received_at) == ("received", LATER)

    def test_may_be_faster_than_the_answer(self, line: Delivery) -> None:
        Delivery.objects.update(state=State.SENDING, sent_at=None, next_at=LATER)
        receive(receipts=[Receipt(line.key, True)], at=LATER)
        line.refresh_from_db()
        assert (line.state, line.next_at) == ("received", None)
        assert work(FakeBook(), LATER + timedelta(hours=1)) == 0

    @pytest.mark.parametrize("key", ["", "0", "x-1", "١-1", "9" * 40, "999999-1", "\0"])
    def test_leaves_strange_keys_alone(self, line: Delivery, key: str) -> None:
        assert receive(receipts=[Receipt(key, True)], at=LATER) == 0

    def test_is_not_fooled_by_an_id_that_was_given_out_before_a_restore(self, line: Delivery) -> None:
        assert receive(receipts=[Receipt(f"{line.pk}-1", True)], at=LATER) == 0


class TestDoor:
    def test_takes_a_signed_receipt_without_a_session(self, line: Delivery, provider: Provider) -> None:
        answer = post(provider, [{"key": line.key, "state": "delivered"}, {"key": "5-5", "state": "delivered"}])
        assert (answer.status_code, answer.json()) == (200, {"changed": 1})
        line.refresh_from_db()
        assert line.state == State.RECEIVED

    def test_is_shut_to_others(self, line: Delivery, provider: Provider, settings: Any) -> None:
        content = [{"key": line.key, "state": "delivered"}]
        body = json.dumps({"receipts": content}).encode()
        right = provider.signed(body)
        stale = provider.signed(body, time() - SKEW.total_seconds() - 60)
        wrong = [{}, right | {"X-Sandan-Signature": "é" * 64}, right | {"X-Sandan-Timestamp": "9" * 400}, stale]
        assert {post(provider, content, head).status_code for head in wrong} == {401}
        assert post(provider, body + b" ", right).status_code == 401
        settings.SMS_SECRET = provider.secret = ""
        assert post(provider, content).status_code == 401
        line.refresh_from_db()
        assert line.state == State.SENT

    def test_changes_nothing_when_the_same_request_comes_again(self, line: Delivery, provider: Provider) -> None:
        content = [{"key": line.key, "state": "failed", "code": "不在\0"}]
        head = provider.signed(json.dumps({"receipts": content}).encode())
        assert [post(provider, content, head).json() for _ in range(2)] == [{"changed": 1}, {"changed": 0}]

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"x", b'{"receipts": [1]}', b'{"receipts": [{"key": 1}]}'])
    def test_says_that_it_does_not_understand(self, line: Delivery, provider: Provider, body: bytes) -> None:
        assert post(provider, body).status_code == 400

    def test_passes_over_states_it_does_not_know(self, line: Delivery, provider: Provider) -> None:
        rows = [{"key": line.key, "state": "queued"}, {"key": line.key, "state": "delivered"}]
        assert post(provider, rows).json() == {"changed": 1}


class TestStandIn:
    @pytest.mark.django_db(transaction=True)
    def test_tells_twice_what_arrived_and_what_did_not(self, live_server: Any, provider: Provider) -> None:
        """The whole way over two real servers; the receipts come before the answer of the sending."""
        provider.manners = Manners(
            receipts=2, receipts_to=live_server.url + DOOR, arrives=lambda message: message["to"] != phone_of(2)
        )
        told("finish", 1, 2, about=a_unit(), at=NOON)
        work(FakeBook(), NOON)
        lines = {line.notice.asker_id: line for line in Delivery.objects.select_related("notice")}
        assert (lines[1].state, lines[2].state, lines[2].error) == ("received", "failed", "UNDELIV")
        assert lines[1].reference == f"standin-{lines[1].key}"

    def test_refuses_what_is_not_signed(self, cast: Cast, provider: Provider, settings: Any) -> None:
        settings.SMS_SECRET = "another"
        told("finish", 7, about=cast.unit, at=NOON)
        work(FakeBook(), NOON)
        assert (provider.unsigned, provider.taken) == (1, {})
        assert Delivery.objects.get().error == "http_401"
