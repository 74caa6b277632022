"""The board through the client: what it shows to whom, and that its address says it all."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.orders.models import Order
from sandan.orders.queries import boards
from sandan.orders.queries.boards_filter import Filters
from sandan.orders.queries.boards_scope import desk_codes, over
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, COUNTY, GRID, STREET, Cast, somebody
from tests.orders.boards_kit import NOW, copies, late_order, numbers, signed_in, words

pytestmark = pytest.mark.django_db
PAGES = ("board", "calls", "stalled", "unanswered", "figures")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.dispatcher)


class TestEveryPage:
    @pytest.mark.parametrize("name", PAGES)
    def test_asks_for_a_login(self, cast: Cast, name: str) -> None:
        assert Client().get(reverse(f"orders:{name}")).status_code == 302

    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("who", ["auditor", "member", "clerk", "grid_worker"])
    def test_is_closed_to_those_without_a_desk(self, cast: Cast, name: str, who: str) -> None:
        assert signed_in(getattr(cast, who)).get(reverse(f"orders:{name}")).status_code == 403

    @pytest.mark.parametrize("name", PAGES)
    def test_shows_a_neighbour_nothing_of_ours(self, cast: Cast, name: str) -> None:
        order = an_order(cast, S.RECEIVED, at=MORNING - timedelta(days=3))
        html = words(signed_in(cast.neighbour), reverse(f"orders:{name}"))
        assert order.full_number not in html
        assert "下水道" not in html

    @pytest.mark.parametrize("name", [*PAGES, "inbox", "enter", "find"])
    def test_counts_unanswered_ones_on_the_rail(self, cast: Cast, name: str) -> None:
        """R038: every desk page says how many nobody has answered beyond the limit."""
        an_order(cast, S.RECEIVED, at=MORNING - timedelta(days=3))
        an_order(cast, S.RECEIVED, at=NOW)
        html = words(signed_in(cast.dispatcher), reverse(f"orders:{name}"))
        assert re.search(r'没回话<span class="count hot">1</span>', html)

    @pytest.mark.parametrize("name", PAGES)
    def test_needs_the_same_statements_for_5_and_50_orders(
        self, cast: Cast, name: str, django_assert_max_num_queries: Any
    ) -> None:
        order = an_order(cast, S.SERVED)
        late_order(cast)
        client = signed_in(cast.liaison)

        def count() -> int:
            with django_assert_max_num_queries(17 if name == "figures" else 14) as captured:
                client.get(reverse(f"orders:{name}"))
            return len(captured)

        copies(order, 4)
        first = count()
        copies(order, 44, first=100)
        assert count() == first


class TestDeskCodes:
    def test_are_the_areas_of_desk_posts_alone(self, cast: Cast) -> None:
        assert desk_codes(cast.dispatcher, NOW) == (COMMUNITY,)
        assert desk_codes(cast.liaison, NOW) == (STREET,)
        assert desk_codes(cast.member, NOW) == ()

    def test_leave_out_what_lies_inside_another(self, cast: Cast) -> None:
        both = somebody("甘霖", Role.DISPATCHER, COMMUNITY)
        both.posts.create(role=Role.LIAISON, grade="deputy", scope=STREET, from_at=NOW - timedelta(days=1))
        assert desk_codes(both, NOW) == (STREET,)

    @pytest.mark.parametrize("code", [COUNTY, STREET, COMMUNITY, GRID])
    def test_find_the_order_at_every_level(self, cast: Cast, code: str) -> None:
        order = an_order(cast)
        assert list(over((code,))) == [order]


class TestBoard:
    def test_sorts_by_time_left_and_names_who_has_it(self, cast: Cast, desk: Client) -> None:
        fresh, late = an_order(cast, S.TAKEN), late_order(cast)
        html = words(desk, reverse("orders:board"))
        assert numbers(html) == [late.full_number, fresh.full_number]
        assert html.count(cast.member.name) == 2
        assert "超时" in html

    def test_shows_no_words_of_a_sealed_matter(self, cast: Cast, desk: Client) -> None:
        """G3: the markup holds no word and no place of a sealed or sensitive order."""
        an_order(cast, code="0801", text="想问问低保怎么办。", building="7号楼")
        html = words(desk, reverse("orders:board"))
        assert "困难帮扶，点开留查看记录" in html
        assert not re.search("低保怎么|7号楼|救助与低保", html)

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("", {"open", "taken", "served", "paused"}),
            ("list=late", {"taken"}),
            ("list=standing", {"paused"}),
            ("list=word", {"served"}),
            ("list=grab&urgency=1", {"open"}),
            ("light=red", {"taken"}),
            ("light=grey", {"paused"}),
            ("q=电梯", {"open"}),
            ("category=0102", {"taken", "served", "paused"}),
            ("category=02", {"open"}),
            ("holder=none", {"open", "served", "paused"}),
            (f"place={GRID}", {"open", "taken", "served", "paused"}),
            ("since=2026-08-10", {"open", "served", "paused"}),
            ("since=2026-08-01&until=2026-08-09", {"taken"}),
            ("list=counted", {"open", "taken", "served", "paused"}),
        ],
    )
    def test_reproduces_the_list_from_its_address(self, cast: Cast, desk: Client, query: str, wanted: set[str]) -> None:
        made = {
            "open": an_order(cast, S.OPEN, code="0201", text="电梯口堆满垃圾。"),
            "taken": late_order(cast),
            "served": an_order(cast, S.SERVED),
            "paused": an_order(cast, S.PAUSED),
        }
        html = words(desk, f"{reverse('orders:board')}?{query}")
        assert set(numbers(html)) == {made[name].full_number for name in wanted}

    def test_keeps_its_filters_in_the_tabs(self, cast: Cast, desk: Client) -> None:
        html = words(desk, f"{reverse('orders:board')}?q=垃圾&urgency=2&list=late")
        tab = re.search(r'<a href="\?([^"]*)">没办完', html)
        assert tab
        assert parse_qs(tab[1].replace("&amp;", "&")) == {"q": ["垃圾"], "urgency": ["2"]}

    def test_never_finds_a_sealed_matter_by_its_words(self, cast: Cast, desk: Client) -> None:
        an_order(cast, code="0801", text="想问问低保怎么办。")
        assert numbers(words(desk, f"{reverse('orders:board')}?q=低保")) == []

    @pytest.mark.parametrize(
        "query",
        [
            "list=x", "place=12", "category=1", "since=morgen", "holder=me", "estate=0", "light=blue",
            "since=2026-08-10&until=2026-08-01", "q=" + "长" * 61,
        ],
    )  # fmt: skip
    def test_answers_a_bad_address_in_words(self, cast: Cast, desk: Client, query: str) -> None:
        response = desk.get(f"{reverse('orders:board')}?{query}")
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()

    def test_gives_nothing_for_a_place_of_others(self, cast: Cast, desk: Client) -> None:
        an_order(cast)
        assert numbers(words(desk, f"{reverse('orders:board')}?place=990201001002")) == []

    def test_gives_a_refresh_the_live_part_alone(self, cast: Cast, desk: Client) -> None:
        order = an_order(cast)
        html = words(desk, reverse("orders:board"), **{"HX-Request": "true"})
        assert numbers(html) == [order.full_number]
        assert "<html" not in html
        assert '<span class="sr" data-for="n_open">1</span>' in html

    def test_puts_orders_into_columns_by_how_far_they_are(self, cast: Cast, desk: Client) -> None:
        for state in (S.RECEIVED, S.JUDGED, S.OPEN, S.TAKEN, S.SERVED, S.PAUSED):
            an_order(cast, state)
        html = words(desk, f"{reverse('orders:board')}?view=columns")
        assert re.findall(r'<h2 id="col_\w+">([^<]+)</h2><span class="count">(\d+)', html) == [
            ("待研判", "1"), ("没人接", "1"), ("抢单、派单中", "1"), ("有人在办", "1"), ("待评价、待回访", "1"),
        ]  # fmt: skip
        assert html.count('class="kcard"') == 5


class TestPages:
    """Keyset paging: every order once, forwards and back."""

    @pytest.fixture
    def many(self, cast: Cast) -> list[str]:
        order = an_order(cast, S.TAKEN)
        copies(order, 119)
        Order.objects.filter(serial__gte=60).update(due_at=order.due_at + timedelta(minutes=5))  # type: ignore[operator]
        found = Order.objects.order_by("due_at", "id")
        return [one.full_number for one in found]

    def walk(self, client: Client, label: str, url: str) -> tuple[list[str], str]:
        seen: list[str] = []
        while url:
            html = words(client, url)
            seen += numbers(html)
            here, link = url, re.search(rf'href="([^"]*)" aria-label="{label}"', html)
            url = reverse("orders:board") + link[1].replace("&amp;", "&") if link else ""
        return seen, here

    def test_show_every_order_once(self, cast: Cast, desk: Client, many: list[str]) -> None:
        seen, _last = self.walk(desk, "下一页", reverse("orders:board"))
        assert seen == many

    def test_lead_back_to_the_first(self, cast: Cast, desk: Client, many: list[str]) -> None:
        _seen, last = self.walk(desk, "下一页", reverse("orders:board"))
        assert "第 101 至 120 件，共 120" in words(desk, last)
        assert self.walk(desk, "上一页", last)[1] != last
        first = words(desk, self.walk(desk, "上一页", last)[1])
        assert numbers(first) == many[:50]

    @pytest.mark.parametrize("text", ["", "x", "a1_2", "a1_2_x", "a99999999999999999999_1_1", "aä_1_1"])
    def test_begin_at_the_first_where_the_cursor_is_nonsense(self, text: str) -> None:
        assert boards.cursor_from(text) is None

    def test_come_from_the_partial_index(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        copies(order, 3000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE orders_order")
        found = boards.asked(Filters(), (COMMUNITY,), NOW).order_by("due_at", "id")[:51]
        plan = found.values_list("id").explain()
        assert "order_open_community" in plan
        assert "Sort" not in plan


class TestBatch:
    def post(self, client: Client, verb: str, *orders: Order, back: str = "") -> Any:
        data = {"verb": verb, "order": [order.full_number for order in orders], "back": back}
        return client.post(reverse("orders:batch"), data, follow=True)

    def test_marks_what_can_move(self, cast: Cast, desk: Client) -> None:
        judged, paused = an_order(cast, S.JUDGED), an_order(cast, S.PAUSED)
        an_order(cast, S.TAKEN)
        html = words(desk, reverse("orders:board"))
        assert dict(re.findall(r'<tr id="o(\d+)" data-can="([a-z_ ]+)"', html)) == {
            str(judged.pk): "open_up", str(paused.pk): "resume",
        }  # fmt: skip

    def test_moves_those_that_can_and_says_why_the_others_did_not(self, cast: Cast, desk: Client) -> None:
        judged, taken = an_order(cast, S.JUDGED), an_order(cast, S.TAKEN)
        html = self.post(desk, "open_up", judged, taken, back="list=nobody").content.decode()
        judged.refresh_from_db()
        taken.refresh_from_db()
        assert (judged.state, taken.state) == (S.OPEN, S.TAKEN)
        assert "办好 1 件。" in html
        assert f"1 件没动：{taken.number}" in html

    def test_leads_back_to_the_same_list(self, cast: Cast, desk: Client) -> None:
        response = self.post(desk, "resume", an_order(cast, S.PAUSED), back="list=standing&q=水")
        assert response.redirect_chain[0][0] == reverse("orders:board") + "?list=standing&q=%E6%B0%B4"

    def test_asks_for_a_choice(self, cast: Cast, desk: Client) -> None:
        assert "还没选" in self.post(desk, "open_up").content.decode()

    def test_is_closed_to_the_orders_of_others(self, cast: Cast) -> None:
        judged = an_order(cast, S.JUDGED)
        assert self.post(signed_in(cast.neighbour), "open_up", judged).status_code == 404
        judged.refresh_from_db()
        assert judged.state == S.JUDGED

    def test_knows_no_other_verb(self, cast: Cast, desk: Client) -> None:
        assert self.post(desk, "close", an_order(cast, S.REVIEWED)).status_code == 404
