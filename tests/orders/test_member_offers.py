"""An order for a member: offered or open, taking, saying no, coming too late."""

from typing import Any

import pytest
from django.utils import timezone

from sandan.core.models import Entry
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import an_order
from tests.factories.people import COMMUNITY, GRID, OTHER_GRID, Cast, somebody
from tests.orders.hall_kit import at, offered, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


class TestOffers:
    @pytest.mark.parametrize("who", ["person", "team", "leader", "unit"])
    def test_stand_on_top_for_those_who_may_answer(self, cast: Cast, who: str) -> None:
        """R044: dispatch to a person, a team or a unit; whoever may say yes sees it with the time to answer."""
        mate = cast.team.members.exclude(pk=cast.team.leader_id).first()
        name, person = {
            "person": (cast.member, cast.member), "team": (cast.team, mate),
            "leader": (cast.team, cast.team.leader), "unit": (cast.unit, cast.clerk),
        }[who]  # fmt: skip
        order = offered(cast, name)
        client = signed_in(person)
        text = text_of(client.get("/hall/"))
        assert text.count(order.full_number) > 0
        assert "等您答复" in text
        assert "请在" in text
        assert client.post(at(order), {"act": "take"}).headers["Location"] == f"/mine/{order.full_number}/"
        after = fresh(order)
        assert (after.state, after.holder) == (S.TAKEN, person)
        assert (after.team, after.unit) == (
            name if who in ("team", "leader") else None,
            name if who == "unit" else None,
        )

    def test_are_not_shown_to_others(self, cast: Cast) -> None:
        order = offered(cast, cast.unit)
        client = signed_in(cast.second_member)
        assert order.full_number not in text_of(client.get("/hall/"))
        assert client.get(at(order)).status_code == 404

    def test_asks_the_next_spare_when_declined(self, cast: Cast) -> None:
        """R044: a no has a reason and costs nothing; the next spare name is asked at once."""
        order = offered(cast, cast.member, cast.second_member)
        client = signed_in(cast.member)
        answer = client.post(at(order), {"act": "decline", "reason": "busy"}, follow=True)
        assert "不影响您" in text_of(answer)
        assert order.full_number not in text_of(client.get("/hall/"))
        assert [(offer.person, offer.state) for offer in order.offers.order_by("rank")] == [
            (cast.member, "refused"), (cast.second_member, "sent"),
        ]  # fmt: skip
        assert order.full_number in text_of(signed_in(cast.second_member).get("/hall/"))

    @pytest.mark.parametrize("reason", ["", "reassign", "nonsense"])
    def test_asks_for_a_reason_of_the_list(self, cast: Cast, reason: str) -> None:
        order = offered(cast, cast.member)
        answer = signed_in(cast.member).post(at(order), {"act": "decline", "reason": reason})
        assert answer.status_code == 422
        assert "选一个原因" in text_of(answer)
        assert fresh(order).state == S.OFFERED

    def test_tells_a_team_mate_who_said_yes_first(self, cast: Cast) -> None:
        mates = list(cast.team.members.order_by("pk"))[:2]
        order = offered(cast, cast.team)
        signed_in(mates[0]).post(at(order), {"act": "take"})
        answer = signed_in(mates[1]).post(at(order), {"act": "take"})
        assert answer.status_code == 409
        assert f"晚了一步，{mates[0].name}刚接走。" in text_of(answer)


class TestTaking:
    def test_goes_to_ones_own_page(self, cast: Cast) -> None:
        """R044: grab."""
        order = opened(cast)
        answer = signed_in(cast.member).post(at(order), {"act": "take"}, follow=True)
        assert answer.redirect_chain == [(f"/mine/{order.full_number}/", 302)]
        assert "接下了" in text_of(answer)
        assert fresh(order).holder == cast.member

    def test_pressed_twice_takes_once(self, cast: Cast) -> None:
        order = opened(cast)
        client = signed_in(cast.member)
        for _press in range(2):
            assert client.post(at(order), {"act": "take"}).headers["Location"] == f"/mine/{order.full_number}/"
        assert Entry.objects.filter(subject_id=order.pk, verb="grab").count() == 1

    def test_who_is_late_hears_who_has_it_and_what_else_is_near(self, cast: Cast) -> None:
        """R044: one winner; the other is told who has it."""
        order, other = opened(cast), opened(cast)
        rival = somebody("茹师傅", Role.MEMBER, GRID, skills=["水暖维修"], lon=112.551, lat=37.861)
        client = signed_in(rival)
        assert client.get(at(order)).status_code == 200
        signed_in(cast.member).post(at(order), {"act": "take"})
        for answer in (client.post(at(order), {"act": "take"}), client.get(at(order))):
            assert answer.status_code == 409
            assert "晚了一步，贺连生刚接走。" in text_of(answer)
            assert 'hx-get="/hall/near/"' in text_of(answer)
            assert 'href="/hall/"' in text_of(answer)
        near = text_of(client.get("/hall/near/", headers={"HX-Request": "true"}))
        assert "附近还有 1 单合适您。" in near
        assert other.full_number in near
        assert "<html" not in near
        assert fresh(order).holder == cast.member

    def test_who_is_late_weighs_no_other_order(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        """R044: a thousand who come late at once cost the house no search of the hall each."""
        order = opened(cast)
        rival = signed_in(somebody("茹师傅", Role.MEMBER, GRID, skills=["水暖维修"], lon=112.551, lat=37.861))
        signed_in(cast.member).post(at(order), {"act": "take"})
        with django_assert_max_num_queries(12) as asked:
            rival.post(at(order), {"act": "take"})
        assert not [one for one in asked.captured_queries if "is_open" in one["sql"] and '"state" = ' in one["sql"]]

    def test_who_comes_days_later_cannot_tell_it_from_none(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        client = signed_in(cast.second_member)
        absent = client.get(at(f"{COMMUNITY}-2026-0810-999"))
        foreign = client.get(at(order))
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert client.post(at(order), {"act": "take"}).status_code == 404

    @pytest.mark.parametrize(
        ("limit", "words"),
        [("skill", "登记的本领里还没有"), ("far", "超过您定的 1 公里"), ("hands", "您手上已有 2 单没办完")],
    )
    def test_explains_the_limits_before_and_after_pressing(self, cast: Cast, limit: str, words: str) -> None:
        """R044 R015: limits for each person: skill, distance, two in hand; said on the page, kept on the server."""
        order = opened(cast, **({"grid": OTHER_GRID, "lon": 112.60} if limit == "far" else {}))
        person = cast.second_member if limit == "skill" else cast.member
        if limit == "hands":
            for _n in range(2):
                actions.grab(order=opened(cast), by=person, at=timezone.now())
        client = signed_in(person)
        text = text_of(client.get(at(order)))
        assert words in text
        assert 'value="take"' not in text
        answer = client.post(at(order), {"act": "take"})
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert fresh(order).state == S.OPEN

    def test_full_hands_are_said_in_the_hall(self, cast: Cast) -> None:
        """R015: the limit is said, and the way to free a hand."""
        for _n in range(2):
            actions.grab(order=opened(cast), by=cast.member, at=timezone.now())
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert "办好一单再抢" in text
        assert 'value="take"' not in text
