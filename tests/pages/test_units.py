"""Pages of units that report in, in a real browser: clean at both sizes, with the longest names."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from sandan.people.actions import units_checkin, units_pair, units_roster, units_survey
from sandan.people.actions.units_register import UnitFacts
from sandan.people.models import Person, Unit
from tests.factories.people import COMMUNITY, GRID, NOON, a_place
from tests.factories.people import cast as a_cast
from tests.factories.units import TODAY, a_clerk, a_registered, a_roster, a_scheme, an_overseer, came, in_community
from tests.pages.conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LONG = "中国共产党清河区直属机关工作委员会离退休干部服务管理中心"


@pytest.fixture
def told(live_server: Any) -> tuple[Unit, Person, Person, Person]:
    """A unit that has come half the way: its clerk, an overseer, the community's desk."""
    cast = a_cast()
    scheme = a_scheme()
    facts = UnitFacts(
        contact="毕升", phone="0990-1234567", address="府前街 1 号", offers=["venue", "law", "health"], member_count=12,
        agreed_on=TODAY, agreement="每月第一个周六来社区讲一次法", is_co_building=True,
    )  # fmt: skip
    unit = a_registered(LONG, facts=facts)
    row = in_community(unit)
    came(unit, ["安歌", "白鹭"])
    rows = a_roster(unit, ["安歌", "白鹭", "常青", "段誉", "尔朱荣"])
    units_roster.excuse(row=rows[2], why="posted", from_on=TODAY, to_on=None, by="system", at=NOON)
    units_checkin.link(
        checkin=row, kind="service", scope=COMMUNITY, text="周末讲法", tags=["law"], by="system", at=NOON
    )
    units_checkin.link(checkin=row, kind="charge", scope=GRID, text="包一网格的楼道", by="system", at=NOON)
    units_checkin.rate_unit(
        checkin=row, side="community", mark=4, text="来得勤，就是人少了点", by=cast.dispatcher, at=timezone.now()
    )
    units_survey.write_step(unit=unit, scheme=scheme, step="survey", from_on=TODAY, done_on=TODAY, by="system", at=NOON)
    units_survey.write_step(
        unit=unit, scheme=scheme, step="match", from_on=TODAY, due_on=TODAY - timedelta(days=1), blocker="answer",
        note="等社区定场地", by="system", at=NOON,
    )  # fmt: skip
    place = a_place(COMMUNITY)
    units_pair.pair(
        unit=unit, community=place, unit_contact="毕升", community_contact="周敏", from_on=TODAY, by="system", at=NOON
    )
    units_survey.write_survey(
        community=place, on=TODAY, households=1200, needs=["law", "venue"], resources=["hands"], gaps="没有活动室",
        by="system", at=NOON, capacity=40,
    )  # fmt: skip
    a_registered("区档案馆")
    return unit, a_clerk(unit), an_overseer(), cast.dispatcher


class TestPages:
    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_overseer(self, visit: Visit, assert_clean: Any, told: Any, size: tuple[int, int]) -> None:
        """R007 R009 R021"""
        unit, _clerk, overseer, _desk = told
        page = visit(reverse("people:progress"), size, login=overseer)
        assert page.get_by_text("40.0").is_visible()
        assert_clean(page)
        page.get_by_role("link", name="没报到").first.click()
        page.get_by_text("尔朱荣").wait_for()
        assert_clean(page)
        for name, args in (("units", []), ("schemes", []), ("scheme_write", []), ("unit", [unit.pk])):
            assert_clean(visit(reverse(f"people:{name}", args=args), size, login=overseer))
        assert_clean(visit(reverse("orders:participation"), size, login=overseer))

    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_clerk(self, visit: Visit, assert_clean: Any, told: Any, size: tuple[int, int]) -> None:
        """R001 R008"""
        unit, clerk, _overseer, _desk = told
        for name, args in (
            ("unit", [unit.pk]), ("unit_roster", [unit.pk, "gap"]), ("unit_hand_in", [unit.pk]),
            ("unit_file", [unit.pk]), ("row_excuse", [unit.roster_rows.order_by("pk").last().pk]),
            ("unit_link", [unit.checkins.get().pk, "service"]),
        ):  # fmt: skip
            assert_clean(visit(reverse(f"people:{name}", args=args), size, login=clerk))

    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_community(self, visit: Visit, assert_clean: Any, told: Any, size: tuple[int, int]) -> None:
        """R010 R200"""
        unit, _clerk, _overseer, desk = told
        page = visit(reverse("people:units_community", args=[int(COMMUNITY)]), size, login=desk)
        assert page.get_by_text("来得勤").is_visible()
        assert_clean(page)
        for name, args in (("units_survey", [int(COMMUNITY)]), ("unit_rate", [unit.checkins.get().pk, "community"])):
            assert_clean(visit(reverse(f"people:{name}", args=args), size, login=desk))
