"""notices.actions.sending: what is due goes out once, what cannot go is given up in sight, nothing bars the way."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from sandan.notices.actions import choose, tell
from sandan.notices.actions.books import Contact
from sandan.notices.actions.delivering import run
from sandan.notices.actions.planning import plan
from sandan.notices.actions.sending import LEASE, MOST_TRIES, _claim, _Outcome, _settle, asker_text, send_due
from sandan.notices.channels.standin import Manners, Provider
from sandan.notices.channels.trouble import Trouble
from sandan.notices.kinds import KINDS, Lane
from sandan.notices.models import Delivery, State
from sandan.notices.queries.ledger import ways_out
from tests.factories.people import NOON, Cast
from tests.notices.kit import LANES, NUMBER, FakeBook, phone_of, told, until_ended, work


class TestSendDue:
    def test_takes_a_notice_to_the_phone(self, cast: Cast, provider: Provider) -> None:
        told("finish", 7, about=cast.unit, at=NOON)
        assert work(FakeBook(), NOON) == 1
        line = Delivery.objects.get()
        assert (line.state, line.channel, line.tries, line.reference) == ("sent", "sms", 1, f"standin-{line.key}")
        [message] = provider.taken.values()
        assert message["to"] == phone_of(7)
        assert message["text"] == "0810-048号单办好了，请您看看，说一声解决没有。"
        assert message["sign"] == "三单"

    def test_tries_again_later_and_later(self, cast: Cast, provider: Provider) -> None:
        provider.manners = Manners(status=lambda _message, nth: 503 if nth <= 3 else 200)
        told("finish", 7, about=cast.unit, at=NOON)
        at, waits = NOON, []
        for _ in range(3):
            work(FakeBook(), at)
            line = Delivery.objects.get()
            assert (line.state, line.error) == ("waiting", "http_503")
            assert line.next_at
            waits.append((line.next_at - at).total_seconds())
            assert work(FakeBook(), line.next_at - timedelta(seconds=1)) == 0
            at = line.next_at
        assert all(0.5 <= wait / base <= 1.5 for wait, base in zip(waits, (60, 120, 240), strict=True))
        work(FakeBook(), at)
        assert Delivery.objects.get().state == State.SENT
        assert len(provider.taken) == 1

    @pytest.mark.parametrize("status", [400, 422])
    def test_gives_up_at_once_what_the_provider_refuses_for_good(
        self, cast: Cast, provider: Provider, status: int
    ) -> None:
        provider.manners = Manners(status=lambda _message, _nth: status)
        told("finish", 7, about=cast.unit, at=NOON)
        work(FakeBook(), NOON)
        line = Delivery.objects.get()
        assert (line.state, line.error, line.next_at) == ("given_up", f"http_{status}", None)

    def test_gives_up_after_the_last_try(self, cast: Cast, provider: Provider) -> None:
        provider.manners = Manners(status=lambda _message, _nth: 503)
        told("finish", 7, about=cast.unit, at=NOON - timedelta(hours=3))
        until_ended(FakeBook(), NOON - timedelta(hours=3))
        line = Delivery.objects.get()
        assert (line.state, line.tries, line.error) == ("given_up", MOST_TRIES, "http_503")

    def test_lets_one_poisoned_message_block_nobody(self, cast: Cast, provider: Provider) -> None:
        """Writing breaks, the provider says 400: the others of the same batch go out."""
        bad = phone_of(3)
        provider.manners = Manners(status=lambda message, _nth: 400 if message["to"] == bad else 200)
        told("finish", *range(1, 9), about=cast.unit, at=NOON)
        work(FakeBook(poisoned=(5,)), NOON)
        lines = {line.notice.asker_id: (line.state, line.error) for line in Delivery.objects.select_related("notice")}
        assert lines[5] == ("given_up", "writing")
        assert lines[3] == ("given_up", "http_400")
        assert {lines[n] for n in (1, 2, 4, 6, 7, 8)} == {("sent", "")}

    def test_gives_up_what_ended_its_worker_every_time(self, cast: Cast, provider: Provider) -> None:
        told("finish", 7, about=cast.unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        Delivery.objects.update(state=State.SENDING, tries=MOST_TRIES, next_at=NOON)
        work(FakeBook(), NOON)
        assert (Delivery.objects.get().error, provider.taken) == ("tries", {})

    def test_does_not_send_what_is_too_late(self, cast: Cast, provider: Provider) -> None:
        [code] = told("code", 7, about=cast.unit, at=NOON)
        book = FakeBook()
        work(book, NOON + timedelta(minutes=5, seconds=1))
        assert (Delivery.objects.get().error, provider.taken, book.finished) == ("too_late", {}, [code.pk])

    def test_sends_urgent_lanes_first(self, cast: Cast, provider: Provider) -> None:
        told("finish", *range(1, 31), about=cast.unit, at=NOON)
        told("code", 99, about=cast.unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        send_due(book=FakeBook(), lanes=LANES, at=NOON)
        assert phone_of(99) in {message["to"] for message in provider.taken.values()}
        assert Delivery.objects.get(lane=Lane.CODE).state == State.SENT


class TestLease:
    def test_keeps_a_line_from_others_until_it_ends(self, cast: Cast, provider: Provider) -> None:
        """A worker was killed with the message in hand: another takes it after the lease."""
        told("finish", 7, about=cast.unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        Delivery.objects.update(state=State.SENDING, tries=1, next_at=NOON + LEASE)
        assert work(FakeBook(), NOON + LEASE - timedelta(seconds=1)) == 0
        assert work(FakeBook(), NOON + LEASE) == 1
        assert (Delivery.objects.get().state, Delivery.objects.get().tries) == ("sent", 2)

    def test_sends_once_where_the_answer_was_lost(self, cast: Cast, provider: Provider) -> None:
        """Crash or cut line between sending and settling: the same key again, and the provider sends no second one."""
        provider.manners = Manners(loses_answer=lambda _message, nth: nth == 1)
        told("finish", 7, about=cast.unit, at=NOON)
        work(FakeBook(), NOON)
        assert Delivery.objects.get().state == State.WAITING
        work(FakeBook(), NOON + timedelta(minutes=5))
        assert Delivery.objects.get().state == State.SENT
        assert (list(provider.tries.values()), len(provider.taken)) == ([2], 1)

    def test_who_comes_back_late_settles_nothing(self, cast: Cast, provider: Provider) -> None:
        """While the network keeps the first worker, his lease ends and a second one takes the line over."""
        told("finish", 7, about=cast.unit, at=NOON)
        plan(book=FakeBook(), at=NOON)
        [line] = _claim(LANES, NOON)
        _claim(LANES, NOON + LEASE)
        _settle(line, _Outcome(trouble=Trouble("http_422", is_final=True)), FakeBook(), NOON + LEASE)
        assert (Delivery.objects.get().state, Delivery.objects.get().tries) == ("sending", 2)


class TestStaff:
    def test_hear_by_phone_and_mail_as_they_chose(self, cast: Cast, provider: Provider, settings: Any) -> None:
        settings.SMTP_URL = "smtp://mail.example"
        cast.liaison.phone = "16400008888"
        cast.liaison.save()
        choose(by=cast.liaison, takes_sms=True, takes_email=True, email="b@example.org", at=NOON)
        for kind in ("offer", "escalate", "miss"):
            tell(cast.unit, kind, persons=[cast.liaison], at=NOON, number=NUMBER)
        work(FakeBook(), NOON)
        assert [message["text"] for message in provider.taken.values()] == ["0810-048 派给您了，接不接请答一声。"]
        assert [(one.to, one.body) for one in mail.outbox] == [(["b@example.org"], "0810-048 报上来了，请接着管。")]
        choose(by=cast.liaison, takes_sms=False, takes_email=False, email="b@example.org", at=NOON)
        for kind in ("offer", "escalate"):
            tell(cast.unit, kind, persons=[cast.liaison], at=NOON, number=NUMBER)
        work(FakeBook(), NOON)
        assert (len(provider.taken), len(mail.outbox)) == (1, 1)

    @pytest.mark.parametrize(
        ("error", "state", "code"),
        [
            (smtplib.SMTPRecipientsRefused({"b@example.org": (550, b"no such user")}), "given_up", "smtp_refused"),
            (smtplib.SMTPRecipientsRefused({"b@example.org": (451, b"later")}), "waiting", "smtp_refused"),
            (smtplib.SMTPAuthenticationError(535, b"no"), "waiting", "smtp_login"),
            (smtplib.SMTPDataError(554, b"no"), "given_up", "smtp_554"),
            (smtplib.SMTPServerDisconnected("gone"), "waiting", "unsure"),
            (TimeoutError(), "waiting", "unsure"),
        ],
    )
    def test_are_tried_again_where_the_mail_server_is_at_fault(
        self, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, code: str
    ) -> None:
        settings.SMTP_URL = "smtp://mail.example"

        def broken(*_args: object) -> int:
            raise error

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
        choose(by=cast.liaison, takes_sms=True, takes_email=True, email="b@example.org", at=NOON)
        tell(cast.unit, "escalate", persons=[cast.liaison], at=NOON, number=NUMBER)
        work(FakeBook(), NOON)
        assert (Delivery.objects.get().state, Delivery.objects.get().error) == (state, code)


class TestMailNobodyKnowsOf:
    """A mail server knows no key: what may have gone out is tried once more, no third time; the ledger says so."""

    @pytest.fixture
    def line(self, cast: Cast, settings: Any) -> Delivery:
        settings.SMTP_URL = "smtp://mail.example"
        choose(by=cast.liaison, takes_sms=True, takes_email=True, email="b@example.org", at=NOON)
        tell(cast.unit, "escalate", persons=[cast.liaison], at=NOON, number=NUMBER)
        plan(book=FakeBook(), at=NOON)
        return Delivery.objects.get()

    def test_a_worker_that_died_with_it_in_hand_is_followed_by_one_try(self, line: Delivery) -> None:
        """Twice killed between claim and settling: the second time nobody sends it again."""
        _claim(LANES, NOON)
        [again] = _claim(LANES, NOON + LEASE)
        assert (again.error, again.tries, again.key) == ("unsure", 2, line.key)
        assert _claim(LANES, NOON + 2 * LEASE) == []
        line.refresh_from_db()
        assert (line.state, line.error, line.next_at) == ("given_up", "unsure", None)
        assert ways_out(line.notice) == ("邮件不确定发出没有，不再重发",)

    def test_the_second_try_bears_the_same_message_id(self, line: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        """The server took it and the line broke before it said so; a mail server drops the double."""
        sent: list[str] = []

        def take(_backend: object, messages: list[mail.EmailMessage]) -> int:
            sent.extend(message.extra_headers["Message-ID"] for message in messages)
            if len(sent) < 2:
                raise smtplib.SMTPServerDisconnected("gone")
            return 1

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", take)
        work(FakeBook(), NOON)
        line.refresh_from_db()
        assert (line.state, line.error) == ("waiting", "unsure")
        assert "不确定发出没有" in ways_out(line.notice)[0]
        work(FakeBook(), NOON + timedelta(minutes=5))
        line.refresh_from_db()
        assert line.state == State.SENT
        assert sent == [f"<{line.key}@localhost>"] * 2

    def test_a_server_that_breaks_twice_is_left_alone(self, line: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object) -> int:
            raise smtplib.SMTPServerDisconnected("gone")

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
        until_ended(FakeBook(), NOON)
        line.refresh_from_db()
        assert (line.state, line.error, line.tries) == ("given_up", "unsure", 2)

    def test_what_never_reached_the_server_is_tried_on(self, line: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(*_args: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refused)
        for minutes in (0, 5, 30):
            work(FakeBook(), NOON + timedelta(minutes=minutes))
        line.refresh_from_db()
        assert (line.state, line.error, line.tries) == ("waiting", "no_connection", 3)


class TestTexts:
    @pytest.mark.parametrize("kind", sorted(kind for kind, row in KINDS.items() if row.asker))
    def test_to_askers_fit_into_one_message(self, kind: str, settings: Any) -> None:
        """With the longest surname, a serial of four figures, the sign and a link: 70 characters."""
        settings.PUBLIC_URL = "https://sandan.qh.gov.cn"
        contact = Contact("16400000000", {"who": "欧阳师傅", "code": "135790", "number": "0810-1048"})
        assert len("【三单】" + asker_text(kind, contact, NUMBER)) <= 70

    def test_lead_to_the_page(self, settings: Any) -> None:
        settings.PUBLIC_URL = "https://sandan.qh.gov.cn"
        assert asker_text("finish", Contact("1"), NUMBER).endswith(" https://sandan.qh.gov.cn/f/")
        assert "http" not in asker_text("code", Contact("1", {"code": "1"}), NUMBER)


class TestRun:
    def test_plans_and_sends_until_nothing_is_due(self, cast: Cast, provider: Provider) -> None:
        told("finish", *range(1, 26), about=cast.unit, at=NOON)
        assert run(book=FakeBook(), lanes=LANES, clock=lambda: NOON) == 25
        assert Delivery.objects.filter(state=State.SENT).count() == 25
