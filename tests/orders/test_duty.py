"""The duty list: who is on when, hand-over, gaps, a sheet all or nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc import rota
from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.core.models import Entry
from sandan.orders.actions import duty as actions
from sandan.orders.actions.duty import BadDuty, BadSheet
from sandan.orders.models import Duty
from sandan.orders.queries import duty as queries
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING
from tests.factories.people import COMMUNITY, COUNTY, OTHER_COMMUNITY, STREET, Cast, a_person, somebody

DAY = timedelta(days=1)
START = MORNING + DAY


def put(cast: Cast, person: Person, scope: str = COMMUNITY, rank: int = 1, **facts: object) -> Duty:
    return actions.put_on(
        **{
            "scope": scope, "person": person, "rank": rank, "from_at": START, "to_at": START + DAY,
            "by": cast.dispatcher, "at": MORNING,
        } | facts
    )  # fmt: skip


class TestGaps:
    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=12), st.integers(0, 30), st.integers(1, 40)
    )
    def test_are_exactly_the_minutes_nobody_covers(
        self, rows: list[tuple[int, int]], since: int, length: int
    ) -> None:  # fmt: skip
        zero = datetime(2026, 8, 10, tzinfo=UTC)
        minute = timedelta(minutes=1)
        spans = [(zero + start * minute, zero + (start + span) * minute) for start, span in rows]
        found = rota.gaps(spans, zero + since * minute, zero + (since + length) * minute)
        open_minutes = {
            number
            for number in range(since, since + length)
            if not any(start <= number < start + span for start, span in rows)
        }
        told = {since + n for n in range(length) for a, b in found if a <= zero + (since + n) * minute < b}
        assert told == open_minutes
        assert all(a < b for a, b in found)

    @pytest.mark.django_db
    def test_are_told_for_lists_in_use(self, cast: Cast) -> None:
        assert queries.gaps(MORNING) == []
        put(cast, cast.reviewer)
        found = queries.gaps(MORNING)
        assert [(gap.scope, gap.from_at, gap.to_at) for gap in found] == [
            (COMMUNITY, MORNING, START), (COMMUNITY, START + DAY, MORNING + 7 * DAY),
        ]  # fmt: skip
        assert found[0].name == "造纸厂社区"
        assert queries.gaps(MORNING, within=[OTHER_COMMUNITY]) == []

    @pytest.mark.django_db
    def test_are_closed_by_a_deputy(self, cast: Cast) -> None:
        put(cast, cast.reviewer, from_at=MORNING, to_at=MORNING + 4 * DAY)
        put(cast, cast.dispatcher, rank=2, from_at=MORNING + 3 * DAY, to_at=MORNING + 8 * DAY)
        assert queries.gaps(MORNING) == []


@pytest.mark.django_db
class TestPutOn:
    def test_stands_on_the_list_and_in_the_journal(self, cast: Cast) -> None:
        line = put(cast, cast.grid_worker)
        assert list(Duty.objects.on(START)) == [line]
        assert list(Duty.objects.on(START + DAY)) == []
        entry = journal.lines_of(line).get()
        assert (entry.verb, entry.facts["person"], entry.scope) == ("put_on", cast.grid_worker.pk, COMMUNITY)

    def test_refuses_a_rank_that_is_taken_at_that_time(self, cast: Cast) -> None:
        put(cast, cast.reviewer)
        with pytest.raises(BadDuty, match="第 1 位"):
            put(cast, cast.dispatcher, from_at=START + DAY / 2, to_at=START + 2 * DAY)
        put(cast, cast.dispatcher, from_at=START + DAY, to_at=START + 2 * DAY)
        put(cast, cast.dispatcher, rank=2)

    def test_is_refused_by_the_database_as_well(self, cast: Cast) -> None:
        facts = {"scope": COMMUNITY, "person": cast.reviewer, "from_at": START, "to_at": START + DAY}
        Duty.objects.create(**facts)
        for more in ({}, {"rank": 0}, {"rank": 2, "to_at": START}, {"rank": 2, "scope": "9902"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Duty.objects.create(**facts | more)

    @pytest.mark.parametrize(
        "facts",
        [
            {"rank": 0}, {"rank": 10}, {"to_at": START}, {"to_at": START + 40 * DAY}, {"scope": "990201009"},
            {"from_at": MORNING - 3 * DAY, "to_at": MORNING - 2 * DAY}, {"scope": "99"},
        ],
    )  # fmt: skip
    def test_refuses_what_makes_no_sense(self, cast: Cast, facts: dict[str, object]) -> None:
        by = cast.district
        with pytest.raises((BadDuty, NotAllowed)):
            put(cast, cast.reviewer, by=by, **facts)

    def test_takes_nobody_without_a_post_there(self, cast: Cast) -> None:
        """G2: who may be paged is who may see what he is paged for."""
        admin = somebody("管理", Role.ADMIN, COUNTY)
        for person in (cast.member, cast.neighbour, cast.auditor, admin, a_person("外人")):
            with pytest.raises(BadDuty, match="没有岗位"):
                put(cast, person)
        put(cast, cast.neighbour, STREET, by=cast.liaison)

    @pytest.mark.parametrize("name", ["neighbour", "member", "grid_worker", "auditor", "clerk"])
    def test_is_for_the_desks_of_that_area(self, cast: Cast, name: str) -> None:
        with pytest.raises(NotAllowed):
            put(cast, cast.reviewer, by=getattr(cast, name))

    def test_keeps_a_wider_list_from_a_narrower_desk(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            put(cast, cast.liaison, STREET, by=cast.dispatcher)
        put(cast, cast.liaison, STREET, by=cast.liaison)


@pytest.mark.django_db
class TestHandOver:
    def test_leaves_no_minute_between(self, cast: Cast) -> None:
        line = put(cast, cast.reviewer)
        now = START + DAY / 2
        new = actions.hand_over(duty=line, to=cast.grid_worker, by=cast.reviewer, at=now)
        line.refresh_from_db()
        assert (line.to_at, new.from_at, new.to_at, new.after) == (now, now, START + DAY, line)
        assert [d.person for d in Duty.objects.on(now)] == [cast.grid_worker]
        assert queries.gaps(START, days=1) == []

    def test_of_a_duty_to_come_changes_the_name(self, cast: Cast) -> None:
        line = put(cast, cast.reviewer)
        new = actions.hand_over(duty=line, to=cast.dispatcher, by=cast.dispatcher, at=MORNING)
        assert list(Duty.objects.values_list("person", "from_at")) == [(cast.dispatcher.pk, START)]
        assert Entry.objects.filter(verb="hand_over", subject_id=new.pk).get().facts["former"] == cast.reviewer.pk

    def test_refuses_what_is_over_and_strangers(self, cast: Cast) -> None:
        line = put(cast, cast.reviewer)
        with pytest.raises(BadDuty):
            actions.hand_over(duty=line, to=cast.dispatcher, by=cast.dispatcher, at=START + 2 * DAY)
        with pytest.raises(NotAllowed):
            actions.hand_over(duty=line, to=cast.neighbour, by=cast.neighbour, at=MORNING)
        with pytest.raises(BadDuty):
            actions.hand_over(duty=line, to=cast.member, by=cast.dispatcher, at=MORNING)


@pytest.mark.django_db
class TestTakeOff:
    def test_strikes_what_is_to_come_and_ends_what_runs(self, cast: Cast) -> None:
        coming, running = put(cast, cast.reviewer, rank=2), put(cast, cast.dispatcher)
        actions.take_off(duty=coming, by=cast.dispatcher, at=MORNING)
        actions.take_off(duty=running, by=cast.dispatcher, at=START + DAY / 4)
        assert list(Duty.objects.values_list("person", "to_at")) == [(cast.dispatcher.pk, START + DAY / 4)]
        with pytest.raises(BadDuty):
            actions.take_off(duty=running, by=cast.dispatcher, at=START + DAY)


@pytest.mark.django_db
class TestLoad:
    HEAD = "地方代码,登录名,顺位,从,到\r\n"

    def sheet(self, *rows: str, code: str = "utf-8-sig") -> bytes:
        return (self.HEAD + "\r\n".join(rows)).encode(code)

    def row(self, person: Person, rank: int = 1, scope: str = COMMUNITY, day: int = 12) -> str:
        return f"{scope},{person.login},{rank},2026-08-{day} 18:00,2026/08/{day + 1} 8:00"

    @pytest.mark.parametrize("code", ["utf-8-sig", "utf-8", "gb18030"])
    def test_puts_all_rows_on_the_list(self, cast: Cast, code: str) -> None:
        content = self.sheet(self.row(cast.reviewer), "", self.row(cast.dispatcher, 2), ",,,,", code=code)
        assert actions.load(content=content, by=cast.dispatcher, at=MORNING) == 2
        first = Duty.objects.order_by("rank")[0]
        assert first.from_at == MORNING.replace(day=12, hour=18, minute=0)

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            ("990201001001,nobody,1,2026-08-12 18:00,2026-08-13 08:00", "第 3 行：没有登录名"),
            ("990201001001,LOGIN,one,2026-08-12 18:00,2026-08-13 08:00", "第 3 行：顺位"),
            ("990201001001,LOGIN,2,12.8.,2026-08-13 08:00", "第 3 行：时间写成"),
            ("990201002001,LOGIN,2,2026-08-12 18:00,2026-08-13 08:00", "第 3 行：这张值班表不归您排"),
            ("990201001001,LOGIN,2", "第 3 行：时间写成"),
        ],
    )
    def test_keeps_nothing_where_one_row_is_wrong(self, cast: Cast, row: str, why: str) -> None:
        content = self.sheet(self.row(cast.reviewer), row.replace("LOGIN", cast.dispatcher.login))
        with pytest.raises(BadSheet, match=why):
            actions.load(content=content, by=cast.dispatcher, at=MORNING)
        assert not Duty.objects.exists()

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "第一行少了"), ("地方代码,登录名\n".encode(), "顺位"), (HEAD.encode(), "没有一行"),
            (b"\xff\xfe\xff", "读不出"), (b"x" * 1_000_001, "太大"),
        ],
    )  # fmt: skip
    def test_says_what_the_sheet_lacks(self, cast: Cast, content: bytes, why: str) -> None:
        with pytest.raises(BadSheet, match=why):
            actions.load(content=content, by=cast.dispatcher, at=MORNING)
