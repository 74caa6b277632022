"""The desk's pages: who may open them, and the inbox."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, Cast
from tests.pages.desk_kit import cast, county, desk, fresh, signed_in, url

__all__ = ["cast", "county", "desk"]
pytestmark = pytest.mark.django_db
ABSENT = f"{COMMUNITY}-2026-0810-999"


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
        assert client.get(url(order)).status_code == 404
        assert client.get("/desk/inbox/").status_code == 403
        assert client.get("/desk/find/?q=0810").status_code == 403

    def test_who_serves_has_his_own_page(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN, helper=cast.grid_worker)
        assert signed_in(cast.grid_worker).get(url(order)).status_code == 404
        assert signed_in(cast.member).get(url(order)).status_code == 404

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
