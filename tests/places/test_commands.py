"""`sandan init` and `sandan grids`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from sandan.places.models import Place
from tests.factories.places import COUNTY, a_county

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
