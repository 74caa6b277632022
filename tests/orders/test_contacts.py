"""orders.actions.contacts: what askers hear by phone, from the order to the provider, and what nobody else may read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from structlog.testing import capture_logs

from sandan.core.models import Entry
from sandan.notices.actions.delivering import run
from sandan.notices.channels.standin import Provider
from sandan.notices.kinds import Lane
from sandan.notices.models import Delivery, Notice
from sandan.orders import actions, tasks
from sandan.orders.actions import contacts, following
from sandan.orders.models import Asker, Order, PhoneCode
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, a_course, an_order, asker_of
from tests.factories.people import Cast
from tests.factories.people import cast as the_cast

LANES = (Lane.PAGE, Lane.CODE, Lane.PROGRESS)
PHONE = "16400001234"
EVENING = MORNING + timedelta(hours=12)  # after nine


@pytest.fixture
def cast(db: None) -> Cast:
    return the_cast()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    standin = Provider()
    settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = standin.start(), standin.key, standin.secret
    settings.PUBLIC_URL = ""
    yield standin
    standin.stop()


def work(at: Any) -> None:
    run(book=contacts.Book(), lanes=LANES, clock=lambda: at)


def texts(provider: Provider, phone: str = PHONE) -> list[str]:
    return [str(message["text"]) for message in provider.taken.values() if message["to"] == phone]


class TestTheWayOfAnOrder:
    def test_is_told_to_who_asked_in_short_words(self, cast: Cast, provider: Provider) -> None:
        """Received, taken with who comes, done, closed; no content of the order, no name but a surname."""
        course = a_course(cast, phone=PHONE)
        work(course.at)
        course.taken()
        work(course.at)
        course.do("set_out", course.helper).handed_in()
        work(course.at)
        number = course.order.number
        assert texts(provider) == [
            f"您点的单收到了，单号{number}，社区正在看。",
            f"贺师傅接了您的{number}号单。",
            f"{number}号单办好了，请您看看，说一声解决没有。",
        ]

    def test_holds_a_question_and_its_end(self, cast: Cast, provider: Provider) -> None:
        asked = an_order(cast, S.ASKED, phone=PHONE)
        work(asked.touched_at)
        assert texts(provider)[-1] == f"{asked.number}号单，社区有句话要问您，答了好接着办。"
        assert "下水道" not in str(texts(provider))

    def test_ends_for_each_asker_with_his_own_number(self, cast: Cast, provider: Provider) -> None:
        course = a_course(cast, S.MERGED, phone=PHONE)
        target = Order.objects.get(pk=course.order.into_id)
        at = course.at + timedelta(minutes=5)
        actions.pause(
            order=target, reason="parts", until=at + timedelta(days=2), text="等配件。", by=cast.dispatcher, at=at
        )
        work(at)
        assert any(text.startswith(f"{course.order.number}号单先停") for text in texts(provider))

    def test_does_not_say_who_comes_when_he_will_not(self, cast: Cast, provider: Provider) -> None:
        """Taken at night, given back before the morning."""
        course = a_course(cast, S.TAKEN, at=EVENING, phone=PHONE)
        work(course.at)
        course.do("release", course.helper, reason="busy")
        work(course.at + timedelta(hours=11))
        assert not [text for text in texts(provider) if "接了" in text]

    @pytest.mark.parametrize("code", ["0102"])
    def test_stays_silent_where_the_matter_is_sealed(self, cast: Cast, provider: Provider, code: str) -> None:
        """G4: the wrong eyes may read the phone."""
        order = an_order(cast, code=code, phone=PHONE)
        Order.objects.filter(pk=order.pk).update(privacy="sealed")
        work(MORNING)
        assert texts(provider) == []
        assert Delivery.objects.get(channel="none").error == "sealed"

    def test_stays_silent_for_who_left_no_number(self, cast: Cast, provider: Provider) -> None:
        course = a_course(cast, S.TAKEN, phone="")
        work(course.at)
        assert {line.error for line in Delivery.objects.all()} <= {"no_phone"}
        assert provider.taken == {}

    def test_nudges_nobody_who_wants_no_calls(self, cast: Cast, provider: Provider) -> None:
        """G4: opt out at every time."""
        course = a_course(cast, S.SERVED, phone=PHONE)
        Asker.objects.update(may_call=False)
        work(course.at)
        before = len(texts(provider))
        actions.tick(at=course.at + timedelta(days=4))
        assert Notice.objects.filter(kind="nudge", asker_id__isnull=False).exists()
        work(course.at + timedelta(days=4))
        assert len(texts(provider)) == before
        assert Delivery.objects.filter(error="no_calls").exists()

    def test_ends_where_the_contact_was_forgotten(self, cast: Cast, provider: Provider) -> None:
        order = an_order(cast, at=EVENING, phone=PHONE)
        work(EVENING)
        Asker.objects.filter(pk=asker_of(order).pk).update(phone=None)
        work(EVENING + timedelta(hours=11))
        assert Delivery.objects.get(notice__asker_id__isnull=False).error == "gone"


class TestCode:
    def ask(self, cast: Cast) -> str:
        an_order(cast, phone=PHONE)
        Notice.objects.all().delete()
        row = following.send_code(phone=PHONE, at=EVENING)
        box: Any = row.code
        return str(box.open_unlogged())

    def test_goes_at_once_and_is_forgotten(self, cast: Cast, provider: Provider) -> None:
        """Also at night; afterwards a digest is all that is left, and the code still opens the order."""
        code = self.ask(cast)
        work(EVENING)
        assert texts(provider) == [f"验证码{code}，5分钟内用。不要告诉别人。"]
        assert PhoneCode.objects.get().code is None
        assert following.open_with_code(phone=PHONE, code=code, at=EVENING + timedelta(minutes=4))

    def test_is_kept_under_seal_while_the_provider_is_away(self, cast: Cast, provider: Provider) -> None:
        provider.stop()
        code = self.ask(cast)
        work(EVENING)
        assert PhoneCode.objects.get().code is not None
        work(EVENING + timedelta(minutes=6))
        assert PhoneCode.objects.get().code is None
        assert Delivery.objects.get().error == "too_late"
        assert code not in str([*Delivery.objects.values(), *Notice.objects.values()])

    def test_that_was_used_is_not_sent(self, cast: Cast, provider: Provider) -> None:
        code = self.ask(cast)
        following.open_with_code(phone=PHONE, code=code, at=EVENING)
        work(EVENING)
        assert (texts(provider), Delivery.objects.get().state) == ([], "replaced")


class TestDueWork:
    def test_sends_codes_by_a_job_of_their_own(self, cast: Cast, provider: Provider) -> None:
        """Slow news never stands before a code: the two are separate jobs, both without arguments."""
        now = timezone.now()
        an_order(cast, phone=PHONE, at=now)
        following.send_code(phone=PHONE, at=now)
        tasks.send_at_once()
        assert len(texts(provider)) == 1
        assert texts(provider)[0].startswith("验证码")
        assert set(Delivery.objects.filter(notice__kind="place").values_list("state", flat=True)) == {"waiting"}
        assert {"orders.tasks.send_at_once", "orders.tasks.send_news"} <= set(app.tasks)


class TestSecrecy:
    def test_no_number_name_or_code_stands_in_a_job_a_line_or_the_journal(
        self, cast: Cast, provider: Provider, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The whole way, with every logger at its most talkative."""
        caplog.set_level("DEBUG")
        with capture_logs() as lines:
            course = a_course(cast, phone=PHONE, name="邓秀兰")
            code = following.send_code(phone=PHONE, at=course.at).code.open_unlogged()
            course.taken()
            work(course.at)
            provider.stop()
            course.do("set_out", course.helper).handed_in()
            work(course.at)
        said = caplog.text + str(lines)
        said += str([*Entry.objects.values(), *ProcrastinateJob.objects.values(), *Notice.objects.values()])
        said += str([*Delivery.objects.values()])
        assert texts(provider)
        assert [word for word in (PHONE, "邓秀兰", f"'{code}'", f"验证码{code}", "贺连生") if word in said] == []


class TestTold:
    def test_shows_the_desk_who_heard_and_how(self, cast: Cast, provider: Provider) -> None:
        course = a_course(cast, S.TAKEN, phone=PHONE)
        work(course.at)
        client = Client()
        client.force_login(cast.dispatcher)
        address = f"/desk/orders/{course.order.full_number}/told/"
        html = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in html
        assert "点单人" in html
        assert "短信已发" in html
        assert "周敏" in html
        assert PHONE not in html
        assert address in client.get(f"/desk/orders/{course.order.full_number}/").content.decode()
        client.force_login(cast.neighbour)
        assert client.get(address).status_code == 404

    def test_takes_the_same_queries_with_many_notices(
        self, cast: Cast, provider: Provider, django_assert_max_num_queries: Any
    ) -> None:
        course = a_course(cast, S.CLOSED, phone=PHONE)
        work(course.at)
        client = Client()
        client.force_login(cast.dispatcher)
        with django_assert_max_num_queries(8):
            client.get(f"/desk/orders/{course.order.full_number}/told/", headers={"HX-Request": "true"})


class TestShortAddress:
    def test_leads_to_the_following_page(self, db: None) -> None:
        assert Client().get("/f/").headers["Location"] == "/follow/"
