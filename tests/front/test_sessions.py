"""Sessions: seen and ended by their owner; dead on a lock, an ended post, a new password, and when nobody is there."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from sandan.front import actions, kinds
from sandan.front.models import Account, Visit
from sandan.people.models import Person, Post, Role
from tests.front.conftest import COMMUNITY, PASSWORD

WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0"


def signed_in(agent: str = "", address: str = "10.1.2.3") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    answer = client.post("/login/", {"login": "zhoumin", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/safety/").status_code == 200


def aged(client: Client, **minutes: float) -> None:
    """As if the session's notes had been written so many minutes earlier."""
    session = client.session
    marks = session[actions.MARKS]
    session[actions.MARKS] = marks | {name: marks[name] - value * 60 for name, value in minutes.items()}
    session.save()


class TestVisits:
    def test_are_listed_by_device_and_front_part_of_the_address_alone(self, clerk: Person) -> None:
        signed_in(WECHAT, "10.77.200.9")
        html = signed_in().get("/safety/").content.decode()
        assert "手机 · 微信" in html
        assert "10.77.0.0/16" in html
        assert "200.9" not in html

    def test_keep_no_key_that_would_sign_in(self, clerk: Person) -> None:
        client = signed_in()
        kept = repr(list(Visit.objects.values()))
        assert (client.session.session_key or "?") not in kept

    def test_end_one_by_one(self, clerk: Person) -> None:
        phone, desk = signed_in(WECHAT), signed_in()
        visit = Visit.objects.get(device="phone wechat")
        desk.post("/safety/drop/", {"what": "visit", "id": visit.pk})
        assert not is_in(phone)
        assert is_in(desk)

    def test_end_all_but_this_one(self, clerk: Person) -> None:
        others, here = [signed_in(), signed_in()], signed_in()
        here.post("/safety/drop/", {"what": "others"})
        assert [is_in(one) for one in others] == [False, False]
        assert is_in(here)

    def test_of_somebody_else_are_a_404(self, clerk: Person) -> None:
        other = Person.objects.create_user("other", "别人", PASSWORD)
        client = Client()
        client.force_login(other)
        here = signed_in()
        theirs = Visit.objects.get(person=other)
        assert here.post("/safety/drop/", {"what": "visit", "id": theirs.pk}).status_code == 404
        assert here.post("/safety/drop/", {"what": "visit", "id": 10**15}).status_code == 404
        assert is_in(client)

    def test_are_forgotten_after_half_a_year(self, clerk: Person) -> None:
        signed_in()
        assert actions.forget_visits(at=timezone.now() + timedelta(days=179)) == 0
        assert actions.forget_visits(at=timezone.now() + timedelta(days=181)) == 1


class TestEndings:
    def test_a_lock_ends_the_session_and_keeps_out(self, clerk: Person, keeper: Person) -> None:
        client = signed_in()
        actions.lock(person=clerk, by=keeper, at=timezone.now())
        assert not is_in(client)
        assert Session.objects.count() == 0
        again = Client().post("/login/", {"login": "zhoumin", "password": PASSWORD})
        assert again.status_code == 422
        assert "登录名或密码不对" in again.content.decode()
        actions.unlock(person=clerk, by=keeper, at=timezone.now())
        assert is_in(signed_in())

    def test_a_lock_between_password_and_session_keeps_out(self, client: Client, clerk: Person) -> None:
        Account.objects.create(person=clerk, locked_at=timezone.now())
        with pytest.raises(actions.Locked):
            client.force_login(clerk)
        assert not is_in(client)

    def test_an_ended_post_ends_it(self, clerk: Person) -> None:
        Post.objects.create(person=clerk, role=Role.MEMBER, scope=COMMUNITY, from_at=timezone.now())
        client = signed_in()
        Post.objects.filter(role=Role.DISPATCHER).update(to_at=timezone.now())
        answer = client.get("/safety/", follow=True)
        assert "您的岗位有变动" in answer.content.decode()
        assert not is_in(client)

    def test_a_new_password_ends_all_others(self, clerk: Person) -> None:
        other, here = signed_in(), signed_in()
        new = {"old": PASSWORD, "new": "another-evening-5", "twice": "another-evening-5"}
        assert here.post("/safety/password/", new | {"old": "wrong"}).status_code == 422
        assert here.post("/safety/password/", new)["Location"] == "/safety/"
        assert is_in(here)
        assert not is_in(other)
        assert Client().post("/login/", {"login": "zhoumin", "password": PASSWORD}).status_code == 422

    def test_a_weak_password_is_refused_with_the_reason(self, clerk: Person) -> None:
        answer = signed_in().post("/safety/password/", {"old": PASSWORD, "new": "123456", "twice": "123456"})
        assert answer.status_code == 422

    def test_signing_out_ends_the_visit(self, clerk: Person) -> None:
        signed_in().post("/logout/")
        assert Visit.objects.get().ended_at is not None


class TestIdle:
    def test_a_desk_is_signed_out_after_a_quarter_of_an_hour(self, clerk: Person) -> None:
        client = signed_in()
        aged(client, at=14)
        assert is_in(client)
        aged(client, at=16)
        answer = client.get("/help/", follow=True)
        assert "15 分钟没有操作" in answer.content.decode()
        assert not is_in(client)

    def test_a_member_is_not(self, clerk: Person) -> None:
        clerk.posts.update(role=Role.MEMBER)
        client = signed_in()
        aged(client, at=300)
        assert is_in(client)

    @pytest.mark.parametrize(
        ("head", "stays"),
        [
            ({"HX-Request": "true"}, False),
            ({"Sec-Fetch-Mode": "cors"}, False),
            ({"HX-Request": "true", "X-Awake": "1"}, True),
            ({}, True),
        ],
    )
    def test_a_board_that_asks_keeps_nobody_in(self, clerk: Person, head: dict[str, str], stays: bool) -> None:
        client = signed_in()
        aged(client, at=10)
        client.get("/help/", headers=head)
        aged(client, at=10)
        assert is_in(client) is stays

    def test_typing_is_activity(self, clerk: Person) -> None:
        client = signed_in()
        aged(client, at=10)
        assert client.post("/awake/").status_code == 204
        aged(client, at=10)
        assert is_in(client)

    def test_notes_are_written_once_a_minute_at_most(self, clerk: Person, django_assert_num_queries: Any) -> None:
        client = signed_in()
        with django_assert_num_queries(2):  # the session and the person
            client.get("/help/")

    def test_what_is_sealed_asks_again_after_five_minutes(self, clerk: Person) -> None:
        client = signed_in()
        aged(client, at=6)
        answer = client.post("/desk/orders/x/reveal/", headers={"referer": "http://testserver/desk/orders/x/"})
        assert answer["Location"] == "/login/again/?next=%2Fdesk%2Forders%2Fx%2F"
        back = client.post("/login/again/", {"password": PASSWORD, "next": "/desk/orders/x/"})
        assert back["Location"] == "/desk/orders/x/"
        assert client.post("/desk/orders/x/reveal/").status_code == 404  # the guard lets it through


class TestAgain:
    def test_is_asked_before_grave_changes_and_takes_the_password_alone(self, clerk: Person) -> None:
        client = signed_in()
        aged(client, proved=6)
        for page in ("/safety/app/", "/safety/password/"):
            assert client.get(page)["Location"].startswith("/login/again/")
        assert client.post("/login/again/", {"password": "wrong"}).status_code == 422
        client.post("/login/again/", {"password": PASSWORD})
        assert client.get("/safety/app/").status_code == 200

    def test_stops_guessing_and_leads_nowhere_else(self, clerk: Person) -> None:
        client = signed_in()
        for _turn in range(5):
            client.post("/login/again/", {"password": "wrong"})
        assert "先歇 10 分钟" in client.post("/login/again/", {"password": PASSWORD}).content.decode()
        other = signed_in_free()
        assert other.post("/login/again/", {"password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/"


def signed_in_free() -> Client:
    """Somebody else, whose tries were not used up."""
    Person.objects.create_user("other", "别人", PASSWORD)
    client = Client()
    client.post("/login/", {"login": "other", "password": PASSWORD})
    return client


class TestKinds:
    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (WECHAT, "phone wechat"),
            ("Windows NT 10.0 Chrome/120 Edg/120", "windows edge"),
            ("", "other other"),
        ],
    )
    def test_say_two_words_of_a_device(self, agent: str, words: str) -> None:
        assert kinds.device_of(agent) == words

    @pytest.mark.parametrize(
        ("address", "prefix"), [("10.1.2.3", "10.1.0.0/16"), ("2001:db8:1:2::3", "2001:db8::/32"), ("", ""), ("x", "")]
    )
    def test_cut_an_address(self, address: str, prefix: str) -> None:
        assert kinds.prefix_of(address) == prefix
