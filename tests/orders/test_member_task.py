"""What a member has in hand: the list, whom to call and where, every move, and nothing of others."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core.models import Look
from sandan.orders import actions
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import a_picture, an_order, asker_of
from tests.factories.people import COMMUNITY, GRID, Cast, somebody
from tests.orders.task_kit import DOOR, PHONE, at, fresh, hands, now_order, signed_in, text_of

__all__ = ["hands"]
pytestmark = pytest.mark.django_db


class TestAccess:
    @pytest.mark.parametrize("who", ["second_member", "grid_worker", "clerk", "neighbour"])
    def test_gives_others_the_same_answer_as_for_none(self, cast: Cast, who: str) -> None:
        order = an_order(cast, S.TAKEN)
        client = signed_in(getattr(cast, who))
        foreign, absent = client.get(at(order)), client.get(at(f"{COMMUNITY}-2026-0810-999"))
        assert foreign.status_code == absent.status_code
        assert foreign.status_code in (403, 404)
        for verb in ("set_out", "finish", "release", "reveal"):
            assert client.post(at(order, verb), {"what": "contact"}).status_code == foreign.status_code
        assert fresh(order).state == S.TAKEN
        assert not Look.objects.exists()

    def test_lists_ones_own_and_nobody_elses(self, cast: Cast) -> None:
        held = an_order(cast, S.TAKEN)
        served = an_order(cast, S.SERVED)
        done = an_order(cast, S.CLOSED, at=timezone.now() - timedelta(hours=3))
        foreign = an_order(cast, S.TAKEN, helper=cast.second_member)
        text = text_of(signed_in(cast.member).get("/mine/"))
        assert [one.full_number in text for one in (held, served, done, foreign)] == [True, True, True, False]
        assert text.index(held.full_number) < text.index(served.full_number) < text.index(done.full_number)

    def test_takes_as_many_statements_for_five_as_for_fifty(
        self, cast: Cast, hands: Client, django_assert_max_num_queries: Any
    ) -> None:
        for _n in range(5):
            an_order(cast, S.TAKEN)
        with django_assert_max_num_queries(9) as few:
            hands.get("/mine/")
        for _n in range(45):
            an_order(cast, S.TAKEN)
        with django_assert_max_num_queries(9) as many:
            hands.get("/mine/")
        assert len(few) == len(many)

    def test_one_order_takes_the_same_statements_with_many_lines(
        self, cast: Cast, hands: Client, django_assert_max_num_queries: Any
    ) -> None:
        order = now_order(cast, S.UNDERWAY)
        hands.get(at(order))
        with django_assert_max_num_queries(24) as few:
            hands.get(at(order))
        for n in range(8):
            actions.add_photo(
                target=order, stage="after", content=a_picture(f"#{n}{n}8866"), by=cast.member, at=timezone.now()
            )
        with django_assert_max_num_queries(24) as many:
            hands.get(at(order))
        assert len(few) == len(many)


class TestContact:
    def test_number_is_shown_after_taking_and_leaves_a_line(self, cast: Cast, hands: Client) -> None:
        """G3 R112: masked until asked for, once taken; each look is written down."""
        order = now_order(cast, S.TAKEN)
        text = text_of(hands.get(at(order)))
        assert not [part for part in (PHONE, "邓秀兰", DOOR) if part in text]
        assert "电话尾号 5678" in text
        text = text_of(hands.post(at(order, "reveal"), {"what": "contact"}))
        assert f'href="tel:{PHONE}"' in text
        assert "邓秀兰" in text
        looks = Look.objects.filter(person=cast.member, subject_id=asker_of(order).pk)
        assert set(looks.values_list("field", "why")) == {("name", "serve"), ("phone", "serve")}

    def test_door_is_shown_only_on_the_way(self, cast: Cast, hands: Client) -> None:
        """G3: the building until on the way; then the door."""
        order = now_order(cast, S.TAKEN)
        refused = hands.post(at(order, "reveal"), {"what": ["contact", "door"]})
        assert not Look.objects.exists()
        assert refused.status_code == 403
        assert "上路以后" in text_of(refused)
        assert DOOR not in text_of(refused)
        hands.post(at(order, "set_out"))
        assert DOOR not in text_of(hands.get(at(order)))
        assert DOOR in text_of(hands.post(at(order, "reveal"), {"what": "door"}))

    def test_is_closed_again_when_handed_in(self, cast: Cast, hands: Client) -> None:
        """G3: who has served needs the number no longer."""
        order = now_order(cast, S.SERVED)
        for what in ("contact", "door", "words"):
            assert hands.post(at(order, "reveal"), {"what": what}).status_code == 403
        assert "看电话" not in text_of(hands.get(at(order)))
        assert hands.post(at(order, "reveal"), {"what": "secret"}).status_code == 404

    def test_sealed_words_open_one_look_at_a_time(self, cast: Cast) -> None:
        """G3 R112: the holder of a sealed matter reads its words by asking, and leaves a line."""
        helper = somebody("办事人", Role.MEMBER, GRID, skills=["政策咨询"])
        order = now_order(cast, S.TAKEN, code="0801", helper=helper, text="家里揭不开锅了")
        client = signed_in(helper)
        for path in (at(order), "/mine/"):
            assert "揭不开锅" not in text_of(client.get(path))
        assert "揭不开锅" in text_of(client.post(at(order, "reveal"), {"what": "words"}))
        assert Look.objects.filter(person=helper, field="original").exists()


class TestMoves:
    def test_offers_what_the_table_allows_and_one_solid_button(self, cast: Cast, hands: Client) -> None:
        for state, first, verbs in (
            (S.TAKEN, "上路", ("finish", "release", "pause", "ask")),
            (S.UNDERWAY, "交活", ("release", "pause")),
        ):
            text = text_of(hands.get(at(now_order(cast, state))))
            footer = text[text.index("<footer") :]
            assert first in footer
            assert [f'id="do-{verb}"' in text for verb in verbs] == [True] * len(verbs)

    def test_sets_out(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.TAKEN)
        answer = hands.post(at(order, "set_out"), follow=True)
        assert fresh(order).state == S.UNDERWAY
        assert "点单人知道您出发了" in text_of(answer)

    @pytest.mark.parametrize(
        ("hours", "words"), [(0.5, "接单不到一小时，不影响您。"), (3, "谢谢您说一声，社区另找人。")]
    )
    def test_gives_back_with_a_reason(self, cast: Cast, hands: Client, hours: float, words: str) -> None:
        """R015: release and return: the desk has it again, the member none of it."""
        order = now_order(cast, S.TAKEN, at=timezone.now() - timedelta(hours=hours))
        assert hands.post(at(order, "release"), {"words": "够不着"}).status_code == 422
        answer = hands.post(at(order, "release"), {"reason": "tools", "words": "缺长梯子"}, follow=True)
        assert f"交回社区了。{words}" in text_of(answer)
        after = fresh(order)
        assert (after.state, after.holder, after.reason) == (S.JUDGED, None, "tools")
        assert hands.get(at(order)).status_code == 404

    def test_pauses_until_a_day_and_goes_on(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.UNDERWAY)
        day = (timezone.localtime() + timedelta(days=3)).date().isoformat()
        assert hands.post(at(order, "pause"), {"reason": "parts", "until": ""}).status_code == 422
        hands.post(at(order, "pause"), {"reason": "parts", "until": day})
        assert fresh(order).state == S.PAUSED
        assert "等配件" in text_of(hands.get(at(order)))
        hands.post(at(order, "resume"))
        assert fresh(order).state == S.UNDERWAY

    def test_asks_the_asker(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.TAKEN)
        hands.post(at(order, "ask"), {"question": "几点在家？"})
        assert fresh(order).state == S.ASKED
        assert "等他回话" in text_of(hands.get(at(order)))

    def test_refusals_come_back_with_what_was_typed(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.UNDERWAY)
        answer = hands.post(at(order, "ask"), {"question": "几点在家？"})
        assert answer.status_code == 422
        assert "已经往前走了" in text_of(answer)
        assert "几点在家？" in text_of(answer)

    @pytest.mark.parametrize("verb", ["close", "stand_in", "review", "judge"])
    def test_two_keys_who_served_cannot_close(self, cast: Cast, hands: Client, verb: str) -> None:
        """R047: neither here nor at the desk's address may who served turn the second key."""
        order = now_order(cast, S.REVIEWED)
        text = text_of(hands.get(at(order)))
        assert "由没经手的人来办" in text
        assert "/close/" not in text
        answer = hands.post(at(order, verb), {"outcome": "solved"})
        assert answer.status_code == 422
        assert "不能自己销号" in text_of(answer)
        answer = hands.post(f"/desk/orders/{order.full_number}/{verb}/", {"outcome": "solved"})
        assert answer.status_code == 404
        assert fresh(order).state == S.REVIEWED

    def test_unknown_moves_are_not_found(self, cast: Cast, hands: Client) -> None:
        assert hands.post(at(now_order(cast, S.TAKEN), "explode")).status_code == 404
