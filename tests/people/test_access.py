"""people.access: posts, the roles they give over a place, and the doors of staff pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sandan.people.access import Login, forget, posts_of, role_required, roles_over, scopes, staff_required
from sandan.people.models import Person, Post, Role
from tests.factories import people
from tests.factories.people import COMMUNITY, COUNTY, GRID, NOON, OTHER_COMMUNITY, STREET, Cast, a_person, a_post


class TestPostsOf:
    def test_gives_only_posts_of_that_moment(self, db: None) -> None:
        person = a_person()
        a_post(person, Role.MEMBER, GRID, to_at=NOON)
        now = a_post(person, Role.DISPATCHER, COMMUNITY, from_at=NOON)
        a_post(person, Role.LIAISON, STREET, from_at=NOON + timedelta(days=1))
        assert posts_of(person, NOON) == (now,)

    def test_reads_once_for_a_person(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            posts_of(cast.member, NOON)
            posts_of(cast.member, NOON + timedelta(hours=1))

    def test_reads_again_after_forgetting(self, db: None) -> None:
        person = a_person()
        assert posts_of(person, NOON) == ()
        a_post(person, Role.MEMBER, GRID)
        forget(person)
        assert len(posts_of(person, NOON)) == 1

    def test_gives_none_to_somebody_kept_out(self, cast: Cast) -> None:
        cast.member.is_active = False
        assert posts_of(cast.member, NOON) == ()


class TestRolesOver:
    def test_counts_a_scope_that_is_a_prefix(self) -> None:
        posts = [Post(role=Role.DISPATCHER, scope=COMMUNITY), Post(role=Role.DISTRICT, scope=COUNTY)]
        assert roles_over(posts, GRID) == {Role.DISPATCHER, Role.DISTRICT}
        assert roles_over(posts, OTHER_COMMUNITY) == {Role.DISTRICT}
        assert roles_over(posts, STREET) == {Role.DISTRICT}


class TestScopes:
    def test_leaves_out_what_lies_inside_another(self) -> None:
        posts = [Post(role=Role.DISPATCHER, scope=s) for s in (COMMUNITY, STREET, OTHER_COMMUNITY, "990202")]
        assert scopes(posts, Role.DISPATCHER) == ("990202", STREET)
        assert scopes(posts, Role.MEMBER) == ()


def answer(view: object, user: object, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/intake/?a=1", headers=headers)
    request.user = user  # type: ignore[assignment]
    request.htmx = bool(headers)  # type: ignore[attr-defined]
    return view(request)  # type: ignore[operator, no-any-return]


@staff_required
def staff_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@role_required(Role.DISTRICT)
def district_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


class TestStaffRequired:
    def test_lets_staff_in(self, cast: Cast) -> None:
        for person in (cast.dispatcher, cast.grid_worker, cast.auditor, cast.clerk):
            assert answer(staff_page, person).content == b"in"

    def test_keeps_members_and_people_without_a_post_out(self, cast: Cast) -> None:
        for person in (cast.member, a_person()):
            with pytest.raises(PermissionDenied):
                answer(staff_page, person)

    def test_sends_a_visitor_to_the_login_and_back(self) -> None:
        response = answer(staff_page, AnonymousUser())
        assert response.status_code == 302
        assert response["Location"].endswith("?next=/intake/%3Fa%3D1")

    def test_sends_the_whole_window_of_a_swap_to_the_login(self) -> None:
        assert "HX-Redirect" in answer(staff_page, AnonymousUser(), HX_Request="true")


class TestRoleRequired:
    def test_asks_for_the_role_itself(self, cast: Cast) -> None:
        assert answer(district_page, cast.district).status_code == 200
        with pytest.raises(PermissionDenied):
            answer(district_page, cast.liaison)

    def test_forgets_a_role_whose_term_is_over(self, db: None) -> None:
        person: Person = a_person()
        a_post(person, Role.DISTRICT, COUNTY, to_at=people.LONG_AGO + timedelta(days=1))
        with pytest.raises(PermissionDenied):
            answer(district_page, person)


class TestLogin:
    def test_brings_the_person_and_their_posts_in_one_statement(
        self, cast: Cast, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(1):
            person = Login().get_user(cast.clerk.pk)
            assert person is not None
            held = posts_of(person, NOON)
            named = [(post.role, post.unit and post.unit.name) for post in held]
        plain = Person.objects.get(pk=cast.clerk.pk)
        assert person == plain
        assert list(held) == list(posts_of(plain, NOON))
        assert named == [(post.role, post.unit and post.unit.name) for post in posts_of(plain, NOON)]

    def test_knows_nobody_who_was_switched_off(self, cast: Cast) -> None:
        Person.objects.filter(pk=cast.clerk.pk).update(is_active=False)
        assert Login().get_user(cast.clerk.pk) is None
        assert Login().get_user(-1) is None

    def test_knows_somebody_without_any_post(self, cast: Cast) -> None:
        nobody = Person.objects.create_user("nobody", "无岗")
        found = Login().get_user(nobody.pk)
        assert found == nobody
        assert posts_of(nobody, NOON) == ()
