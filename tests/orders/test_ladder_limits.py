"""The office's own limits of the ladder from a sheet: all rows or none (R059)."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from sandan.core.models import Entry
from sandan.orders.actions.ladder_limits import BadLimit, drop_limit, set_limit, set_limits
from sandan.orders.models import LevelLimit
from sandan.orders.queries import ladder_limits as queries
from tests.factories.orders import MORNING, a_category
from tests.factories.people import cast

pytestmark = pytest.mark.django_db
PAGE = "/desk/limits/"
HEAD = "category,level,minutes,does"


class TestSetLimits:
    def test_replaces_them_all(self) -> None:
        a_category("0102"), a_category("0601")
        assert set_limits(lines=[HEAD, "0102,1,120,propose", "0102,2,480,step", "0601,3,60,step"], at=MORNING) == 3
        assert set_limits(lines=[HEAD, "0102,2,240,step"], at=MORNING) == 1
        assert list(LevelLimit.objects.values_list("category", "level", "minutes", "is_step")) == [
            ("0102", 2, 240, True)
        ]
        assert Entry.objects.filter(verb="level_limit").count() == 4

    @pytest.mark.parametrize(
        "row",
        ["9999,2,60,step", "01,2,60,step", "0102,4,60,step", "0102,0,60,step", "0102,2,0,step", "0102,2,x,step",
         "0102,2,60,maybe", "0102,2", "0102,２,60,step"],
    )  # fmt: skip
    def test_keeps_what_was_where_a_row_is_wrong(self, row: str) -> None:
        a_category("0102")
        set_limits(lines=[HEAD, "0102,1,120,propose"], at=MORNING)
        with pytest.raises(BadLimit, match="第 3 行"):
            set_limits(lines=[HEAD, "0102,2,60,step", row], at=MORNING)
        assert LevelLimit.objects.get().level == 1

    def test_refuses_two_rows_for_one_level_and_a_sheet_without_columns(self) -> None:
        a_category("0102")
        with pytest.raises(BadLimit, match="两行"):
            set_limits(lines=[HEAD, "0102,2,60,step", "0102,2,90,step"], at=MORNING)
        with pytest.raises(BadLimit, match="does"):
            set_limits(lines=["category,level,minutes"], at=MORNING)


class TestCommand:
    def test_tells_how_many_hold_and_what_is_wrong(self, tmp_path: Path) -> None:
        a_category("0102")
        file, out = tmp_path / "limits.csv", StringIO()
        file.write_text(f"{HEAD}\n0102,2,60,step\n", encoding="utf-8")
        call_command("level_limits", str(file), stdout=out)
        assert "共 1 行" in out.getvalue()
        file.write_text(f"{HEAD}\n0102,9,60,step\n", encoding="utf-8")
        with pytest.raises(CommandError, match="第 2 行"):
            call_command("level_limits", str(file))


class TestSetLimit:
    def test_sets_one_changes_it_and_takes_it_away(self) -> None:
        """R118: each with who and when in the history."""
        item, people = a_category("0102"), cast()
        facts = {"category": item, "level": 2, "by": people.district, "at": MORNING}
        set_limit(minutes=480, is_step=False, **facts)
        set_limit(minutes=240, is_step=True, **facts)
        row = LevelLimit.objects.get()
        assert (row.minutes, row.is_step) == (240, True)
        drop_limit(limit=row, by=people.district, at=MORNING)
        told = [(one.name, one.level, one.minutes) for one in queries.history()]
        assert told == [("缪凤英", 2, None), ("缪凤英", 2, 240), ("缪凤英", 2, 480)]
        with pytest.raises(BadLimit):
            drop_limit(limit=row, by=people.district, at=MORNING)

    @pytest.mark.parametrize(("level", "minutes"), [(4, 60), (0, 60), (2, 0)])
    def test_refuses_what_the_ladder_does_not_know(self, level: int, minutes: int) -> None:
        item, people = a_category("0102"), cast()
        with pytest.raises(BadLimit):
            set_limit(
                category=item, level=level, minutes=minutes, is_step=True, by=people.district, at=MORNING
            )  # fmt: skip


class TestPage:
    ROW = {"category": "0102", "level": "2", "hours": "1.5", "does": "step"}

    def test_is_set_by_the_district_and_read_by_every_desk(self, client: Client) -> None:
        """R118: limits of how long an order stands on a level have a page."""
        a_category("0102")
        people = cast()
        client.force_login(people.district)
        assert client.post(PAGE, self.ROW).status_code == 302
        assert LevelLimit.objects.get().minutes == 90
        for person in (people.dispatcher, people.liaison):
            client.force_login(person)
            assert "1.5 小时" in client.get(PAGE).content.decode()
            assert client.post(PAGE, self.ROW).status_code == 403
            assert client.post(f"{PAGE}{LevelLimit.objects.get().pk}/drop/").status_code == 404
        client.force_login(people.district)
        assert client.post(f"{PAGE}{LevelLimit.objects.get().pk}/drop/").status_code == 302
        assert "恢复通常的时间" in client.get(PAGE).content.decode()
        assert client.post(f"{PAGE}1/drop/").status_code == 404

    def test_says_what_is_missing(self, client: Client) -> None:
        people = cast()
        client.force_login(people.district)
        assert client.post(PAGE, {"category": "nothing", "level": "9"}).status_code == 422
