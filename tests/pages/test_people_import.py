"""The pages that bring lists, in a browser: the preview with its questions, the bar, what was done, the way back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandan.people.models import MemberCheckin, Role
from tests.factories.people import somebody
from tests.pages.conftest import SIZES, keep_picture
from tests.people.import_kit import COUNTY, a_ground, draft, sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = (
    ("景师古", "13800000001", None, "城管局", "造纸厂社区", "东网格"),
    ("丰素珍", None, None, None, "造纸厂社区", "第二网格"),
    ("景师古", None, None, None, "水务院社区", "东网格"),
)
BROKEN = (
    ("景师古", "1380000001", None, "城管", "造纸厂社区", "东网格"),
    ("丰素珍", None, "140102800501123", None, None, None),
)


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
class TestImport:
    def test_asks_applies_and_takes_back(
        self, size: tuple[int, int], visit: Callable[..., Page], assert_clean: Callable[..., Any]
    ) -> None:
        """R005"""
        a_ground()
        desk = somebody("缪凤英", Role.DISTRICT, COUNTY)
        page = visit("/people/import/members/", size, login=desk)
        assert_clean(page)
        data = sheet(*ROWS)
        page.get_by_label("表格文件").set_input_files(
            {"name": "名单.xlsx", "mimeType": "application/octet-stream", "buffer": data}
        )
        page.get_by_role("button", name="看预览").click()
        expect(page.get_by_text("1 行只有姓名对得上")).to_be_visible()
        assert_clean(page)
        keep_picture(page, "/people/import/questions/", size)
        page.get_by_label("就是第 2 行那位").check()
        page.get_by_role("button", name="再看一遍").click()
        assert_clean(page)
        assert not MemberCheckin.objects.exists()
        keep_picture(page, "/people/import/preview/", size)
        page.get_by_role("button", name="导入这份名单").click()
        expect(page.get_by_role("heading", name="撤回这次导入")).to_be_visible()
        assert MemberCheckin.objects.count() == 3
        assert_clean(page)
        page.get_by_role("button", name="撤回这次导入").click()
        expect(page.get_by_text("撤回好了")).to_be_visible()
        assert not MemberCheckin.objects.exists()

    def test_lists_what_is_wrong(
        self, size: tuple[int, int], visit: Callable[..., Page], assert_clean: Callable[..., Any]
    ) -> None:
        a_ground()
        desk = somebody("缪凤英", Role.DISTRICT, COUNTY)
        page = visit(f"/people/import/{draft(sheet(*BROKEN), by=desk).pk}/", size, login=desk)
        expect(page.get_by_text("第 2 行 B 列“手机号码”：少了 1 位")).to_be_visible()
        assert_clean(page)
