"""people.queries: the desk in charge, helpers near by, second keys, teams and units."""

from datetime import timedelta

import pytest

from sandan.people import queries
from sandan.people.models import Post, Role
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    NOON,
    OTHER_COMMUNITY,
    OTHER_STREET,
    STREET,
    Cast,
    a_person,
    a_post,
    a_unit,
)


class TestDeskOf:
    def test_is_the_first_dispatcher_of_the_community(self, cast: Cast) -> None:
        """R042: an order is never without an owner."""
        assert queries.desk_of(COMMUNITY, NOON) == cast.dispatcher
        assert queries.desk_of(OTHER_COMMUNITY, NOON) == cast.neighbour

    def test_climbs_to_the_liaison_then_to_the_district(self, cast: Cast) -> None:
        Post.objects.filter(role=Role.DISPATCHER).update(to_at=NOON)
        assert queries.desk_of(COMMUNITY, NOON) == cast.liaison
        assert queries.desk_of(OTHER_STREET + "001", NOON) == cast.district
        Post.objects.filter(role=Role.LIAISON).update(to_at=NOON)
        assert queries.desk_of(COMMUNITY, NOON) == cast.district

    def test_passes_over_people_kept_out(self, cast: Cast) -> None:
        cast.dispatcher.is_active = False
        cast.dispatcher.save()
        assert queries.desk_of(COMMUNITY, NOON) == cast.reviewer

    def test_prefers_the_liaison_to_the_deputy(self, cast: Cast) -> None:
        Post.objects.filter(role=Role.DISPATCHER).delete()
        Post.objects.filter(role=Role.LIAISON).update(to_at=NOON)
        deputy, liaison = a_person("聂远"), a_person("亓伟")
        a_post(deputy, Role.LIAISON, STREET, grade="deputy")
        a_post(liaison, Role.LIAISON, STREET, from_at=NOON)
        assert queries.desk_of(COMMUNITY, NOON) == liaison

    def test_refuses_loudly_where_nobody_is(self, cast: Cast) -> None:
        with pytest.raises(queries.NoDesk):
            queries.desk_of("990301001001", NOON)
        with pytest.raises(queries.NoDesk):
            queries.desk_of(COMMUNITY, NOON - timedelta(days=999))

    def test_takes_one_query(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            queries.desk_of(COMMUNITY, NOON)


class TestReviewers:
    def test_names_every_other_desk_nearest_first(self, cast: Cast) -> None:
        found = queries.reviewers(COMMUNITY, [cast.dispatcher.pk], NOON)
        assert found == [cast.reviewer, cast.liaison, cast.district]


class TestHolders:
    def test_finds_a_role_over_a_place(self, cast: Cast) -> None:
        assert set(queries.holders(Role.DISPATCHER, GRID, NOON)) == {cast.dispatcher, cast.reviewer}


class TestHelpersNear:
    def test_orders_by_distance_and_shows_the_fitting_skills(self, cast: Cast) -> None:
        found = queries.helpers_near(112.551, 37.861, ["电工"], 5, NOON)
        assert [helper.person for helper in found] == [cast.member, cast.second_member]
        assert found[0].metres < 1
        assert found[1].metres == pytest.approx(791, abs=5)
        assert found[0].skills == ("电工",)

    def test_asks_for_no_skill_where_none_is_needed(self, cast: Cast) -> None:
        assert cast.grid_worker in [h.person for h in queries.helpers_near(112.55, 37.86, [], 9, NOON)]

    def test_leaves_out_the_inactive_the_excluded_and_other_counties(self, cast: Cast) -> None:
        assert queries.helpers_near(112.55, 37.86, ["电工"], 9, NOON, county="990301") == []
        cast.member.is_active = False
        cast.member.save()
        found = queries.helpers_near(112.55, 37.86, ["电工"], 9, NOON, excluding=[cast.second_member.pk])
        assert found == []

    def test_says_who_is_in_reach(self, cast: Cast) -> None:
        cast.second_member.reach_metres = 500
        cast.second_member.save()
        found = queries.helpers_near(112.551, 37.861, ["电工"], 5, NOON)
        assert [helper.is_in_reach for helper in found] == [True, False]

    def test_takes_one_query(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            queries.helpers_near(112.55, 37.86, ["电工"], 9, NOON)


class TestTeamsOf:
    def test_finds_teams_around_and_inside_an_area(self, cast: Cast) -> None:
        for code in (GRID, COMMUNITY, COUNTY):
            assert list(queries.teams_of(code)) == [cast.team]
        assert list(queries.teams_of(OTHER_COMMUNITY)) == []


class TestUnitsOf:
    def test_finds_units_by_kind_in_the_order_of_their_pinyin(self, cast: Cast) -> None:
        other = a_unit("安监局")
        assert list(queries.units_of(COMMUNITY, "department")) == [other, cast.unit]
        assert list(queries.units_of(COMMUNITY, "partner")) == []
