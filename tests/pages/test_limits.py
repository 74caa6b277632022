"""Pages of the limits: the pass on the desk, the field where a limit was passed."""

from typing import Any

import pytest
from playwright.sync_api import Page

from sandan.orders import limits
from tests.factories.resident import a_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestPages:
    @pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
    def test_are_clean(self, visit: Any, assert_clean: Any, size: tuple[int, int]) -> None:
        town = a_town()
        assert_clean(visit("/desk/passes/", size, login=town.cast.dispatcher))

    def test_ask_for_the_pass_where_the_limit_was_passed(
        self, visit: Any, assert_clean: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_town()
        monkeypatch.setattr(limits, "BY_YOUNG", limits.Limit("young", 0, limits.HOUR))
        page: Page = visit("/order/")
        page.get_by_role("textbox").first.fill("楼道灯不亮，晚上看不见台阶")
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("放行码").wait_for()
        assert_clean(page, allow=("429",))
