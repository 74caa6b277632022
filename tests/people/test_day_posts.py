"""One-day posts: an account for one local day, a mentor, tasks, acts with both names, a summary (R119, R120)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from sandan.core.errors import NotAllowed, Stale
from sandan.core.journal import lines_of
from sandan.front import actions as front
from sandan.notices.models import Notice
from sandan.orders.models import Order
from sandan.people import actions as people
from sandan.people.access import Login
from sandan.people.actions import day_posts
from sandan.people.actions.day_posts import BadDay, DayMade
from sandan.people.models import DayPost, Post
from sandan.places.models import Place
from tests.factories.people import COMMUNITY, GRID, OTHER_COMMUNITY, Cast
from tests.test_house import address, patterns

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 8, 10)
NINE = datetime(2026, 8, 10, 9, tzinfo=ZONE)
MIDNIGHT = datetime(2026, 8, 11, tzinfo=ZONE)
OWN = {"people:day", "people:day_act", "people:day_summary"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what doors take for now."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return at


def make(cast: Cast, **facts: Any) -> DayMade:
    Place.objects.filter(code=COMMUNITY).update(takes_orders=True)
    given = {
        "grid": Place.objects.get(code=GRID), "on": DAY, "mentor": cast.grid_worker, "tasks": ["walk", "report"],
        "name": "来客", "by": cast.dispatcher, "at": NINE,
    }  # fmt: skip
    return day_posts.make_day(**{**given, **facts})


class TestMakeDay:
    def test_makes_an_account_for_one_local_day(self, cast: Cast) -> None:
        """R119: date, grid, mentor, tasks, and an end at midnight."""
        made = make(cast, on=date(2026, 8, 12))
        begins = datetime(2026, 8, 12, tzinfo=ZONE)
        assert (made.post.from_at, made.post.to_at) == (begins, begins + timedelta(days=1))
        assert made.post.person.ends_at == begins + timedelta(days=1)
        line = lines_of(made.post).get(verb="day")
        assert (line.facts["mentor"], line.facts["tasks"]) == (cast.grid_worker.pk, ["report", "walk"])

    def test_refuses_what_makes_no_sense(self, cast: Cast) -> None:
        with pytest.raises(people.BadTerm):
            make(cast, on=date(2026, 8, 9))
        with pytest.raises(BadDay, match="带岗的人"):
            make(cast, mentor=cast.neighbour)
        with pytest.raises(BadDay, match="选一两件"):
            make(cast, tasks=[])

    def test_is_for_who_hosts(self, cast: Cast) -> None:
        for stranger in (cast.neighbour, cast.grid_worker, cast.member, cast.auditor):
            with pytest.raises(NotAllowed):
                make(cast, by=stranger)
        assert make(cast, by=cast.liaison).day.pk


class TestTheEndOfTheDay:
    def signed_in(self, made: DayMade) -> Client:
        client = Client()
        client.force_login(made.post.person)
        return client

    def test_lets_nobody_in_after_midnight(self, cast: Cast) -> None:
        """R119: the account is dead the next day, right password or not."""
        made = make(cast)
        typed = {"typed": made.post.person.login, "password": made.password, "source": "::1"}
        assert front.attempt(**typed, at=MIDNIGHT - timedelta(seconds=1)) == made.post.person
        assert front.attempt(**typed, at=MIDNIGHT) is None

    def test_ends_a_session_that_is_open(self, cast: Cast, clock: Any) -> None:
        """R119: no worker has to run for that."""
        clock(NINE)
        made = make(cast)
        client = self.signed_in(made)
        assert client.get(reverse("people:day")).status_code == 200
        clock(MIDNIGHT)
        answer = client.get(reverse("people:day"))
        assert answer.status_code == 302
        assert "/login/" in answer.headers["Location"]
        assert Login().get_user(made.post.person.pk) is None

    def test_leaves_nothing_open(self, cast: Cast) -> None:
        """The post is settled like any other whose term is over."""
        made = make(cast)
        assert people.lapse(at=MIDNIGHT) == 1
        assert Post.objects.get(pk=made.post.pk).settled_at == MIDNIGHT


class TestWhatTheDayOpens:
    def test_is_one_page_and_what_is_open_to_everybody(self, cast: Cast, clock: Any, client: Client) -> None:
        """R119: no list, no map of people, no export, no bulk data: nothing that a visitor would not get."""
        clock(NINE)
        made = make(cast)
        visitor = Client(raise_request_exception=False)
        client.raise_request_exception = False
        client.force_login(made.post.person)
        opened = set()
        for name, entry in patterns(get_resolver()):
            try:
                path = address(name, entry)
            except NoReverseMatch:  # the library's own pattern of a login from outside
                continue
            if client.get(path).status_code == 200 and visitor.get(path).status_code != 200:
                opened.add(name)
        assert opened - OWN - {"front:start"} <= ALLOWED

    def test_names_grid_mentor_tasks_and_end(self, cast: Cast, clock: Any, client: Client) -> None:
        clock(NINE)
        client.force_login(make(cast).post.person)
        text = client.get(reverse("people:day")).content.decode()
        for word in ("造纸厂第一网格", "宿梅带您", "零点失效", "跟着走一遍网格", "报看到的问题"):
            assert word in text
        assert "动手清理" not in text

    def test_says_before_the_day_when_it_is(self, cast: Cast, clock: Any, client: Client) -> None:
        clock(NINE)
        client.force_login(make(cast, on=date(2026, 8, 12)).post.person)
        assert "您的一天是 8月12日" in client.get(reverse("people:day")).content.decode()

    def test_is_nobody_else_s(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.grid_worker)
        assert client.get(reverse("people:day")).status_code == 404


ALLOWED = {f"front:{name}" for name in ("again", "app", "password", "safety", "sessions")}  # one's own account


class TestAct:
    def test_leaves_a_line_with_both_names(self, cast: Cast) -> None:
        """R120: in the mentor's name, with a trace of one's own."""
        made = make(cast)
        row = day_posts.act(day=made.day, task="walk", words="走了一圈，楼道干净", by=made.post.person, at=NINE)
        line = lines_of(row).get()
        assert (line.actor_id, line.facts["mentor"]) == (made.post.person_id, cast.grid_worker.pk)
        assert Notice.objects.filter(person=cast.grid_worker, kind="day_act").count() == 1

    def test_makes_an_order_of_a_report_in_the_mentor_s_name(self, cast: Cast) -> None:
        """R120: the order is the mentor's; its journal says whose eyes it was."""
        made = make(cast)
        row = day_posts.act(day=made.day, task="report", words="3号楼前路灯不亮", by=made.post.person, at=NINE)
        order = Order.objects.get(placed_by=cast.grid_worker)
        assert (row.order_number, order.grid, order.channel) == (order.full_number, GRID, "patrol")
        line = lines_of(order).get(verb="shadow")
        assert (line.actor_id, line.facts["mentor"]) == (made.post.person_id, cast.grid_worker.pk)

    def test_hides_people_and_numbers(self, cast: Cast) -> None:
        """G2: what a guest writes down holds no name and no phone."""
        made = make(cast)
        words = "王秀英说灯坏了，电话13934567890"
        row = day_posts.act(day=made.day, task="walk", words=words, by=made.post.person, at=NINE)
        assert "13934567890" not in row.words

    def test_refuses_a_task_that_was_not_given(self, cast: Cast) -> None:
        made = make(cast)
        with pytest.raises(NotAllowed):
            day_posts.act(day=made.day, task="talk", words="听说", by=made.post.person, at=NINE)

    def test_refuses_after_midnight_and_other_people(self, cast: Cast) -> None:
        made = make(cast)
        with pytest.raises(Stale):
            day_posts.act(day=made.day, task="walk", words="走", by=made.post.person, at=MIDNIGHT)
        with pytest.raises(NotAllowed):
            day_posts.act(day=made.day, task="walk", words="走", by=cast.grid_worker, at=NINE)


class TestSumUp:
    def test_keeps_the_newer_words_and_tells_the_mentor(self, cast: Cast) -> None:
        """R119: a summary at the end."""
        made = make(cast)
        day_posts.sum_up(day=made.day, words="学到很多", by=made.post.person, at=NINE)
        day_posts.sum_up(day=made.day, words="看到路灯两处不亮", by=made.post.person, at=NINE)
        assert DayPost.objects.get(pk=made.day.pk).summary == "看到路灯两处不亮"
        assert Notice.objects.filter(person=cast.grid_worker, kind="day_summary").count() == 2


class TestPages:
    def test_of_the_host_make_a_day(self, cast: Cast, clock: Any, client: Client) -> None:
        clock(NINE)
        client.force_login(cast.dispatcher)
        told = {"name": "来客", "on": "2026-08-10", "grid": GRID, "mentor": "宿梅", "tasks": ["walk"]}
        answer = client.post(reverse("people:day_new", args=[COMMUNITY]), told)
        assert "密码只显示这一次" in answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "来客" in client.get(reverse("people:days")).content.decode()

    def test_refuse_a_foreign_community_like_an_absent_one(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.dispatcher)
        for code in (OTHER_COMMUNITY, "990201001999"):
            assert client.get(reverse("people:day_new", args=[code])).status_code == 404

    def test_let_the_mentor_and_the_host_see_a_day_and_nobody_else(self, cast: Cast, client: Client) -> None:
        made = make(cast)
        day_posts.act(day=made.day, task="walk", words="走了一圈", by=made.post.person, at=NINE)
        page = reverse("people:day_one", args=[made.day.pk])
        for reader, status in ((cast.grid_worker, 200), (cast.liaison, 200), (cast.neighbour, 404)):
            client.force_login(reader)
            assert client.get(page).status_code == status
        client.force_login(cast.grid_worker)
        client.post(page)
        assert made.day.acts.get().seen_at is not None

    def test_write_down_an_act_and_the_summary(self, cast: Cast, clock: Any, client: Client) -> None:
        clock(NINE)
        made = make(cast)
        client.force_login(made.post.person)
        told = {"task": "report", "words": "路灯不亮"}
        assert "立了一张单" in client.post(reverse("people:day_act"), told, follow=True).content.decode()
        client.post(reverse("people:day_summary"), {"summary": "收获不小"})
        assert DayPost.objects.get(pk=made.day.pk).summary == "收获不小"
        assert client.post(reverse("people:day_act"), {"task": "talk", "words": "x"}).status_code == 422
