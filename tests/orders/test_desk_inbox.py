"""The inbox with many messages: the first thirty, and the rest for whoever asks."""

import pytest
from django.utils import timezone

from sandan.orders.queries import desk_inbox
from sandan.orders.workflow import S
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.orders.boards_kit import NOW, copies, signed_in, words

pytestmark = pytest.mark.django_db
INBOX = "/desk/inbox/"


@pytest.fixture(autouse=True)
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    copies(an_order(cast, S.RECEIVED), 34)


class TestInbox:
    def test_shows_thirty_and_says_how_many_wait(self, cast: Cast) -> None:
        html = words(signed_in(cast.dispatcher), INBOX)
        assert html.count('class="mail"') == desk_inbox.FIRST_ROWS
        assert "待研判 35" in html
        assert "再看后面的，共 35 件" in html

    def test_shows_all_to_whoever_asks_and_keeps_it_so(self, cast: Cast) -> None:
        html = words(signed_in(cast.dispatcher), f"{INBOX}?rows=100")
        assert html.count('class="mail"') == 35
        assert "再看后面的" not in html
        assert html.count("?sort=urgent&amp;rows=100") >= 35  # the next message opens beside the same list


class TestFirstRows:
    def test_count_no_further_than_a_hundred(self, cast: Cast) -> None:
        copies(an_order(cast, S.RECEIVED, at=NOW), 90, first=500)
        rows, count = desk_inbox.first_rows(cast.dispatcher.posts.all(), NOW, "oldest", 5)
        assert (len(rows), count) == (5, desk_inbox.MOST_ROWS)
        assert rows == desk_inbox.inbox(cast.dispatcher.posts.all(), NOW, "oldest")[:5]
