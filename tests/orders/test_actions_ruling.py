"""An office's own rules of grabbing (R044): read from a file as a whole, or not at all."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sandan.orders.models import GrabRule
from sandan.orders.queries.member_rules import HOUSE, book, rules_of
from tests.factories.orders import a_category
from tests.factories.people import COUNTY, a_place

pytestmark = pytest.mark.django_db
HEAD = "category,window_minutes,most_open,near_metres"


@pytest.fixture(autouse=True)
def _ground(db: None) -> None:
    a_place(COUNTY)
    a_category("0805")


def load(folder: Path, *rows: str) -> None:
    file = folder / "rules.csv"
    file.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    call_command("grab_rules", COUNTY, file)


class TestSetRules:
    def test_lets_a_category_differ_from_the_county_and_the_county_from_the_house(self, tmp_path: Path) -> None:
        """R015: a limit per person for wishes (0805), another for everything else."""
        load(tmp_path, ",60,3,", "0805,,1,")
        assert rules_of("0805", COUNTY).most_open == 1
        assert rules_of("0805", COUNTY).window_minutes == 60
        assert rules_of("0102", COUNTY).most_open == 3
        assert rules_of("0102", "990301") == HOUSE
        assert book([COUNTY]).of("0805", COUNTY) == rules_of("0805", COUNTY)

    def test_replaces_all_of_the_county(self, tmp_path: Path) -> None:
        load(tmp_path, ",60,3,")
        load(tmp_path, "0805,,1,")
        assert list(GrabRule.objects.values_list("category_id", "most_open")) == [("0805", 1)]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("0000,,1,", "目录里没有「0000」"),
            (",0,,", "window_minutes 写着「0」"),
            (",,many,", "most_open 写着「many」"),
            ("0805,,2,", "前面已经写过了"),
        ],
    )
    def test_refuses_by_row_and_keeps_what_there_was(self, tmp_path: Path, row: str, words: str) -> None:
        load(tmp_path, ",45,,")
        with pytest.raises(CommandError, match=f"第 3 行：.*{words}"):
            load(tmp_path, "0805,,1,", row)
        assert GrabRule.objects.get().window_minutes == 45

    def test_refuses_an_unknown_county(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="没有 123456 这个区县"):
            call_command("grab_rules", "123456", tmp_path / "rules.csv")
