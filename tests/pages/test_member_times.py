"""A round in a real browser: clean at both sizes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from sandan.orders.workflow import S
from tests.factories.orders import a_course
from tests.factories.people import Cast
from tests.factories.people import cast as a_cast
from tests.pages.conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


@pytest.fixture
def cast(live_server: Any) -> Cast:
    return a_cast()


class TestPages:
    @pytest.mark.parametrize("size", SIZES)
    def test_a_round(self, visit: Visit, assert_clean: Any, cast: Cast, size: tuple[int, int]) -> None:
        """R044: how many are needed, how many said yes, until when."""
        course = a_course(cast, S.JUDGED, at=timezone.now() - timedelta(minutes=9))
        course.do(
            "gather", cast.dispatcher, to=[cast.member, cast.second_member, cast.grid_worker], needed=3, minutes=60
        )
        course.do("accept", cast.grid_worker)
        page = visit(f"/hall/{course.order.full_number}/", size, login=cast.member)
        assert page.get_by_text("已有 1 人答应，还差 2 人").is_visible()
        assert_clean(page)
        assert_clean(visit("/hall/", size, login=cast.member))
        page.click("#take")
        page.get_by_text("凑齐了告诉您").wait_for()
