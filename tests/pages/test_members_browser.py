"""Members' pages in a real browser: one's own page, checking in, the register, service posts, the claim desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from sandan.people.actions import member_links, service_posts
from sandan.people.models import MemberCheckin, MemberProfile, Person, Role
from sandan.places.models import Place
from tests.factories.members import a_member, a_service_post, checked_in
from tests.factories.people import a_unit, somebody
from tests.factories.places import County, a_county
from tests.pages.conftest import PHONE, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


@pytest.fixture
def ground(live_server: Any) -> County:
    return a_county()


def an_active_member(grid: Place, desk: Person) -> Person:
    """With a unit, a charge, words of both sides and a service post that was handed on once."""
    at = timezone.now()
    member = a_member("欧阳清和", grid.code, unit=a_unit("市统计局", "unit"), skills=["电工", "理发", "教育辅导"])
    row = MemberCheckin.objects.get(person=member)
    MemberProfile.objects.create(person=member, interests="会修老式收音机，周末想陪老人说说话")
    member_links.set_charges(checkin=row, scopes=[grid.code], by=desk, at=at)
    member_links.rate(checkin=row, word="fair", text="来得少了些", by=desk, at=at)
    member_links.rate(checkin=row, word="good", text="", by=member, at=at)
    return member


def posts_and_wish(ground: County, desk: Person, member: Person) -> None:
    """Two open posts, one held with a question out, one that another wants to hand over, and a wish."""
    at = timezone.now() - timedelta(minutes=5)
    term = {"from_at": at, "to_at": at + timedelta(days=90), "at": at, "place": ground.communities[0]}
    for kind in ("elders", "fix"):
        a_service_post(desk, kind=kind, **term)
    other = a_member("茹晓东", ground.grids[0].code)
    mine, theirs = a_service_post(desk, **term), a_service_post(desk, kind="safety", seats=2, **term)
    service_posts.claim(post=mine, by=member, at=at)
    held = service_posts.claim(post=theirs, by=other, at=at)
    service_posts.ask_to_take_over(holding=held, to=member, by=other, at=at)


def whole(page: Page, size: tuple[int, int]) -> Page:
    """The page in a window as high as itself: else the bar at the foot lies over whatever is there by chance."""
    page.set_viewport_size({"width": size[0], "height": page.evaluate("document.documentElement.scrollHeight") + 80})
    return page


class TestMemberPages:
    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_member(self, visit: Visit, assert_clean: Any, ground: County, size: tuple[int, int]) -> None:
        """R016, R018, R013, R015: own page, own way to a grid, the claim desk."""
        desk = somebody("周敏", Role.DISPATCHER, ground.communities[0].code)
        member = an_active_member(ground.grids[0], desk)
        posts_and_wish(ground, desk, member)
        page = visit("/people/me/", size, login=member)
        assert_clean(whole(page, size))
        page.locator("#what > summary").press("Enter")
        page.locator("#what").get_by_role("checkbox", name="手语").check()
        assert_clean(whole(page, size))
        page.get_by_role("button", name="记下会什么").click()
        page.get_by_text("以后按这个推给您").wait_for()
        assert_clean(visit("/people/me/checkin/?q=桐花苑", size, login=member))
        page = visit("/claims/", size, login=member)
        assert_clean(whole(page, size))
        page.get_by_role("button", name="领这个岗").first.click()
        page.get_by_text("领下了").wait_for()

    def test_for_elder_eyes(self, visit: Visit, assert_clean: Any, ground: County) -> None:
        desk = somebody("周敏", Role.DISPATCHER, ground.communities[0].code)
        member = an_active_member(ground.grids[0], desk)
        posts_and_wish(ground, desk, member)
        for path in ("/people/me/", "/claims/", f"/people/me/checkin/?community={ground.communities[0].code}"):
            assert_clean(whole(visit(path, PHONE, login=member, elder=True), PHONE))

    @pytest.mark.parametrize("size", SIZES)
    def test_of_the_desk(self, visit: Visit, assert_clean: Any, ground: County, size: tuple[int, int]) -> None:
        """R011, R005, R014: the register, one member with a number opened, checking in, service posts."""
        desk = somebody("周敏", Role.DISPATCHER, ground.communities[0].code)
        member = an_active_member(ground.grids[0], desk)
        checked_in(member, ground.grids[1].code)
        Person.objects.filter(pk=member.pk).update(phone_tail="7719")
        member.phone = "16400007719"
        member.save()
        posts_and_wish(ground, desk, member)
        assert_clean(visit("/people/members/", size, login=desk))
        row = MemberCheckin.objects.filter(person=member).order_by("pk")[0]
        page = visit(f"/people/members/{row.pk}/", size, login=desk)
        assert_clean(page)
        page.get_by_role("button", name="看电话").click()
        page.get_by_text("164 0000 7719").wait_for()
        assert_clean(page)
        assert_clean(visit("/people/members/add/", size, login=desk))
        page = visit("/people/service/", size, login=desk)
        assert_clean(page)
        page.get_by_role("button", name="设这个岗").click()
        page.get_by_text("岗设好了").wait_for()
