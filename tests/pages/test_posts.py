"""Staff, posts, organisations and the day's page in a browser: clean at both sizes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from sandan.people.actions import day_posts, organisations
from sandan.people.models import CentreHousehold, Post, Role
from sandan.places.models import Place
from tests.factories.people import COMMUNITY, COUNTY, GRID, NOON, OTHER_GRID, Cast, a_place, a_post, cast, somebody

PHONE, DESK = (390, 844), (1440, 900)
MICRO = f"{GRID}01"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    made = cast()
    a_place(MICRO)
    a_post(made.second_member, Role.GRID_WORKER, OTHER_GRID, grade="helper", shift="turn")
    a_post(made.grid_worker, Role.GRID_LEADER, COMMUNITY)
    keeper = somebody("池文静", Role.ORG_KEEPER, COUNTY)
    organisations.found(scope=GRID, name="造纸厂第一网格党支部", by=keeper, at=NOON)
    CentreHousehold.objects.create(person=made.member, scope=MICRO, can=["tell", "room"], from_at=NOON)
    return made


def guest(people: Cast) -> Any:
    now = timezone.now()
    return day_posts.make_day(
        grid=Place.objects.get(code=GRID), on=timezone.localdate(), mentor=people.grid_worker, name="来客",
        tasks=["walk", "report"], by=people.dispatcher, at=now,
    )  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
class TestPagesOfPosts:
    def test_are_clean(
        self, people: Cast, visit: Callable[..., Any], assert_clean: Callable[..., None], size: Any
    ) -> None:
        """R106, R108, R115, R199: list, person, hand-over, communities, organisations, points, days."""
        post = Post.objects.filter(person=people.grid_worker, role=Role.GRID_LEADER).get()
        day = guest(people)
        pages = (
            "/people/staff/", f"/people/staff/{people.grid_worker.pk}/", f"/people/posts/{post.pk}/hand-over/",
            f"/people/posts/over/{COMMUNITY}/", "/people/communities/", "/people/organisations/",
            f"/people/organisations/of/{COMMUNITY}/", "/people/points/", "/people/days/", f"/people/days/{day.day.pk}/",
            "/people/partners/", f"/people/partners/over/{COMMUNITY}/", f"/people/days/over/{COMMUNITY}/",
        )  # fmt: skip
        for path in pages:
            assert_clean(visit(path, size, login=people.district))

    def test_of_the_day_are_clean(
        self, people: Cast, visit: Callable[..., Any], assert_clean: Callable[..., None], size: Any
    ) -> None:
        """R119: what today is, and one thing written down."""
        page = visit(reverse("people:day"), size, login=guest(people).post.person)
        assert_clean(page)
        page.get_by_label("报看到的问题").check()
        page.get_by_label("写一句").fill("3号楼前路灯不亮")
        Place.objects.filter(code=COMMUNITY).update(takes_orders=True)
        page.get_by_role("button", name="记下这一件").click()
        page.get_by_text("立了一张单").wait_for()
        assert_clean(page)
