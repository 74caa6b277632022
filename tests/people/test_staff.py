"""The register of staff, figures with their contradictions, communities and leaders, forms of posts (R106-R108)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.people.models import Person, Post, Role, Unit
from sandan.people.queries import staff, staff_ground
from sandan.people.queries.staff import Wanted
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    LONG_AGO,
    NOON,
    OTHER_COMMUNITY,
    OTHER_GRID,
    OTHER_STREET,
    STREET,
    Cast,
    a_person,
    a_post,
    somebody,
)  # fmt: skip

LEADERS, WORKERS, HELPERS, PEOPLE = 112, 853, 2640, 3300


def many_people(count: int) -> list[Person]:
    return Person.objects.bulk_create(
        [Person(login=f"many{i}", name=f"员{i}", name_key=f"yuan {i:05d}", password="!", phone_tail=f"{i % 10000:04d}")
         for i in range(count)]
    )  # fmt: skip


def posts(people: list[Person], role: str, scope: str, grade: str = "") -> list[Post]:
    return [Post(person=p, role=role, scope=scope, grade=grade, from_at=LONG_AGO) for p in people]


@pytest.fixture
def county(cast: Cast) -> list[Person]:
    """The source's figures: 112 + 853 + 2,640 posts in the hands of 3,300 people."""
    Post.objects.filter(person=cast.grid_worker).delete()
    people = many_people(PEOPLE)
    leaders, workers, rest = people[:LEADERS], people[LEADERS : LEADERS + WORKERS], people[LEADERS + WORKERS :]
    doubled = workers[: HELPERS - len(rest)]
    Post.objects.bulk_create(
        [
            *posts(leaders, Role.GRID_LEADER, COMMUNITY),
            *posts(workers[:568], Role.GRID_WORKER, GRID, "full"),
            *posts(workers[568:], Role.GRID_WORKER, GRID, "part"),
            *posts([*rest, *doubled], Role.GRID_WORKER, OTHER_GRID, "helper"),
        ]
    )
    return people


class TestFigures:
    def test_show_posts_against_people(self, county: list[Person]) -> None:
        """R107: 3,605 posts, 3,300 people; the difference is counted, not hidden."""
        found = staff.figures([COUNTY], NOON)
        assert found.posts == {"leader": 112, "full": 568, "part": 285, "helper": 2640}
        assert (found.post_count, found.people, found.surplus, found.doubles) == (3605, 3300, 305, 305)
        assert found.workers == 853
        assert found.ground == {"street": (2, 1), "community": (2, 1), "grid": (2, 1)}

    def test_count_nobody_whose_term_is_over(self, cast: Cast) -> None:
        a_post(cast.member, Role.GRID_LEADER, COMMUNITY, to_at=NOON)
        assert staff.figures([COUNTY], NOON).posts == {"full": 1}
        assert staff.figures([COUNTY], NOON - timedelta(days=1)).ending == 1

    def test_know_the_gaps_by_name(self, cast: Cast) -> None:
        """R051, R108: a street without a liaison and a community without a leader are named."""
        assert [code for code, _n, _u in staff_ground.gaps("street", [COUNTY], NOON)] == [OTHER_STREET]
        assert [code for code, _n, _u in staff_ground.gaps("community", [COUNTY], NOON)] == [COMMUNITY, OTHER_COMMUNITY]
        assert [code for code, _n, _u in staff_ground.gaps("grid", [COMMUNITY], NOON)] == [OTHER_GRID]


class TestRegister:
    def test_lists_all_in_one_statement(self, county: list[Person], django_assert_num_queries: Any) -> None:
        """R106: 3,605 lines cost one statement, as one page does."""
        with django_assert_num_queries(1):
            whole = staff.register(Wanted((COUNTY,), is_whole=True), NOON)
        assert (len(whole.lines), whole.total) == (3605, 3605)
        with django_assert_num_queries(1):
            first = staff.register(Wanted((COUNTY,)), NOON)
        assert (len(first.lines), first.total, first.last) == (staff.PAGE, 3605, staff.PAGE)

    def test_shows_who_holds_several(self, county: list[Person]) -> None:
        """R107: the drill-down of the contradiction."""
        found = staff.register(Wanted((COUNTY,), show="double", is_whole=True), NOON)
        assert found.total == 610
        assert len({line.person for line in found.lines}) == 305
        assert {line.posts for line in found.lines} == {2}

    def test_narrows_by_place_kind_and_words(self, cast: Cast) -> None:
        a_post(cast.second_member, Role.GRID_WORKER, OTHER_GRID, grade="helper", shift="late")
        lines = staff.register(Wanted((OTHER_GRID,), ("helper",)), NOON).lines
        assert [(line.name, line.word, line.shift_word) for line in lines] == [("茹晓东", "网格辅助员", "晚班")]
        assert staff.register(Wanted((COUNTY,), q="宿梅"), NOON).total == 1
        assert staff.register(Wanted((COUNTY,), q="不存在"), NOON).total == 0

    def test_never_lists_members_or_partners(self, cast: Cast) -> None:
        """G1: a staff register is a list of staff."""
        named = {line.name for line in staff.register(Wanted((COUNTY,), tuple(staff.KINDS), is_whole=True), NOON).lines}
        assert cast.member.name not in named


class TestCommunities:
    def test_name_each_leader(self, cast: Cast) -> None:
        """R108: a register of communities, a leader for each."""
        a_post(cast.second_member, Role.GRID_LEADER, COMMUNITY)
        lines = {line.code: line for line in staff_ground.communities([COUNTY], NOON)}
        assert (lines[COMMUNITY].leaders, lines[COMMUNITY].workers, lines[COMMUNITY].grids) == ("茹晓东", 1, 2)
        assert lines[OTHER_COMMUNITY].leaders == ""


class TestStaffPage:
    def test_costs_the_same_whatever_its_length(
        self, county: list[Person], cast: Cast, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        """R106: constant statements."""
        client.force_login(cast.district)
        with django_assert_max_num_queries(8):
            text = client.get(reverse("people:staff")).content.decode()
        assert "3605 个岗位，3300 个人" in text
        assert "853 这个数" not in text
        with django_assert_max_num_queries(8):
            text = client.get(reverse("people:staff"), {"all": "1"}).content.decode()
        assert text.count("<tr>") == 3606

    def test_keeps_to_one_s_own_areas(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.neighbour)
        assert "宿梅" not in client.get(reverse("people:staff")).content.decode()
        for code in (COMMUNITY, "990201009"):
            assert client.get(reverse("people:staff"), {"place": code}).status_code == 404
        assert client.get(reverse("people:person", args=[cast.grid_worker.pk])).status_code == 404
        assert client.get(reverse("people:person", args=[10**9])).status_code == 404

    @pytest.mark.parametrize("who", ["member", "grid_worker", "auditor", "clerk"])
    def test_is_closed_to_others(self, cast: Cast, client: Client, who: str) -> None:
        client.force_login(getattr(cast, who))
        assert client.get(reverse("people:staff")).status_code == 403

    def test_shows_the_tail_of_the_phone_and_no_more(self, cast: Cast, client: Client) -> None:
        """G2: the work number itself is not in the list."""
        somebody("全号", Role.GRID_WORKER, GRID, phone="16400007719", phone_tail="7719", phone_digest=b"x" * 32)
        client.force_login(cast.dispatcher)
        text = client.get(reverse("people:staff")).content.decode()
        assert "7719" in text
        assert "16400007719" not in text


class TestPostPages:
    def give(self, client: Client, **facts: Any) -> Any:
        told = {"kind": "helper", "grid": GRID, "who": "", "from_on": timezone.localdate().isoformat(), **facts}
        return client.post(reverse("people:post_give", args=[COMMUNITY]), told)

    def test_give_a_post_to_somebody_known(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.liaison)
        assert self.give(client, who=cast.second_member.login).status_code == 302
        post = Post.objects.get(person=cast.second_member, role=Role.GRID_WORKER)
        assert (post.grade, post.scope) == ("helper", GRID)

    def test_give_a_new_account_its_password_once(self, cast: Cast, client: Client) -> None:
        """R106: accounts."""
        client.force_login(cast.liaison)
        answer = self.give(client, kind="leader", grid="", name="新来", phone="16400001234")
        made = Post.objects.get(person__name="新来").person
        password = answer.content.decode().split('class="secret">')[2].split("<")[0]
        assert made.check_password(password)
        assert answer.headers["Cache-Control"] == "no-store"

    def test_say_what_is_missing(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.liaison)
        for facts, words in (
            ({}, "写一样就行"),
            ({"who": "查无此人"}, "没找到这个人"),
            ({"grid": "", "who": "宿梅"}, "要选一个网格"),
        ):
            answer = self.give(client, **facts)
            assert (answer.status_code, words in answer.content.decode()) == (422, True)

    def test_are_closed_over_foreign_ground(self, cast: Cast, client: Client) -> None:
        client.force_login(somebody("外街道", Role.LIAISON, OTHER_STREET))
        post = Post.objects.get(person=cast.grid_worker)
        for page in (
            reverse("people:post_give", args=[COMMUNITY]), reverse("people:post_end", args=[post.pk]),
            reverse("people:post_hand_over", args=[post.pk]), reverse("people:partner_new", args=[COMMUNITY]),
        ):  # fmt: skip
            assert client.get(page).status_code == 404

    def test_hand_a_street_over_on_a_day(self, cast: Cast, client: Client) -> None:
        """R051: with a date, and exactly one liaison at every moment."""
        client.force_login(cast.district)
        post = Post.objects.get(person=cast.liaison)
        day = timezone.localdate() + timedelta(days=3)
        told = {"who": cast.second_member.login, "on": day.isoformat()}
        page = client.post(reverse("people:post_hand_over", args=[post.pk]), told, follow=True)
        assert "手上的单那天自动转过去" in page.content.decode()
        post.refresh_from_db()
        assert timezone.localtime(post.to_at).date() == day
        held = Post.objects.held(post.to_at).filter(role=Role.LIAISON, scope=STREET)
        assert [one.person for one in held] == [cast.second_member]

    def test_end_a_post_and_tell_where_the_work_went(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.district)
        post = Post.objects.get(person=cast.grid_worker)
        assert "手上没有没办完的单" in client.get(reverse("people:post_end", args=[post.pk])).content.decode()
        told = {"on": timezone.localdate().isoformat()}
        page = client.post(reverse("people:post_end", args=[post.pk]), told, follow=True)
        assert "岗位结束了。手上没有没办完的单。" in page.content.decode()
        post.refresh_from_db()
        assert post.settled_at is not None

    def test_refuse_to_leave_a_street_alone(self, cast: Cast, client: Client) -> None:
        """R051: ending the only liaison is refused in words."""
        client.force_login(cast.district)
        post = Post.objects.get(person=cast.liaison)
        answer = client.post(reverse("people:post_end", args=[post.pk]), {"on": timezone.localdate().isoformat()})
        assert (answer.status_code, "街道不能没有联络员" in answer.content.decode()) == (422, True)


class TestPartnerPages:
    @pytest.mark.parametrize("branch", Unit.Branch.values)
    def test_make_an_account_of_each_of_the_five_kinds(self, cast: Cast, client: Client, branch: str) -> None:
        """R117: unit, account and term in one form; the account sees what is sent to it and nothing else."""
        client.force_login(cast.liaison)
        day = timezone.localdate() + timedelta(days=90)
        told = {"branch": branch, "unit": "安居物业", "name": "外联", "phone": "16400005678", "to_on": day.isoformat()}
        assert client.post(reverse("people:partner_new", args=[COMMUNITY]), told).status_code == 200
        post = Post.objects.get(role=Role.PARTNER)
        assert (post.unit.branch, post.unit.kind, post.scope) == (branch, Unit.Kind.PARTNER, COMMUNITY)
        assert timezone.localtime(post.to_at).date() == day + timedelta(days=1)
        assert "安居物业" in client.get(reverse("people:partners")).content.decode()
        client.force_login(post.person)
        assert client.get(reverse("people:staff")).status_code == 404

    def test_refuse_our_own_people_and_endless_terms(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.liaison)
        far = timezone.localdate() + timedelta(days=900)
        told = {"branch": "estate", "unit": "安居", "name": "某", "phone": "16400005678", "to_on": far.isoformat()}
        answer = client.post(reverse("people:partner_new", args=[COMMUNITY]), told)
        assert (answer.status_code, "最长一年" in answer.content.decode()) == (422, True)
        assert not Person.objects.filter(name="某").exists()
        assert a_person().pk
