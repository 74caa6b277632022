"""Judging at the desk: what a form does, and the other ways out of the inbox."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from sandan.intake import queries as intake
from sandan.orders.models import Order
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast
from tests.factories.places import County
from tests.pages.desk_kit import cast, county, desk, fresh, here, url

__all__ = ["cast", "county", "desk"]
pytestmark = pytest.mark.django_db


def judged(order: Order, act: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "category": "0102", "urgency": "1", "place": "", "reply": "在找人了。", "said": "", **more}


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
