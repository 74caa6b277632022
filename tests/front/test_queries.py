"""front.queries: first pages, the community of a reader, the demo's table."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from sandan.front import queries
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place
from tests.front.conftest import COMMUNITY, NOON


class TestStartOf:
    def test_takes_the_first_page_that_exists(self, clerk: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "STARTS", {Role.DISPATCHER: ("moon:landing", "front:privacy")})
        Post.objects.update(from_at=NOON - timedelta(days=1))
        assert queries.start_of(clerk, NOON) == "/privacy/"

    def test_is_nowhere_before_and_after_the_term(self, clerk: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "STARTS", {Role.DISPATCHER: ("front:privacy",)})
        Post.objects.update(from_at=NOON, to_at=NOON + timedelta(days=1))
        assert queries.start_of(clerk, NOON - timedelta(days=1)) is None
        assert queries.start_of(clerk, NOON + timedelta(days=1)) is None

    def test_is_nowhere_for_a_visitor(self, db: None) -> None:
        assert queries.start_of(AnonymousUser(), NOON) is None

    def test_every_role_has_one_and_a_word(self) -> None:
        assert set(queries.STARTS) == set(Role.values)
        assert all(queries.role_word(role) for role in Role.values)


class TestCommunity:
    def test_finds_a_community(self, community: Place) -> None:
        assert queries.community(COMMUNITY) == community

    @pytest.mark.parametrize("code", [None, "", "x" * 12, "140106", "140106001002", "１４０１０６００１００１"])
    def test_is_nothing_otherwise(self, community: Place, code: str | None) -> None:
        assert queries.community(code) is None


class TestDemoLogins:
    def test_groups_by_role_with_places_in_two_queries(
        self, clerk: Person, community: Place, django_assert_num_queries: Any
    ) -> None:
        for i, role in enumerate((Role.MEMBER, Role.DISPATCHER, Role.DISPATCHER)):
            person = Person.objects.create_user(f"demo.p{i}", f"人{i}", "x")
            Post.objects.create(person=person, role=role, scope=COMMUNITY, from_at=NOON)
        with django_assert_num_queries(2):
            groups = queries.demo_logins(NOON)
        assert [(role, [one.login for one in rows]) for role, rows in groups.items()] == [
            ("社区派单员", ["demo.p1", "demo.p2"]),
            ("在职党员", ["demo.p0"]),
        ]
        assert groups["在职党员"][0].scope == "造纸厂社区"
