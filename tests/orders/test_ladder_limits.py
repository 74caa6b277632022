"""The office's own limits of the ladder from a sheet: all rows or none (R059)."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sandan.core.models import Entry
from sandan.orders.actions.ladder_limits import BadLimit, set_limits
from sandan.orders.models import LevelLimit
from tests.factories.orders import MORNING, a_category

pytestmark = pytest.mark.django_db
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
