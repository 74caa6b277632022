"""One order at the desk: its moves, its two keys, what stays sealed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core.models import Entry, Look
from sandan.orders import actions
from sandan.orders.models import CallBack, Order
from sandan.orders.workflow import MOVES, S
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.pages.desk_kit import cast, county, desk, fresh, here, signed_in, url

__all__ = ["cast", "county", "desk"]
pytestmark = pytest.mark.django_db
PHONE, NAME, DOOR = "13912345678", "邓秀兰", "2单元501"


@pytest.fixture
def second(cast: Cast) -> Client:
    """The other dispatcher of the community."""
    return signed_in(cast.reviewer)


def move(client: Client, order: Order, verb: str, **said: Any) -> Any:
    return client.post(url(order, "orders", verb), said)


class TestDetail:
    @pytest.mark.parametrize(
        "state", [S.RECEIVED, S.OFFERED, S.UNDERWAY, S.SERVED, S.CLOSED, S.PAUSED, S.MERGED, S.PASSED]
    )
    def test_shows_every_state(self, cast: Cast, desk: Client, state: str) -> None:
        order = an_order(cast, state)
        text = desk.get(url(order)).content.decode()
        assert str(order.info.label) in text
        assert "从收到起，没有一分钟没人管" in text
        assert "经过" in text

    def test_draws_every_move_of_the_table_that_is_open(self, cast: Cast, desk: Client) -> None:
        """R049: what may be done stands on the page, as the table says, and nothing else."""
        order = an_order(cast, S.TAKEN)
        text = desk.get(url(order)).content.decode()
        open_verbs = {one.verb for one in MOVES.open_to(S.TAKEN, {"desk", "seer", "reviewer"})}
        for verb in (
            "ask",
            "pause",
            "ledger",
            "extend",
            "escalate",
            "pass_on",
            "release",
            "close",
            "call_back",
            "reopen",
        ):
            assert (f'id="do_{verb}"' in text) == (verb in open_verbs), verb

    def test_fetches_the_form_of_a_move_when_its_button_is_pressed(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.TAKEN)
        address = url(order, "orders", "pause")
        whole = desk.get(url(order)).content.decode()
        assert f'hx-get="{address}"' in whole
        assert 'id="pause_until"' not in whole
        part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
        assert 'id="pause_until"' in part
        assert "<html" not in part

    def test_opens_the_form_on_the_page_where_no_script_runs(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.TAKEN)
        address = url(order, "orders", "pause")
        assert f'href="{address}#do_pause"' in desk.get(url(order)).content.decode()
        text = desk.get(address).content.decode()
        assert 'id="pause_until"' in text
        assert "<html" in text

    def test_has_no_form_of_a_move_that_is_not_open(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.TAKEN)
        answer = desk.get(url(order, "orders", "close"), headers={"HX-Request": "true"})
        assert answer.status_code == 404

    def test_takes_a_steady_number_of_statements(
        self, cast: Cast, desk: Client, django_assert_max_num_queries: Any
    ) -> None:
        order = an_order(cast, S.SERVED)
        desk.get(url(order))
        with django_assert_max_num_queries(40) as few:
            desk.get(url(order))
        for hour in range(3):
            actions.call_back(
                order=order, is_reached=False, by=cast.reviewer, at=timezone.now() + timedelta(hours=hour)
            )
        with django_assert_max_num_queries(40) as many:
            desk.get(url(order))
        assert len(many) == len(few)


class TestMove:
    def test_pauses_with_reason_and_day(self, cast: Cast, desk: Client) -> None:
        """R049: an order stands still only with a reason code and a day, and says both."""
        order = an_order(cast, S.TAKEN)
        day = (timezone.localdate() + timedelta(days=5)).isoformat()
        assert move(desk, order, "pause", reason="parts", until=day, text="阀门要从厂里发").status_code == 302
        assert fresh(order).state == S.PAUSED
        text = desk.get(url(order)).content.decode()
        assert "等配件" in text
        assert "阀门要从厂里发" in text

    def test_extends_with_a_reason_only(self, cast: Cast, desk: Client) -> None:
        """R049: a deadline is moved only with a reason that the asker gets."""
        order = an_order(cast, S.TAKEN)
        day = (timezone.localdate() + timedelta(days=400)).isoformat()
        assert move(desk, order, "extend", reason="", until=day, text="").status_code == 422
        refused = move(desk, order, "extend", reason="parts", until=day, text="阀门没到")
        assert refused.status_code == 422
        assert "最多延到" in refused.content.decode()
        assert not fresh(order).extensions.exists()

    @pytest.mark.parametrize("day", ["2026-02-30", "13.8.", "0001-01-01", "9999-12-31", ""])
    def test_says_how_a_day_is_written(self, cast: Cast, desk: Client, day: str) -> None:
        order = an_order(cast, S.TAKEN)
        answer = move(desk, order, "pause", reason="parts", until=day)
        assert answer.status_code == 422
        assert fresh(order).state == S.TAKEN

    def test_says_where_the_order_is_now_when_it_moved_on(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.TAKEN)
        answer = move(desk, order, "open_up")
        assert answer.status_code == 422
        assert "这张单已经往前走了" in answer.content.decode()

    @pytest.mark.parametrize("verb", ["grab", "tick", "place", "settle", "nothing", "join"])
    def test_knows_no_other_verbs(self, cast: Cast, desk: Client, verb: str) -> None:
        assert move(desk, an_order(cast, S.OPEN), verb).status_code == 404

    def test_answers_a_swap_with_the_body_alone(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.PAUSED)
        answer = desk.post(url(order, "orders", "resume"), headers={"HX-Request": "true"})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<html" not in text
        assert "接着办了" in text

    def test_escalates_and_hands_down(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.JUDGED)
        move(desk, order, "escalate", reason="no_means", text="要动维修资金")
        assert fresh(order).owner == cast.liaison
        upper = signed_in(cast.liaison)
        move(upper, order, "hand_down", reason="means_given", to=str(cast.dispatcher.pk))
        after = fresh(order)
        assert (after.state, after.owner, after.level) == (S.JUDGED, cast.dispatcher, 2)


class TestTwoKeys:
    def test_closes_through_pages(self, cast: Cast, second: Client) -> None:
        """R036 R047 R048: proof, his word heard by one who did not serve, then written off; the number stays."""
        order = an_order(cast, S.SERVED)
        text = second.get(url(order)).content.decode()
        assert "销号：还差点单人的话" in text
        move(second, order, "call_back", is_reached="1", channel="phone", word="yes", satisfaction="1", text="挺好")
        after = fresh(order)
        assert (after.state, after.word, after.satisfaction) == (S.REVIEWED, "yes", 1)
        assert move(second, order, "close", outcome="solved").status_code == 302
        after = fresh(order)
        assert (after.state, after.closed_by, after.full_number) == (S.CLOSED, cast.reviewer, order.full_number)

    def test_who_served_cannot_close(self, cast: Cast) -> None:
        """R047: never by the person who served."""
        order = an_order(cast, S.REVIEWED, helper=cast.dispatcher)
        answer = move(signed_in(cast.dispatcher), order, "close", outcome="solved")
        assert answer.status_code in (404, 422)
        assert fresh(order).state == S.REVIEWED

    def test_keeps_a_try_that_reached_nobody(self, cast: Cast, second: Client) -> None:
        """R047: a call-back is kept with its result, also where nobody answered."""
        order = an_order(cast, S.SERVED)
        move(second, order, "call_back", is_reached="0", channel="phone")
        call = CallBack.objects.get(order=order)
        assert (call.is_reached, call.by) == (False, cast.reviewer)
        assert fresh(order).state == S.SERVED
        assert "没联系上" in second.get(url(order)).content.decode()

    def test_asks_for_his_word_where_he_was_reached(self, cast: Cast, second: Client) -> None:
        order = an_order(cast, S.SERVED)
        answer = move(second, order, "call_back", is_reached="1", channel="phone")
        assert answer.status_code == 422
        assert "联系上了，就记一下他说解决没有。" in answer.content.decode()
        assert not CallBack.objects.exists()

    def test_not_satisfied_starts_anew(self, cast: Cast, second: Client) -> None:
        """R048: not solved reopens under the same number, and what he said is kept."""
        order = an_order(cast, S.REVIEWED)
        move(second, order, "call_back", is_reached="1", channel="phone", word="no", satisfaction="5", text="又漏了")
        after = fresh(order)
        assert (after.state, after.full_number) == (S.REOPENED, order.full_number)
        assert after.words.get(kind="review", person=cast.reviewer).masked == "又漏了"

    def test_half_solved_bears_a_child(self, cast: Cast, second: Client) -> None:
        order = an_order(cast, S.SERVED)
        move(second, order, "call_back", is_reached="1", channel="visit", word="half", text="还有一根管子漏")
        child = fresh(order).children.get()
        assert child.masked == "还有一根管子漏"
        assert child.number in second.get(url(order)).content.decode()

    def test_says_why_nobody_may_speak_for_the_asker_yet(self, cast: Cast, second: Client) -> None:
        order = an_order(cast, S.SERVED)
        assert "还要在不同钟点再试 3 次" in second.get(url(order)).content.decode()
        answer = move(second, order, "stand_in", word="yes", reason="unreached")
        assert answer.status_code == 422
        assert "还没到替他说的时候" in answer.content.decode()

    def test_sends_poor_work_back(self, cast: Cast, second: Client) -> None:
        order = an_order(cast, S.SERVED)
        move(second, order, "send_back", reason="poor_work")
        assert (fresh(order).state, fresh(order).holder) == (S.TAKEN, cast.member)


class TestReveal:
    """G2, G3: contact is sealed until somebody who may asks for it, and each asking leaves a line."""

    def test_contact_is_in_no_page_before(self, cast: Cast, desk: Client, county: Any) -> None:
        order = an_order(cast, phone=PHONE, name=NAME, door=DOOR, **here(county))
        for path in (url(order), url(order, "inbox"), "/desk/inbox/", f"/desk/find/?q={PHONE}"):
            text = desk.get(path).content.decode().replace(f'value="{PHONE}"', "").replace(f"「{PHONE}」", "")
            assert PHONE not in text
            assert NAME not in text
            assert DOOR not in text

    def test_opens_contact_and_leaves_lines(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, phone=PHONE, name=NAME)
        text = desk.post(url(order, "orders", "reveal"), {"what": "contact"}).content.decode()
        assert NAME in text
        assert f"tel:{PHONE}" in text
        assert sorted(Look.objects.values_list("field", flat=True)) == ["name", "phone"]
        assert Entry.objects.filter(verb="look", actor_id=cast.dispatcher.pk).count() == 2
        assert PHONE not in desk.get(url(order)).content.decode()
        assert "周敏 看电话 1 次" in desk.get(url(order)).content.decode()

    def test_opens_door_and_words(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, door=DOOR, text="我叫邓秀兰，电话13912345678，下水道堵了")
        assert DOOR in desk.post(url(order, "orders", "reveal"), {"what": "door"}).content.decode()
        assert "13912345678" in desk.post(url(order, "orders", "reveal"), {"what": "words"}).content.decode()
        assert set(Look.objects.values_list("field", flat=True)) == {"door", "original"}

    def test_refuses_who_only_looks_on(self, cast: Cast) -> None:
        order = an_order(cast, phone=PHONE)
        answer = signed_in(cast.grid_worker).post(url(order, "orders", "reveal"), {"what": "contact"})
        assert answer.status_code == 403
        assert PHONE not in answer.content.decode()
        assert not Look.objects.exists()

    def test_refuses_once_it_is_over(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast, S.CLOSED, phone=PHONE)
        assert desk.post(url(order, "orders", "reveal"), {"what": "contact"}).status_code == 403

    def test_knows_no_other_field(self, cast: Cast, desk: Client) -> None:
        assert desk.post(url(an_order(cast), "orders", "reveal"), {"what": "secret_digest"}).status_code == 404

    def test_stays_shut_to_reading_by_address(self, cast: Cast, desk: Client) -> None:
        assert desk.get(url(an_order(cast), "orders", "reveal")).status_code == 405
