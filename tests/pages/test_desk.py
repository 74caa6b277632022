"""The desk's pages: who may open them, what they show and hide, what a form does, how many statements they take."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from sandan.intake import queries as intake
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.intake import a_catalogue
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, Cast
from tests.factories.people import cast as a_cast
from tests.factories.places import County, a_county

pytestmark = pytest.mark.django_db

ABSENT = f"{COMMUNITY}-2026-0810-999"


@pytest.fixture
def county(db: None) -> County:
    return a_county("990201")


@pytest.fixture
def cast(county: County) -> Cast:
    a_catalogue()
    return a_cast()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def here(county: County, **facts: Any) -> dict[str, Any]:
    """Facts that put an order into the first building of 桐花苑."""
    house = county.buildings[0]
    return {
        "estate": county.estate,
        "building": house.label,
        "lon": house.lon,
        "lat": house.lat,
        "grid": house.grid_id,
    } | facts


def url(order: Order | str, kind: str = "orders", *more: str) -> str:
    number = order if isinstance(order, str) else order.full_number
    return "/".join(["/desk", kind, number, *more]) + "/"


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def judged(order: Order, act: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "category": "0102", "urgency": "1", "place": "", "reply": "在找人了。", "said": "", **more}


class TestAccess:
    @pytest.mark.parametrize("path", ["/desk/inbox/", "/desk/enter/", "/desk/find/"])
    def test_sends_strangers_to_the_login(self, db: None, path: str) -> None:
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/")

    @pytest.mark.parametrize("kind", ["orders", "inbox"])
    def test_neighbour_cannot_tell_a_foreign_order_from_none(self, cast: Cast, kind: str) -> None:
        order = an_order(cast)
        client = signed_in(cast.neighbour)
        foreign, absent = client.get(url(order, kind)), client.get(url(ABSENT, kind))
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert strip(foreign.content) == strip(absent.content)

    def test_neighbour_cannot_move_it(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        assert signed_in(cast.neighbour).post(url(order, "orders", "open_up")).status_code == 404
        assert fresh(order).state == S.JUDGED

    def test_auditor_sees_none(self, cast: Cast) -> None:
        order = an_order(cast)
        client = signed_in(cast.auditor)
        assert client.get(url(order)).status_code == 403
        assert client.get("/desk/inbox/").status_code == 403
        assert client.get("/desk/find/?q=0810").status_code == 403

    def test_who_serves_has_his_own_page(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN, helper=cast.grid_worker)
        assert signed_in(cast.grid_worker).get(url(order)).status_code == 404
        assert signed_in(cast.member).get(url(order)).status_code == 403

    def test_upper_level_sees_what_it_may_join(self, cast: Cast) -> None:
        assert signed_in(cast.liaison).get(url(an_order(cast))).status_code == 200


def strip(content: bytes) -> str:
    """The page without what differs from call to call."""
    return re.sub(r'csrf\w+"?[^>]*>|X-CSRFToken[^}]*|datetime="[^"]*"|\d{6}', "", content.decode())


class TestInbox:
    def test_lists_what_waits_with_the_most_urgent_first(self, cast: Cast, desk: Client) -> None:
        """R045: what came in stands on one desk, the most urgent first or the oldest first."""
        old = an_order(cast, at=MORNING)
        urgent = an_order(cast, at=MORNING + timedelta(minutes=9), urgency=2)
        done = an_order(cast, S.CLOSED)
        text = desk.get("/desk/inbox/").content.decode()
        assert text.index(urgent.full_number) < text.index(old.full_number)
        assert done.full_number not in text
        text = desk.get("/desk/inbox/?sort=oldest").content.decode()
        assert text.index(old.full_number) < text.index(urgent.full_number)

    def test_shows_escalated_ones_to_the_level_above(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.ESCALATED)
        assert order.full_number in signed_in(cast.liaison).get("/desk/inbox/").content.decode()
        assert order.full_number not in desk.get("/desk/inbox/").content.decode()

    def test_says_when_nothing_waits(self, desk: Client) -> None:
        assert "都看完了。" in desk.get("/desk/inbox/").content.decode()

    def test_hides_the_words_of_a_sealed_matter(self, cast: Cast, desk: Client) -> None:
        """R045: a sealed matter says so in the list and on the sheet; its words are in neither."""
        order = an_order(cast, code="0801", text="家里揭不开锅了，孩子学费也没着落")
        assert fresh(order).privacy == "sealed"
        for path in ("/desk/inbox/", url(order, "inbox"), url(order)):
            text = desk.get(path).content.decode()
            assert "揭不开锅" not in text
            assert "密封" in text or "留查看记录" in text

    def test_takes_as_many_statements_for_five_as_for_fifty(
        self, cast: Cast, desk: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(5):
            an_order(cast)
        desk.get("/desk/inbox/")
        with django_assert_max_num_queries(30) as few:
            desk.get("/desk/inbox/")
        for _n in range(45):
            an_order(cast)
        desk.get("/desk/inbox/")  # what is kept for some seconds is read again outside the count
        with django_assert_max_num_queries(30) as many:
            desk.get("/desk/inbox/")
        assert len(few) == len(many)


class TestJudging:
    def test_opens_the_grab_window_in_one_go(self, cast: Cast, desk: Client) -> None:
        """R045: category, urgency and answer are settled by a person, and the grab window opens with the same press."""
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), judged(order, "open", urgency="2"))
        assert answer.status_code == 302
        after = fresh(order)
        assert (after.state, after.category_id, after.urgency, after.owner) == (S.OPEN, "0102", 2, cast.dispatcher)
        assert after.words.get(kind="reply").masked == "在找人了。"

    def test_goes_on_to_the_next_message(self, cast: Cast, desk: Client) -> None:
        first = an_order(cast, at=MORNING)
        second = an_order(cast, at=MORNING + timedelta(minutes=5))
        answer = desk.post(url(first, "inbox"), judged(first, "open"))
        assert second.full_number in answer.headers["Location"]
        assert "放出来抢单" in str(next(iter(get_messages(answer.wsgi_request))))

    def test_offers_to_names_in_their_order(self, cast: Cast, desk: Client) -> None:
        """R045 R044: dispatch to a named person, with a spare name behind."""
        order = an_order(cast)
        chosen = [f"p{cast.member.pk}", f"t{cast.team.pk}"]
        answer = desk.post(url(order, "inbox"), judged(order, "offer", to=chosen))
        assert answer.status_code == 302
        offers = list(fresh(order).offers.order_by("rank"))
        assert [(one.person, one.team, one.state) for one in offers] == [
            (cast.member, None, "sent"), (None, cast.team, "spare"),
        ]  # fmt: skip

    def test_shows_helpers_in_plain_words(self, cast: Cast, desk: Client) -> None:
        """R045: the list of helpers is proposed with metres, skills and load."""
        order = an_order(cast)
        text = desk.post(url(order, "inbox"), judged(order, "choose")).content.decode()
        assert cast.member.name in text
        assert "会水暖维修" in text
        assert "手上没有单" in text
        assert "米" in text
        assert fresh(order).state == S.RECEIVED

    def test_finds_names(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        text = desk.post(url(order, "inbox"), judged(order, "choose", who="城管")).content.decode()
        assert f'value="u{cast.unit.pk}"' in text

    @pytest.mark.parametrize("act", ["open", "offer"])
    def test_says_what_is_missing_and_keeps_nothing(self, cast: Cast, desk: Client, act: str) -> None:
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), judged(order, act, category=""))
        assert answer.status_code == 422
        assert "选一下是什么事。" in answer.content.decode()
        assert fresh(order).state == S.RECEIVED

    def test_asks_for_a_name_before_it_offers(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), judged(order, "offer"))
        assert answer.status_code == 422
        assert "还没选人。请至少选一位。" in answer.content.decode()
        assert fresh(order).state == S.RECEIVED

    def test_refuses_to_open_what_is_not_for_grabbing(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        code = next(item.code for item in intake.requests() if item.grab == "no")
        answer = desk.post(url(order, "inbox"), judged(order, "open", category=code))
        assert answer.status_code == 422
        assert "这类事不能抢，请直接派给合适的人。" in answer.content.decode()
        assert fresh(order).state == S.RECEIVED

    def test_moves_it_to_a_better_place(self, cast: Cast, desk: Client, county: County) -> None:
        order = an_order(cast)
        label = county.buildings[1].label
        desk.post(url(order, "inbox"), judged(order, "open", place=f"桐花苑{label}号楼2单元"))
        after = fresh(order)
        assert (after.estate, after.building) == (county.estate, label)
        assert after.door is not None
        assert after.door.open_unlogged() == "2单元"

    def test_says_when_no_place_is_meant(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), judged(order, "open", place="月球背面"))
        assert answer.status_code == 422
        assert "没认出这个地方" in answer.content.decode()

    def test_writes_the_answer_that_fits_the_choice(self, cast: Cast, desk: Client) -> None:
        """The proposed answer follows category and urgency until somebody writes another."""
        order = an_order(cast)
        sheet = desk.get(url(order, "inbox")).content.decode()
        assert "您的事收到了，正在找人办。" in sheet
        proposal = {"reply": "原来的话", "said": "原来的话"}
        text = desk.post(
            url(order, "inbox"), judged(order, "preview", **proposal), headers={"HX-Request": "true"}
        ).content.decode()
        assert "原来的话" not in text
        assert "您的事收到了" in text
        own = {"reply": "我自己写的", "said": "原来的话"}
        text = desk.post(
            url(order, "inbox"), judged(order, "preview", **own), headers={"HX-Request": "true"}
        ).content.decode()
        assert "我自己写的" in text

    def test_offers_anew_what_is_out_already(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.OPEN)
        desk.post(url(order, "inbox"), judged(order, "offer", to=[f"p{cast.member.pk}"]))
        assert fresh(order).state == S.OFFERED


class TestOtherWays:
    def test_asks_the_asker(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        assert desk.get(url(order, "inbox") + "?way=ask").status_code == 200
        desk.post(url(order, "inbox"), {"act": "ask", "question": "是几楼？"})
        assert fresh(order).state == S.ASKED

    def test_passes_on_to_a_matter_with_its_date(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        assert "12315 市场投诉（法定到 20" in desk.get(url(order, "inbox") + "?way=pass_on").content.decode()
        desk.post(url(order, "inbox"), {"act": "pass_on", "where": "market_complaint", "text": "归 12315 管。"})
        after = fresh(order)
        assert (after.state, after.handed_to) == (S.PASSED, "market_complaint")
        assert after.legal_due_on is not None
        assert after.legal_due_on.isoformat() in desk.get(url(order)).content.decode()

    def test_refuses_only_with_where_to_go(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), {"act": "refuse", "reason": "not_ours", "where": ""})
        assert answer.status_code == 422
        assert fresh(order).state == S.RECEIVED
        desk.post(url(order, "inbox"), {"act": "refuse", "reason": "not_ours", "where": "归 12315 管，打 12315。"})
        assert fresh(order).state == S.REFUSED

    def test_files_what_is_no_request(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, guess=None)
        desk.post(url(order, "inbox"), {"act": "file", "category": "9901", "reply": "谢谢您。"})
        assert fresh(order).state == S.FILED
        desk.post(url(order, "orders", "unfile"))
        assert fresh(order).state == S.RECEIVED

    def test_merges_what_looks_the_same_and_undoes_it(self, cast: Cast, desk: Client, county: County) -> None:
        """R045: a duplicate near by stands beside the message with both texts; one press merges, one undoes."""
        first = an_order(cast, **here(county, text="三号楼下水道堵了"))
        second = an_order(cast, at=MORNING + timedelta(minutes=18), **here(county, text="楼里下水道又返水"))
        text = desk.get(url(second, "inbox")).content.decode()
        assert f"像是同一件事：{first.number}" in text
        assert "三号楼下水道堵了" in text
        assert "那件早到 18 分" in text
        answer = desk.post(url(second, "inbox"), {"act": "merge", "into": first.full_number})
        assert fresh(second).into == first
        message = next(iter(get_messages(answer.wsgi_request)))
        desk.post(message.extra_tags)
        assert fresh(second).state == S.RECEIVED

    def test_does_not_take_another_kind_for_the_same(self, cast: Cast, desk: Client, county: County) -> None:
        an_order(cast, code="0201", **here(county))
        second = an_order(cast, **here(county))
        assert "像是同一件事" not in desk.get(url(second, "inbox")).content.decode()

    def test_does_not_take_an_old_one_for_the_same(self, cast: Cast, desk: Client, county: County) -> None:
        an_order(cast, **here(county))
        second = an_order(cast, at=MORNING + timedelta(hours=73), **here(county))
        assert "像是同一件事" not in desk.get(url(second, "inbox")).content.decode()

    def test_splits_several_matters(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        parts = {"category1": "0102", "text1": "下水道堵了", "category2": "0104", "text2": "楼道灯不亮"}
        desk.post(url(order, "inbox"), {"act": "split", **parts})
        after = fresh(order)
        assert (after.state, after.masked) == (S.JUDGED, "下水道堵了")
        assert after.children.get().category_id == "0104"

    def test_needs_two_parts(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        answer = desk.post(url(order, "inbox"), {"act": "split", "category1": "0102", "text1": "下水道堵了"})
        assert answer.status_code == 422
        assert Order.objects.count() == 1
