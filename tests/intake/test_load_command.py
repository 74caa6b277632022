"""`sandan load`: prints what changed, and fails with a sentence."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sandan.intake.models import Category
from tests.factories.intake import FOLDER


class TestLoad:
    def test_prints_each_change_and_then_none(self, db: None) -> None:
        out, err = StringIO(), StringIO()
        call_command("load", stdout=out, stderr=err)
        assert "0101 房屋渗漏 new" in out.getvalue()
        assert err.getvalue() == "59 rows changed\n"
        again = StringIO()
        call_command("load", stdout=again, stderr=StringIO())
        assert again.getvalue() == ""

    def test_fails_whole_with_row_and_column(self, db: None, tmp_path: Path) -> None:
        for name in ("categories", "duties", "departments"):
            shutil.copy(FOLDER / f"{name}.csv", tmp_path)
        bad = tmp_path / "duties.csv"
        bad.write_text(bad.read_text().replace(",每季度,", ",,", 1))
        with pytest.raises(CommandError, match=r"duties\.csv 第 \d+ 行 rhythm 列"):
            call_command("load", folder=tmp_path, stdout=StringIO(), stderr=StringIO())
        assert not Category.objects.exists()

    def test_fails_where_a_file_is_missing(self, db: None, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"categories\.csv"):
            call_command("load", folder=tmp_path, stdout=StringIO(), stderr=StringIO())
