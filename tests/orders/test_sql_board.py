"""The board's statements by hand, each beside its plain twin; and that at size they read an index, never the table."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import engines

from sandan.orders.models import Order
from sandan.orders.queries import boards_counts, boards_unanswered, sql_board
from sandan.orders.queries.boards_filter import Filters, asked
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.queries.boards_scope import area, over
from sandan.orders.queries.rows import board_rows
from sandan.orders.views.boards_rows import rows_html
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COMMUNITY, COUNTY, GRID, STREET, Cast
from tests.orders.boards_kit import NOW, copies, late_order

pytestmark = pytest.mark.django_db
STATES = (S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.TAKEN, S.PAUSED, S.SERVED, S.ESCALATED, S.CLOSED, S.PASSED)
SCOPES = [(), (COUNTY,), (STREET,), (COMMUNITY,), (GRID,), ("990299001",), (COMMUNITY, "990299001"), (COUNTY[:4],)]
FILTERS = (
    Filters(), *(Filters(list=name) for name in ("late", "today", "hands", "ended")), Filters(light="red"),
    Filters(light="orange"), Filters(place=COMMUNITY), Filters(category="0102"), Filters(urgency=3),
    Filters(holder="none"),
)  # fmt: skip


@pytest.fixture
def orders(cast: Cast) -> list[Order]:
    return [late_order(cast), *(an_order(cast, state) for state in STATES)]


class TestListed:
    def test_gives_what_the_orm_gives_in_the_same_order(self, orders: list[Order]) -> None:
        found = Order.objects.order_by("-placed_at", "id")
        plain = list(found.values_list(*sql_board.Listed._fields))
        assert [tuple(row) for row in sql_board.listed(found)[0]] == plain

    def test_counts_all_while_it_gives_the_first(self, orders: list[Order]) -> None:
        rows, count = sql_board.listed(Order.objects.order_by("id")[:8], 3)
        assert ([row.id for row in rows], count) == (sorted(order.pk for order in orders)[:3], 8)

    def test_finds_nothing_where_nothing_can_be(self) -> None:
        assert sql_board.listed(Order.objects.none()) == ([], 0)


class TestTabCounts:
    @pytest.mark.parametrize("codes", SCOPES)
    def test_are_those_of_the_lists_themselves(self, orders: list[Order], codes: tuple[str, ...]) -> None:
        plain = {name: over(codes).filter(LISTS[name].condition(NOW)).count() for name in boards_counts.OPEN_TABS}
        assert boards_counts.tab_counts(codes, NOW) == plain

    def test_stop_one_beyond_the_cap(self, orders: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
        """Counts are capped: a tab says 1000+ and reads no further."""
        monkeypatch.setattr(boards_counts, "CAP", 2)
        assert boards_counts.tab_counts((COUNTY,), NOW)["open"] == 3
        assert (boards_counts.count_words(3), boards_counts.count_words(2)) == ("2+", "2")

    def test_know_every_running_state(self) -> None:
        assert set(boards_counts.RUNNING) == {
            S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.TAKEN, S.UNDERWAY, S.ESCALATED, S.REOPENED,
        }  # fmt: skip


class TestRailCounts:
    @pytest.mark.parametrize("codes", SCOPES)
    def test_are_the_silent_ones_beyond_their_limit(self, orders: list[Order], codes: tuple[str, ...]) -> None:
        later = NOW + timedelta(days=9)
        count = boards_unanswered.overdue_silent(codes, later).count()
        assert boards_unanswered.rail_counts(codes, later) == ({"orders:unanswered": str(count)} if count else {})


class TestCounts:
    def test_are_those_of_the_querysets(self, orders: list[Order]) -> None:
        found = [Order.objects.filter(state=S.TAKEN), Order.objects.none(), Order.objects.order_by("id")[:4]]
        assert sql_board.counts(found) == [one.count() for one in found]


class TestLimits:
    def test_are_the_distinct_limits_of_open_orders(self, orders: list[Order]) -> None:
        names = ("urgency", "clock", "limit_value", "limit_unit")
        plain = set(Order.objects.open().values_list(*names).distinct())
        assert set(sql_board.limits()) == plain
        assert len(sql_board.limits()) == len(plain)


class TestRowsHtml:
    def test_draws_lights_and_tags_as_the_pieces_do(self, orders: list[Order]) -> None:
        an_order_is_hidden = Order.objects.filter(state=S.OPEN)
        an_order_is_hidden.update(privacy="sealed", urgency=3)
        env: Any = engines["jinja2"]
        ui = env.env.get_template("ui/pieces.html").make_module({"elder": False, "csrf_input": ""})
        for row in board_rows(Order.objects.all(), NOW):
            html = rows_html([row], {}, True)
            assert not row.light or str(ui.light(row.light, row.due, row.share)) in html
            assert str(ui.tag(row.state_label, row.tone)) in html
            assert not row.urgent or str(ui.tag(row.urgent, "burst" if row.urgency == 3 else "urgent")) in html
            assert not row.is_hidden or str(ui.tag("密", "seal")) in html

    def test_escapes_what_people_wrote(self, cast: Cast) -> None:
        an_order(cast, text="<script>灯坏了</script>")
        assert "<script>" not in rows_html(board_rows(Order.objects.all(), NOW), {}, False)


class TestPlans:
    def test_read_an_index_for_every_filter_once_there_are_many(self, cast: Cast) -> None:
        """Indexed and residual filters at every level: the table itself is never read through."""
        copies(an_order(cast, S.CLOSED, at=MORNING - timedelta(days=30)), 3000)
        copies(an_order(cast, S.TAKEN), 200, first=10_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE orders_order")
        for codes in ((COUNTY,), (STREET,), (COMMUNITY,)):
            for wanted in FILTERS:
                sign = "" if LISTS[wanted.list].is_open else "-"
                name = "due_at" if LISTS[wanted.list].is_open else "placed_at"
                found = asked(wanted, codes, NOW).order_by(f"{sign}{name}", f"{sign}id")
                assert "Seq Scan" not in plan_of(found), (codes, wanted)
            within, values = area(codes)
            counted = sql_board.COUNTED.format(area=within, condition="state = ANY(%s)", cap=1001)
            assert "Seq Scan" not in explained(f"SELECT {counted}", [*values, [S.TAKEN]])


def plan_of(orders: Any) -> str:
    return explained(*orders[:51].values("pk").query.sql_with_params())


def explained(text: str, values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", values)
        return str(cursor.fetchall())
