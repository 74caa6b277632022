"""我的信息: an asker's own data, asked for on the order's page; PIPL 15, 44-47."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from sandan.core import consents, journal, retention
from sandan.orders import actions
from sandan.orders.actions import looking, whistle_phone
from sandan.orders.models import DataConsent, Order
from sandan.orders.queries import boards_calls
from sandan.orders.queries import resident_data as queries
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, a_picture, an_order, asker_of
from tests.factories.people import COMMUNITY, Cast, cast
from tests.privacy.resident_kit import (
    DOOR,
    LATER,
    NAME,
    OTHER_NAME,
    OTHER_PHONE,
    PHONE,
    address,
    joined,
    mine,
    with_grant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


class TestLooks:
    """R112, G2: every read of a sealed field leaves a line that the resident may ask for."""

    def test_are_told_by_post_area_field_and_purpose(self, people: Cast, client: Client) -> None:
        order = mine(people)
        for what in ("contact", "door", "words"):
            looking.at_sealed(order=order, what=what, by=people.dispatcher, why="desk", at=LATER)
        text = with_grant(client, asker_of(order)).get(address(order)).content.decode()
        assert text.count("造纸厂社区社区派单员（姓周）") == 4
        for field in ("您的电话", "您的称呼", "您的门牌", "您的原话", "社区办单"):
            assert field in text
        assert "周敏" not in text, "of a name the surname alone"

    def test_of_a_neighbour_are_his_own_alone(self, people: Cast) -> None:
        order = an_order(people, S.JUDGED, phone=PHONE)
        other = joined(order)
        looking.at_sealed(order=order, what="door", by=people.dispatcher, why="desk", at=LATER)
        assert queries.looks_of(other) == ()
        looking.at_sealed(order=order, what="contact", by=people.dispatcher, why="desk", at=LATER)
        assert len(queries.looks_of(other)) == 2, "his phone and his name, not the other's"


class TestPage:
    def test_is_for_who_showed_the_secret(self, people: Cast, client: Client) -> None:
        order, other = mine(people), an_order(people)
        absent = f"{COMMUNITY}-2026-0810-999"
        with_grant(client, asker_of(other))
        answers = [client.get(address(order)), client.get(reverse("orders:my_data", args=[absent]))]
        assert {answer.status_code for answer in answers} == {404}
        for verb in ("show", "file", "no_calls", "no_contact", "erase"):
            assert client.post(address(order, verb)).status_code == 404
        assert asker_of(order).phone is not None

    def test_shows_no_value_before_it_is_asked_for(self, people: Cast, client: Client) -> None:
        order = mine(people)
        text = with_grant(client, asker_of(order)).get(address(order)).content.decode()
        for value in (PHONE, "164 5550 1234", NAME, DOOR):
            assert value not in text

    def test_is_led_to_from_the_order_s_page(self, people: Cast, client: Client) -> None:
        order = mine(people)
        page = with_grant(client, asker_of(order)).get(reverse("orders:progress", args=[order.full_number]))
        assert address(order) in page.content.decode()
        assert "谁看过我的信息" in page.content.decode()


class TestHandOut:
    """PIPL 45: to know and to have a copy."""

    def test_shows_all_and_leaves_a_line(self, people: Cast, client: Client) -> None:
        order = mine(people, text="三楼的邓秀兰家漏水，电话 16455501234")
        answer = with_grant(client, asker_of(order)).post(address(order, "show"))
        text = answer.content.decode()
        for value in ("164 5550 1234", NAME, DOOR, "三楼的邓秀兰家漏水"):
            assert value in text
        assert answer.headers["Cache-Control"] == "private, no-store"
        line = journal.lines_of(order).get(verb="hand_out")
        assert (line.actor, line.facts["form"]) == ("asker", "page")

    def test_gives_a_file_of_everything(self, people: Cast, client: Client) -> None:
        order = mine(people, S.CLOSED)
        photo = actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=LATER)
        answer = with_grant(client, asker_of(order)).post(address(order, "file"))
        assert "attachment" in answer.headers["Content-Disposition"]
        held = json.loads(answer.content)
        assert (held["name"], held["phone"], held["door"]) == (NAME, PHONE, DOOR)
        assert [one["purpose"] for one in held["consents"]] == ["contact", "call_back"]
        assert [one["id"] for one in held["pictures"]] == [photo.pk]
        assert held["told"]

    def test_holds_nobody_else_s_data(self, people: Cast) -> None:
        order = an_order(people, S.JUDGED, phone=PHONE, name=NAME, door=DOOR)
        other = joined(order)
        for asker, strange in (
            (asker_of(order), (OTHER_PHONE, OTHER_NAME)),
            (other, (PHONE, NAME, DOOR, order.masked)),
        ):
            text = queries.held(asker).as_json()
            assert not [value for value in strange if value in text]

    def test_holds_what_staff_said_to_him_but_not_among_themselves(self, people: Cast) -> None:
        order = mine(people, S.ASKED)
        actions.saying.say(order, "note", "这家常来，先放一放", "inside", by=people.dispatcher, at=LATER)
        text = queries.held(asker_of(order)).as_json()
        assert "是几楼的下水道？" in text
        assert "先放一放" not in text

    def test_of_a_sealed_matter_is_for_the_desk(self, people: Cast, client: Client) -> None:
        """Who holds the slip may be the one it is about."""
        order = mine(people, code="0301")
        assert order.privacy == "sealed"
        with_grant(client, asker_of(order))
        for verb in ("show", "file"):
            answer = client.post(address(order, verb))
            assert answer.status_code == 422
            assert PHONE not in answer.content.decode()
        assert not journal.lines_of(order).filter(verb="hand_out").exists()


class TestConsent:
    """PIPL 14-16: by purpose, version and date, and taken back at any time; G4."""

    def test_is_kept_with_the_version_that_was_shown(self, people: Cast) -> None:
        order = mine(people)
        rows = DataConsent.objects.filter(asker=asker_of(order)).order_by("pk")
        assert [(row.purpose, row.version, row.way, row.at) for row in rows] == [
            (purpose, consents.CURRENT, order.channel, MORNING) for purpose in ("contact", "call_back")
        ]  # fmt: skip

    def test_is_none_where_nothing_was_given(self, people: Cast) -> None:
        order = an_order(people, phone="")
        assert not DataConsent.objects.filter(asker=asker_of(order)).exists()

    def test_comes_along_with_neighbours_calls_and_children(self, people: Cast) -> None:
        order = an_order(people, S.SERVED)
        actions.review(order=order, word="half", by=asker_of(order), at=LATER, text="还差一截")
        child = Order.objects.get(parent=order)
        assert child.askers.get().consents.count() == 2
        assert joined(an_order(people, S.JUDGED)).consents.count() == 2
        rung = whistle_phone.pick_up(key=UUID(int=7), by=people.grid_worker, at=MORNING)
        whistle_phone.complete(order=rung, by=people.grid_worker, at=LATER, phone=PHONE, name=NAME)
        assert asker_of(rung).consents.count() == 2

    def test_to_be_rung_is_taken_back_whenever_he_wishes(self, people: Cast, client: Client) -> None:
        """G4: opt out at every time; the desk then sees nobody to ring, and the order can still be closed."""
        order = mine(people, S.SERVED)
        Order.objects.filter(pk=order.pk).update(state=S.REVIEWED, needs_call=True, word="yes", reviewed_at=LATER)
        answer = with_grant(client, asker_of(order)).post(address(order, "no_calls"))
        assert answer.status_code == 302
        assert (asker_of(order).may_call, asker_of(order).phone is not None) == (False, True)
        order.refresh_from_db()
        assert order.needs_call is False
        assert not boards_calls.to_call([COMMUNITY], people.reviewer).filter(pk=order.pk).exists()
        assert DataConsent.objects.get(asker=asker_of(order), purpose="call_back").withdrawn_at is not None
        assert client.post(address(order, "no_calls")).status_code == 422, "twice is once"

    def test_to_the_contact_taken_back_erases_it_at_once(self, people: Cast, client: Client) -> None:
        order = mine(people, S.TAKEN)
        with_grant(client, asker_of(order)).post(address(order, "no_contact"))
        asker = asker_of(order)
        assert (asker.name, asker.phone, asker.phone_digest, asker.phone_tail) == (None, None, None, "")
        order.refresh_from_db()
        assert order.is_anonymous
        assert not DataConsent.objects.filter(asker=asker, withdrawn_at=None).exists()

    def test_never_changes_its_words_under_one_version(self) -> None:
        """Other words are another version: what somebody agreed to must stay what he read."""
        assert {version: digest_of(texts) for version, texts in consents.TEXTS.items()} == {"2026-11-01": "2ed8"}

    def test_says_what_the_form_shows(self, people: Cast, client: Client) -> None:
        order = an_order(people, S.JUDGED)
        assert order
        text = "".join(str(line) for lines in consents.TEXTS[consents.CURRENT].values() for line in lines)
        source = (retention.__file__ or "").replace("core/retention.py", "orders/templates/orders/resident_pieces.html")
        with open(source, encoding="utf-8") as file:
            shown = file.read()
        assert all(str(line) in shown for line in consents.TEXTS[consents.CURRENT]["contact"])
        assert "办好以后，可以打电话问我满不满意" in text


def digest_of(texts: dict[str, tuple[Any, ...]]) -> str:
    whole = "".join(str(line) for purpose in sorted(texts) for line in texts[purpose])
    return retention.chained(b"", [whole]).hex()[:4]
