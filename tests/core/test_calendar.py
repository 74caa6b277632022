"""The calendar in force: the library's tables, own days above them, and plans loaded from a file."""

import csv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sandan.calc import clock
from sandan.core import calendar as door
from sandan.core.calendar import PlanRefused, calendar, load_plan, plan_known
from sandan.core.models import Day, Entry
from tests.calc.clock.plan2026 import HOLIDAYS, MAKE_UP

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.SHANGHAI)
HEAD = "date,working,name\n"
# Made up for the test; the real plan of 2027 is published in the autumn of 2026.
PLAN_2027 = HEAD + "2026-12-31,0,元旦\n2027-01-01,0,元旦\n2027-01-03,1,元旦调休上班\n2027-05-03,0,劳动节\n"
OnCommit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    door.forget()
    yield
    door.forget()


def load(text: str) -> tuple[Day, ...]:
    rows = csv.DictReader(text.splitlines())
    return load_plan(lines=[(rows.line_num, row) for row in rows], at=NOON)


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.SHANGHAI)


class TestCalendar:
    @pytest.mark.parametrize("day", [*HOLIDAYS, *MAKE_UP], ids=str)
    def test_knows_each_special_day_of_2026(self, day: date) -> None:
        assert calendar().is_working_day(day) == (day in MAKE_UP)

    def test_knows_nothing_but_weekends_beside_them(self) -> None:
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
        others = [day for day in days if day not in {*HOLIDAYS, *MAKE_UP}]
        assert all(calendar().is_working_day(day) == (day.weekday() < 5) for day in others)

    def test_knows_the_years_from_2004_to_2026(self) -> None:
        assert calendar().plan.years >= set(range(2004, 2027))
        assert not calendar().is_working_day(date(2015, 9, 3))  # a day off of that year alone

    def test_takes_an_own_day_over_the_library(self) -> None:
        Day.objects.create(on=date(2026, 10, 10), is_working=False)
        Day.objects.create(on=date(2026, 10, 7), is_working=True)
        assert not calendar().is_working_day(date(2026, 10, 10))
        assert calendar().is_working_day(date(2026, 10, 7))

    def test_asks_the_database_once(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert calendar() is calendar()
        assert len(queries) == 1

    def test_looks_again_after_a_minute_and_keeps_its_sums(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(door, "FRESH_SECONDS", 60)
        first, now = calendar(), door.monotonic()
        monkeypatch.setattr(door, "monotonic", lambda: now + 60)
        assert calendar() is first
        Day.objects.bulk_create([Day(on=date(2026, 3, 4), is_working=False)])  # as another process would
        monkeypatch.setattr(door, "monotonic", lambda: now + 120)
        assert not calendar().is_working_day(date(2026, 3, 4))

    def test_sees_a_saved_and_a_deleted_day_at_once(self, django_capture_on_commit_callbacks: OnCommit) -> None:
        assert calendar().is_working_day(date(2026, 3, 4))
        with django_capture_on_commit_callbacks(execute=True):
            day = Day.objects.create(on=date(2026, 3, 4), is_working=False)
        assert not calendar().is_working_day(date(2026, 3, 4))
        with django_capture_on_commit_callbacks(execute=True):
            day.delete()
        assert calendar().is_working_day(date(2026, 3, 4))

    def test_follows_the_office_hours_of_the_installation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "OFFICE_HOURS", "08:00-12:00,14:00-18:00", raising=False)
        assert calendar().working_minutes_of(date(2026, 3, 4)) == 480


class TestPlanKnown:
    def test_is_false_for_2027_until_its_plan_is_loaded(self, django_capture_on_commit_callbacks: OnCommit) -> None:
        """R042: the clock of a state says when it leans on an unpublished plan, and is exact once it is data."""
        before = clock.due(calendar(), at(2026, 12, 30), 1, "day", "working")
        assert not plan_known(2027)
        assert clock.due(calendar(), at(2026, 12, 31), 1, "day", "working") == clock.Due(at(2027, 1, 1, 17, 30), True)
        with django_capture_on_commit_callbacks(execute=True):
            load(PLAN_2027)
        assert plan_known(2027)
        assert before == clock.Due(at(2026, 12, 31, 17, 30), False)
        # 31 December and 1 January are free, Saturday 2 too; Sunday 3 is worked
        assert clock.due(calendar(), at(2026, 12, 30), 1, "day", "working") == clock.Due(at(2027, 1, 3, 17, 30), False)
        assert clock.deadline(calendar(), at(2027, 4, 30), 1, "day", "working") == at(2027, 5, 4, 17, 30)

    def test_does_not_take_one_corrected_day_for_a_plan(self) -> None:
        Day.objects.create(on=date(2027, 3, 8), is_working=False)
        assert not plan_known(2027)
        assert not calendar().is_working_day(date(2027, 3, 8))


class TestLoadPlan:
    def test_replaces_the_plan_of_the_same_year(self) -> None:
        load(PLAN_2027)
        load(HEAD + "2027-01-01,0,元旦\n")
        assert not Day.objects.filter(on__year=2027).exclude(on=date(2027, 1, 1)).exists()

    def test_keeps_a_december_that_the_next_plan_changed(self) -> None:
        load(PLAN_2027)
        load(HEAD + "2026-01-01,0,元旦\n2026-05-01,0,劳动节\n")
        assert Day.objects.filter(on=date(2026, 12, 31), is_working=False).exists()

    def test_writes_one_line_in_the_journal(self) -> None:
        load(PLAN_2027)
        entry = Entry.objects.get(subject="core.day")
        assert (entry.subject_id, entry.verb, entry.at, entry.facts) == (2027, "load_plan", NOON, {"days": 4})

    def test_takes_dates_as_spreadsheets_write_them(self) -> None:
        days = load(HEAD + "2027年5月3日,0,劳动节\n2027/1/1,0,元旦\n,,\n")
        assert [day.on for day in days] == [date(2027, 1, 1), date(2027, 5, 3)]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (HEAD, "文件里没有日期"),
            ("day,working,name\n2027-01-01,0,元旦\n", "表头少了 date"),
            (HEAD + "2027-01-01,0,元旦\n2027-02-30,0,春节\n", "第 3 行：日期「2027-02-30」看不懂"),
            (HEAD + "2027-01-01,休,元旦\n", "第 2 行：working 写着「休」"),
            (HEAD + "2027-01-01\n", "第 2 行：working 写着「」"),
            (HEAD + "2027-01-01,0,元旦\n\n2027-01-01,0,元旦\n", "第 4 行：2027-01-01 前面已经写过了"),
            (HEAD + "2027-01-01,0," + "元" * 41 + "\n", "第 2 行：名称有 41 个字"),
            (HEAD + "2027-01-01,0,元旦\n2026-10-01,0,国庆节\n", "2026-10-01 不是 2027 年的"),
            (HEAD + "2027-05-01,0,劳动节\n", "没有 2027 年 1 月 1 日放假"),
            (HEAD + "2027-01-01,1,元旦\n", "没有 2027 年 1 月 1 日放假"),
        ],
    )
    def test_refuses_a_faulty_file_and_saves_nothing(self, text: str, told: str) -> None:
        with pytest.raises(PlanRefused, match=told):
            load(text)
        assert not Day.objects.exists()
        assert not Entry.objects.exists()

    def test_names_all_faulty_rows_at_once(self) -> None:
        with pytest.raises(PlanRefused) as refusal:
            load(HEAD + "明天,0,\n2027-01-01,2,元旦\n")
        assert [line[:6] for line in str(refusal.value).splitlines()] == ["第 2 行：", "第 3 行："]


class TestHolidays:
    """The command."""

    def test_loads_the_file_that_shows_the_format(self) -> None:
        out = StringIO()
        call_command("holidays", str(settings.BASE / "data" / "holidays_2026.csv"), stdout=out)
        assert out.getvalue() == "2026 年放假安排载入了：放假 33 天，调休上班 6 天。\n"
        assert {day.on for day in Day.objects.filter(is_working=True)} == set(MAKE_UP)
        assert {day.on for day in Day.objects.filter(is_working=False)} == set(HOLIDAYS)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_reads_what_offices_save(self, tmp_path: Path, encoding: str) -> None:
        file = tmp_path / "2027.csv"
        file.write_text(PLAN_2027, encoding=encoding)
        call_command("holidays", str(file), stdout=StringIO())
        assert Day.objects.get(on=date(2027, 5, 3)).name == "劳动节"

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"date,working,name\n2027-01-01,x,\n", "2027.csv 没有载入。\n第 2 行"),
            (b"\xff\xfe\x00\xff", "2027.csv 不是文字文件"),
            (None, "打不开 2027.csv"),
        ],
    )
    def test_says_what_is_wrong_with_the_file(self, tmp_path: Path, content: bytes | None, told: str) -> None:
        file = tmp_path / "2027.csv"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(CommandError, match=told):
            call_command("holidays", str(file))
        assert not Day.objects.exists()
