"""`sandan init` and `sandan grids`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sandan.places.models import GroundImport, Place
from tests.factories.places import COUNTY, a_county
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db


def said(*command: str, **options: int) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


class TestInit:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("442000", "中山市：23 个街道（乡镇），287 个社区（村）"),
            ("460400", "儋州市：18 个街道（乡镇），340 个社区（村）"),
        ],
    )
    def test_says_what_came(self, code: str, words: str) -> None:
        assert words in said("init", code)

    def test_says_that_an_outline_was_generated(self) -> None:
        assert "生成了一个示意轮廓" in said("init", "130171")

    def test_fails_with_a_sentence(self) -> None:
        with pytest.raises(CommandError, match="没有代码为 999999"):
            call_command("init", "999999")


class TestGrids:
    def test_draws_and_checks(self) -> None:
        """R102 R103"""
        said("init", "620201")
        assert "生成 420 个网格" in said("grids", "620201", ordinary=120, exclusive=20, micro=280)
        assert "error" not in said("grids", "620201", "--check")

    def test_fails_when_the_tiling_is_broken(self) -> None:
        """R102"""
        county = a_county()
        Place.objects.filter(code=county.grids[0].code).update(valid_to="2026-07-01")
        with pytest.raises(CommandError, match="缺口"):
            call_command("grids", COUNTY, "--check", stdout=StringIO())

    def test_wants_the_county_first(self) -> None:
        with pytest.raises(CommandError, match="sandan init"):
            call_command("grids", "140106")


class TestLoadGrids:
    """`sandan load grids FILE` and `sandan grids CODE --export FILE`."""

    def sheet(self, tmp_path: Path, households: object) -> str:
        file = tmp_path / "网格.xlsx"
        file.write_bytes(workbook(("网格", [["网格编码", "户数"], [f"{COUNTY}001001001", households]])))
        return str(file)

    def test_looks_over_and_changes_nothing_until_told_to(self, tmp_path: Path) -> None:
        """R102 R103"""
        a_county()
        words = said("load", "grids", self.sheet(tmp_path, 433))
        assert "普通网格：有改动 1，没有了 1" in words
        assert "什么都没改" in words
        assert not GroundImport.objects.exists()
        words = said("load", "grids", self.sheet(tmp_path, 433), "--apply", "--keep")
        number = GroundImport.objects.get(state="applied").pk
        assert f"--undo {number}" in words
        assert "已撤回" in said("load", "grids", "--undo", str(number))
        assert Place.objects.get(code=f"{COUNTY}001001001").households != 433

    def test_names_row_and_column(self, tmp_path: Path) -> None:
        a_county()
        assert "表“网格”第 2 行“户数”" in said("load", "grids", self.sheet(tmp_path, "很多"))
        with pytest.raises(CommandError, match="什么都没导入"):
            said("load", "grids", self.sheet(tmp_path, "很多"), "--apply")

    @pytest.mark.parametrize("name", ["a.xlsx", "a.geojson"])
    def test_writes_a_file_that_comes_back_untouched(self, tmp_path: Path, name: str) -> None:
        a_county()
        said("grids", COUNTY, "--export", str(tmp_path / name))
        assert "没变 6" in said("load", "grids", str(tmp_path / name))

    def test_wants_a_file_and_a_county(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="--county"):
            said("load", "grids", self.sheet(tmp_path, 1))
        a_county()
        with pytest.raises(CommandError, match="请写明文件"):
            said("load", "grids")
        with pytest.raises(CommandError, match="没有编号 999"):
            said("load", "grids", "--undo", "999")
