"""Rows of lists and the light in them: one statement, nothing sensitive, a filter that means what the ring shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.orders.models import Order
from sandan.orders.queries import lights
from sandan.orders.queries.rows import addresses, board_rows, cut
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast

NOON = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)
LIMITS = st.sampled_from([("minute", 240.0), ("hour", 24.0), ("day", 1.0), ("day", 3.0), ("day", 10.0)])


def holds(condition: Q, due: datetime) -> bool:
    """Whether a deadline meets a condition made of comparisons of due_at."""
    signs = {"gt": due.__gt__, "gte": due.__ge__, "lt": due.__lt__, "lte": due.__le__}
    return all(signs[name.removeprefix("due_at__")](value) for name, value in condition.children)  # type: ignore[misc]


@pytest.mark.django_db
class TestBoardRows:
    def test_reads_everything_in_one_statement(self, cast: Cast, django_assert_num_queries: Any) -> None:
        for state in (S.RECEIVED, S.TAKEN, S.PAUSED, S.CLOSED):
            an_order(cast, state)
        calendar()
        with django_assert_num_queries(1):
            assert len(board_rows(Order.objects.all(), MORNING)) == 4

    def test_prepares_what_a_list_prints(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN, text="厨房下水道堵了，\n水往上返。")
        row = board_rows(Order.objects.all(), MORNING + timedelta(hours=2))[0]
        assert (row.number, row.full_number) == (order.number, order.full_number)
        assert (row.matter, row.category, row.state_label) == ("厨房下水道堵了， 水往上返。", "给排水堵漏", "已接单")
        assert (row.hand, row.light, row.placed, row.grid) == (cast.member.name, "green", "今天 9:30", "001")

    @pytest.mark.parametrize(("code", "sentence"), [("0801", "困难帮扶"), ("0701", "涉及个人")])
    def test_say_nothing_of_a_sensitive_matter(self, cast: Cast, code: str, sentence: str) -> None:
        """G3: neither words nor place nor item of a sensitive order reach a list."""
        an_order(cast, code=code, text="隔壁老王天天喝酒。", building="7号楼", spot="三楼")
        row = board_rows(Order.objects.all(), MORNING)[0]
        assert row.matter.startswith(sentence)
        assert not {"老王", "7号楼", "三楼", "001"} & {*row.matter.split("，"), row.place, row.grid}
        assert row.category in {"民政救助", "司法调解"}

    def test_names_the_desk_where_nobody_serves(self, cast: Cast) -> None:
        an_order(cast, S.SERVED)
        row = board_rows(Order.objects.all(), MORNING)[0]
        assert (row.hand_role, row.hand, row.light, row.due) == ("社区", cast.dispatcher.name, "", "已办好")

    def test_say_why_a_clock_stands(self, cast: Cast) -> None:
        an_order(cast, S.PAUSED)
        row = board_rows(Order.objects.all(), MORNING)[0]
        assert (row.light, row.due) == ("grey", "等配件，到 8月13日")

    def test_of_an_ended_order_have_no_light(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED)
        row = board_rows(Order.objects.all(), MORNING)[0]
        assert (row.light, row.due) == ("", "")


class TestCut:
    def test_makes_one_line(self) -> None:
        assert cut(" a\n b  c ") == "a b c"

    def test_ends_a_long_text_with_a_mark(self) -> None:
        assert cut("长" * 61) == "长" * 59 + "…"


class TestAddresses:
    def test_puts_the_number_into_the_route(self) -> None:
        assert addresses("orders:detail")("140106001001-2026-0810-048") == "/desk/orders/140106001001-2026-0810-048/"


@pytest.mark.django_db
class TestLights:
    def test_red_is_past_the_deadline(self) -> None:
        facts = lights.Running(1, "working", 240, "minute", NOON, None)
        assert lights.light_of(facts, NOON + timedelta(hours=20)).colour == "red"

    def test_grey_keeps_the_share_at_which_the_clock_stopped(self) -> None:
        facts = lights.Running(2, "natural", 10, "hour", NOON + timedelta(hours=5), NOON)
        light = lights.light_of(facts, NOON + timedelta(days=9))
        assert (light.colour, light.share) == ("grey", 0.5)

    def test_a_first_day_that_does_not_count_uses_nothing(self) -> None:
        due = clock.deadline(calendar(), NOON, 3, "day", "working")
        assert lights.light_of(lights.Running(1, "working", 3, "day", due, None), NOON).share == 0

    def test_a_ring_and_its_filter_agree(self) -> None:
        """A list filtered by a colour holds exactly the rows that show it."""
        days = calendar()

        @given(LIMITS, st.booleans(), st.integers(-60 * 24, 60 * 24 * 20), st.integers(0, 60 * 24 * 7))
        def agree(limit: tuple[str, float], natural: bool, ahead: int, later: int) -> None:
            at = NOON + timedelta(minutes=later)
            kind: clock.Kind = "natural" if natural else "working"
            due = clock.add_minutes(days, at, ahead, kind) if ahead >= 0 else at + timedelta(minutes=ahead)
            facts = lights.Running(1, kind, limit[1], limit[0], due, None)
            shown = lights.light_of(facts, at).colour
            fitting = [c for c in ("green", "yellow", "orange") if holds(lights.shows(facts, c, at), due)]
            assert fitting == ([] if shown == "red" else [shown])

        agree()
