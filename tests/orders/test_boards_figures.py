"""The figures through the client: every number opens its orders."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.orders.workflow import S
from tests.factories.orders import an_order
from tests.factories.people import Cast
from tests.orders.boards_kit import NOW, late_order, numbers, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


class TestFigures:
    def opened(self, client: Client, url: str) -> list[str]:
        """All orders behind an address, page by page."""
        seen: list[str] = []
        while url:
            html = words(client, url)
            seen += numbers(html)
            link = re.search(r'href="([^"]*)" aria-label="下一页"', html)
            url = reverse("orders:board") + link[1].replace("&amp;", "&") if link else ""
        return seen

    def test_open_exactly_the_orders_they_count(self, cast: Cast) -> None:
        """R046, R056: every number is a link, and the list behind it has that many rows."""
        for state in (S.RECEIVED, S.TAKEN, S.SERVED, S.CLOSED, S.CLOSED, S.REOPENED, S.PASSED, S.REFUSED, S.MERGED,
                      S.WITHDRAWN, S.FILED, S.PAUSED, S.ESCALATED):  # fmt: skip
            an_order(cast, state)
        late_order(cast)
        client = signed_in(cast.liaison)
        html = words(client, f"{reverse('orders:figures')}?period=quarter")
        links = re.findall(r'href="(/desk/board/[^"]*)" data-count="(\d+)"', html)
        assert len(links) > 20
        for href, count in links:
            assert len(self.opened(client, href.replace("&amp;", "&"))) == int(count), href

    def test_leave_out_withdrawn_and_merged_and_show_them_apart(self, cast: Cast) -> None:
        """R046: withdrawn and merged ones are no orders of the rate; filed messages never were orders."""
        for state in (S.CLOSED, S.TAKEN, S.MERGED, S.WITHDRAWN, S.FILED):
            an_order(cast, state)
        html = words(signed_in(cast.dispatcher), reverse("orders:figures"))
        assert re.search(r'data-count="3">3<small>件', html)  # the closed, the taken, the one merged into
        assert "撤单 1 件" in html
        assert "并单 1 件" in html

    def test_give_no_rate_under_ten_cases(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.CLOSED)
        html = words(desk, reverse("orders:figures"))
        assert "不足 10 件，不算率" in html
        assert "100.0" not in html

    def test_hide_small_groups_of_sensitive_matters(self, cast: Cast, desk: Client) -> None:
        an_order(cast, code="0801", text="想问问低保怎么办。")
        html = words(desk, reverse("orders:figures"))
        assert "救助与低保" not in html
        assert "少于 5 件" in html

    def test_keep_the_period(self, cast: Cast, desk: Client) -> None:
        late_order(cast)
        an_order(cast)
        url = f"{reverse('orders:figures')}?period=dates&since=2026-08-10&until=2026-08-10"
        assert re.search(r'data-count="1">1<small>件', words(desk, url))
        assert re.search(r'data-count="2">2<small>件', words(desk, reverse("orders:figures")))

    def test_print_rules_and_signatures(self, cast: Cast, desk: Client) -> None:
        an_order(cast, S.CLOSED)
        html = words(desk, f"{reverse('orders:figures')}?paper=on")
        for text in ("算法：", f"制表：{cast.dispatcher.name}", "审核：", "签发：", "÷"):
            assert text in html

    @pytest.mark.parametrize("query", ["since=x", "place=1", "since=2026-08-10&until=2026-08-01&period=dates"])
    def test_answer_a_bad_address_in_words(self, cast: Cast, desk: Client, query: str) -> None:
        assert desk.get(f"{reverse('orders:figures')}?{query}").status_code == 422

    def test_are_a_404_for_a_place_of_others(self, cast: Cast, desk: Client) -> None:
        assert desk.get(f"{reverse('orders:figures')}?place=990201002").status_code == 404
