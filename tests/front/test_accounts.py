"""Accounts: the keeper locks, resets, ends sessions; within an area, never over oneself, and by exact name alone."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from sandan.core.errors import NotAllowed
from sandan.core.models import Entry
from sandan.front import actions, queries
from sandan.front.models import Account, Factor
from sandan.people.actions import PowersApart, give_post
from sandan.people.models import Person, Post, Role
from tests.front.conftest import COMMUNITY, NOON, PASSWORD, PHONE
from tests.front.test_factors import an_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, keeper: Person) -> Client:
    client.force_login(keeper)
    return client


def a_stranger() -> Person:
    person = Person.objects.create_user("far", "远人", PASSWORD)
    Post.objects.create(person=person, role=Role.DISPATCHER, scope="990201001001", from_at=timezone.now())
    return person


class TestActions:
    def test_stay_within_the_keepers_area_and_off_oneself(self, clerk: Person, keeper: Person) -> None:
        for act in (actions.lock, actions.unlock, actions.reset_factors, actions.end_sessions, actions.give_password):
            for person in (a_stranger() if not Person.objects.filter(login="far") else _far(), keeper):
                with pytest.raises(NotAllowed):
                    act(person=person, by=keeper, at=NOON)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.DISTRICT, Role.DISPATCHER, Role.LIAISON])
    def test_are_no_other_posts(self, clerk: Person, role: str) -> None:
        other = Person.objects.create_user("other", "别人")
        Post.objects.create(person=other, role=role, scope="140106001", from_at=timezone.now())
        with pytest.raises(NotAllowed):
            actions.reset_factors(person=clerk, by=other, at=timezone.now())

    def test_reset_takes_factors_and_paper_and_leaves_a_line(self, clerk: Person, keeper: Person) -> None:
        an_app(clerk)
        actions.new_paper(person=clerk, at=NOON)
        actions.reset_factors(person=clerk, by=keeper, at=timezone.now())
        assert not Factor.objects.exists()
        assert queries.paper_left(clerk) == 0
        line = Entry.objects.get(verb="factors_reset")
        assert (line.actor_id, line.subject_id) == (keeper.pk, clerk.pk)

    def test_a_given_password_must_be_changed_first(self, client: Client, clerk: Person, keeper: Person) -> None:
        word = actions.give_password(person=clerk, by=keeper, at=timezone.now())
        client.post("/login/", {"login": "zhoumin", "password": word})
        assert client.get("/start/")["Location"].startswith("/safety/password/")
        new = {"new": "another-evening-5", "twice": "another-evening-5"}
        assert client.post("/safety/password/", new)["Location"] == "/safety/"
        assert not client.get("/start/")["Location"].startswith("/safety/password/")
        assert word not in repr(list(Entry.objects.values()))


def _far() -> Person:
    return Person.objects.get(login="far")


class TestPages:
    def test_find_by_exact_login_or_whole_phone_alone(self, desk: Client, clerk: Person) -> None:
        here = f"/accounts/{clerk.pk}/"
        assert desk.get("/accounts/", {"who": "zhoumin"})["Location"] == here
        assert desk.get("/accounts/", {"who": "164 0099 0121"})["Location"] == here
        for part in ("zhou", "周敏", PHONE[:8], "0121", "%", ""):
            assert desk.get("/accounts/", {"who": part}).status_code == 422

    def test_list_staff_of_the_area_and_no_member(self, desk: Client, clerk: Person) -> None:
        member = Person.objects.create_user("m1", "党员甲")
        Post.objects.create(person=member, role=Role.MEMBER, scope=COMMUNITY, from_at=timezone.now())
        a_stranger()
        html = desk.get("/accounts/").content.decode()
        assert "周敏" in html
        assert "党员甲" not in html
        assert "远人" not in html
        assert PHONE not in html

    def test_of_somebody_outside_are_the_404_of_nobody(self, desk: Client) -> None:
        far = a_stranger()
        bodies = [desk.get(f"/accounts/{pk}/") for pk in (far.pk, 10**9)]
        assert [one.status_code for one in bodies] == [404, 404]
        assert desk.post(f"/accounts/{far.pk}/move/", {"act": "lock"}).status_code == 404
        assert desk.get("/accounts/", {"who": "far"}).status_code == 422

    def test_are_shut_to_everybody_else(self, client: Client, clerk: Person) -> None:
        client.force_login(clerk)
        assert client.get("/accounts/").status_code == 403
        assert client.get(f"/accounts/{clerk.pk}/").status_code in (403, 404)
        assert client.post(f"/accounts/{clerk.pk}/move/", {"act": "lock"}).status_code in (403, 404)

    def test_lock_and_let_in_again(self, desk: Client, clerk: Person) -> None:
        move = f"/accounts/{clerk.pk}/move/"
        desk.post(move, {"act": "lock"})
        assert "停用" in desk.get("/accounts/").content.decode()
        assert Account.objects.get().locked_at is not None
        desk.post(move, {"act": "unlock"})
        assert Account.objects.get().locked_at is None
        assert desk.post(move, {"act": "delete"}).status_code == 404

    def test_show_a_given_password_once(self, desk: Client, clerk: Person) -> None:
        html = desk.post(f"/accounts/{clerk.pk}/move/", {"act": "password"}).content.decode()
        found = re.search(r"(\d{4}-){3}\d{4}", html)
        assert found is not None
        assert found.group(0) not in desk.get(f"/accounts/{clerk.pk}/").content.decode()

    def test_ask_for_a_fresh_proof(self, desk: Client, clerk: Person) -> None:
        session = desk.session
        session[actions.MARKS] |= {"proved": 0}
        session.save()
        answer = desk.post(f"/accounts/{clerk.pk}/move/", {"act": "lock"})
        assert answer["Location"].startswith("/login/again/")
        assert not Account.objects.exists()


class TestPowersApart:
    """Practice 11.5: system, security and audit are never in one hand, by the action and by the table itself."""

    @pytest.mark.parametrize(
        ("first", "then"),
        [(a, b) for a in ("admin", "security", "auditor") for b in ("admin", "security", "auditor") if a != b],
    )
    def test_no_pair_is_held_at_one_time(self, first: str, then: str) -> None:
        person = Person.objects.create_user("one", "一人")
        give_post(person=person, role=first, scope="140106", from_at=NOON, by="system", at=NOON)
        with pytest.raises(PowersApart):
            give_post(person=person, role=then, scope="990201", from_at=NOON, by="system", at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(person=person, role=then, scope="99", from_at=NOON)

    def test_one_after_the_other_and_one_over_two_areas_may_be(self) -> None:
        person = Person.objects.create_user("one", "一人")
        later = NOON.replace(year=2027)
        for scope in ("140106", "990201"):
            give_post(person=person, role="admin", scope=scope, from_at=NOON, to_at=later, by="system", at=NOON)
        give_post(person=person, role="auditor", scope="140106", from_at=later, by="system", at=NOON)
        give_post(person=person, role="dispatcher", scope=COMMUNITY, from_at=NOON, by="system", at=NOON)
