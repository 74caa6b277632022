"""people.actions.units_checkin and units_survey: check-in of units, links, words of both sides, steps, surveys."""

from datetime import timedelta

import pytest

from sandan.core.errors import NotAllowed, Stale
from sandan.people.actions import units_checkin, units_survey
from sandan.people.models import UnitCheckin, UnitLink, UnitRating, UnitStage
from sandan.people.queries import units_lists
from tests.factories.people import COMMUNITY, GRID, NOON, OTHER_COMMUNITY, Cast, a_place
from tests.factories.units import REVIEW, TODAY, a_clerk, a_registered, a_scheme, an_overseer, in_community

pytestmark = pytest.mark.django_db


class TestCheckInUnit:
    def test_has_all_four_pairs(self, cast: Cast) -> None:
        """R001: check-in, service link, charge link, words of both sides, under the scheme in force."""
        scheme, unit = a_scheme(), a_registered()
        clerk = a_clerk(unit)
        row = units_checkin.check_in_unit(unit=unit, community=a_place(COMMUNITY), by=clerk, at=NOON)
        units_checkin.link(
            checkin=row, kind="service", scope=COMMUNITY, text="周末讲法", tags=["law"], by=clerk, at=NOON
        )
        units_checkin.link(checkin=row, kind="charge", scope=GRID, text="包一网格", by=cast.dispatcher, at=NOON)
        units_checkin.rate_unit(checkin=row, side="community", mark=5, text="", by=cast.dispatcher, at=NOON)
        units_checkin.rate_unit(checkin=row, side="unit", mark=4, text="安排清楚", by=clerk, at=NOON)
        assert row.scheme == scheme
        found = units_lists.own_page(unit, NOON).servings[0]
        assert [one.text for one in found.services] == ["周末讲法"]
        assert [one.scope for one in found.charges] == [GRID]
        assert {side: word.mark for side, word in found.ratings.items()} == {"community": 5, "unit": 4}

    def test_is_allowed_to_several_communities_but_once_to_each(self, cast: Cast) -> None:
        """R001"""
        a_scheme()
        unit = a_registered()
        in_community(unit)
        in_community(unit, OTHER_COMMUNITY)
        with pytest.raises(units_checkin.UnitAlreadyThere):
            in_community(unit)
        assert UnitCheckin.objects.live(NOON).count() == 2

    def test_needs_a_scheme(self, cast: Cast) -> None:
        with pytest.raises(units_checkin.NoScheme):
            in_community(a_registered())

    def test_keeps_to_the_scheme_of_its_day_after_a_new_version(self, cast: Cast) -> None:
        """R003: what a unit reported in under stays what it was."""
        old = a_scheme()
        row = in_community(a_registered())
        a_scheme(text=REVIEW, from_on=TODAY)
        row.refresh_from_db()
        assert row.scheme == old

    def test_prefers_the_countys_scheme_to_the_citys(self, cast: Cast) -> None:
        a_scheme("9902", REVIEW)
        county = a_scheme()
        assert in_community(a_registered()).scheme == county
        assert in_community(a_registered("市统计局", "9902"), OTHER_COMMUNITY).scheme.scope == "9902"

    def test_refuses_a_grid_and_who_has_no_side(self, cast: Cast) -> None:
        a_scheme()
        unit = a_registered()
        with pytest.raises(units_checkin.NoCommunity):
            units_checkin.check_in_unit(unit=unit, community=a_place(GRID), by="system", at=NOON)
        for by in (cast.neighbour, cast.clerk, cast.member, an_overseer("990299")):
            with pytest.raises(NotAllowed):
                units_checkin.check_in_unit(unit=unit, community=a_place(COMMUNITY), by=by, at=NOON)

    def test_begins_the_third_step(self, cast: Cast) -> None:
        """R007"""
        a_scheme()
        unit = a_registered()
        in_community(unit)
        assert UnitStage.objects.get(unit=unit, step="checkin").from_on == TODAY


class TestCheckOutUnit:
    def test_ends_its_links_and_stays_as_history(self, cast: Cast) -> None:
        a_scheme()
        unit = a_registered()
        row = in_community(unit)
        units_checkin.link(checkin=row, kind="service", scope=COMMUNITY, text="扫雪", by="system", at=NOON)
        units_checkin.check_out_unit(checkin=row, by=cast.dispatcher, at=NOON + timedelta(days=1))
        assert not UnitCheckin.objects.live(NOON + timedelta(days=1)).exists()
        assert UnitLink.objects.get().to_at is not None
        with pytest.raises(Stale):
            units_checkin.check_out_unit(checkin=row, by=cast.dispatcher, at=NOON + timedelta(days=2))
        assert in_community(unit) != row


class TestLink:
    def test_refuses_ground_of_another_community_and_no_words(self, cast: Cast) -> None:
        a_scheme()
        row = in_community(a_registered())
        for scope, text in ((OTHER_COMMUNITY, "扫雪"), (COMMUNITY, " ")):
            with pytest.raises(units_checkin.BadLink):
                units_checkin.link(checkin=row, kind="charge", scope=scope, text=text, by="system", at=NOON)

    def test_ends_with_unlink(self, cast: Cast) -> None:
        a_scheme()
        row = in_community(a_registered())
        one = units_checkin.link(checkin=row, kind="charge", scope=COMMUNITY, text="包", by="system", at=NOON)
        assert units_checkin.unlink(link=one, by=cast.dispatcher, at=NOON).to_at == NOON
        with pytest.raises(Stale):
            units_checkin.unlink(link=one, by=cast.dispatcher, at=NOON)


class TestRateUnit:
    def test_is_one_a_year_and_side_and_the_last_counts(self, cast: Cast) -> None:
        """R001"""
        a_scheme()
        row = in_community(a_registered())
        for mark in (3, 4):
            units_checkin.rate_unit(checkin=row, side="community", mark=mark, text="", by=cast.dispatcher, at=NOON)
        assert [word.mark for word in UnitRating.objects.all()] == [4]

    def test_is_spoken_by_the_other_side_alone(self, cast: Cast) -> None:
        """R001: nobody rates themselves."""
        a_scheme()
        unit = a_registered()
        row, clerk = in_community(unit), a_clerk(unit)
        for side, by in (("community", clerk), ("unit", cast.dispatcher), ("community", cast.neighbour)):
            with pytest.raises(NotAllowed):
                units_checkin.rate_unit(checkin=row, side=side, mark=5, text="", by=by, at=NOON)

    @pytest.mark.parametrize(("mark", "text"), [(0, "x"), (6, "x"), (2, " ")])
    def test_refuses_a_mark_out_of_range_and_a_low_one_without_words(self, cast: Cast, mark: int, text: str) -> None:
        a_scheme()
        row = in_community(a_registered())
        with pytest.raises(units_checkin.BadMark):
            units_checkin.rate_unit(checkin=row, side="community", mark=mark, text=text, by=cast.dispatcher, at=NOON)


class TestWriteStep:
    def test_goes_through_three_steps_with_dates_and_obstacles(self, cast: Cast) -> None:
        """R007"""
        scheme, unit = a_scheme(), a_registered()
        clerk = a_clerk(unit)
        facts = {"unit": unit, "scheme": scheme, "by": clerk, "at": NOON}
        due = TODAY - timedelta(days=1)
        units_survey.write_step(step="survey", from_on=due, due_on=due, blocker="roster", note="两个科室没报", **facts)
        line = units_lists.own_page(unit, NOON).line
        assert line.now_at == "survey"
        assert line.blocked
        assert line.is_late
        assert line.blocked.note == "两个科室没报"
        for step in ("survey", "match", "checkin"):
            units_survey.write_step(step=step, from_on=due, done_on=TODAY, **facts)
        line = units_lists.own_page(unit, NOON).line
        assert line.now_at == "done"
        assert not line.blocked
        assert not line.is_late

    def test_refuses_a_step_before_the_one_it_needs(self, cast: Cast) -> None:
        """R007"""
        facts = {"unit": a_registered(), "scheme": a_scheme(), "by": "system", "at": NOON, "from_on": TODAY}
        with pytest.raises(units_survey.StepBefore):
            units_survey.write_step(step="match", done_on=TODAY, **facts)  # type: ignore[arg-type]

    def test_refuses_days_that_cannot_be(self, cast: Cast) -> None:
        facts = {"unit": a_registered(), "scheme": a_scheme(), "step": "survey", "by": "system", "at": NOON}
        late = TODAY + timedelta(days=1)
        for days in ({"done_on": TODAY}, {"from_on": late}, {"from_on": TODAY, "done_on": TODAY - timedelta(days=1)}):
            with pytest.raises(units_survey.BadDates):
                units_survey.write_step(**facts, **days)  # type: ignore[arg-type]


class TestWriteSurvey:
    def test_is_dated_and_the_latest_counts(self, cast: Cast) -> None:
        """R200: size, needs, resources, gaps, dated, one for each community."""
        facts = {"community": a_place(COMMUNITY), "needs": ["law", "venue"], "resources": ["hands"], "at": NOON}
        for on, households in ((TODAY, 1200), (TODAY - timedelta(days=30), 900)):
            units_survey.write_survey(on=on, households=households, gaps="没有活动室", by=cast.dispatcher, **facts)
        survey = units_lists.community_page(COMMUNITY, NOON).survey
        assert survey
        assert (survey.on, survey.households, survey.needs, survey.gaps) == (
            TODAY,
            1200,
            ["venue", "law"],
            "没有活动室",
        )

    def test_is_the_communitys_own_desk_alone(self, cast: Cast) -> None:
        facts = {
            "community": a_place(COMMUNITY),
            "on": TODAY,
            "households": 1,
            "needs": [],
            "resources": [],
            "at": NOON,
        }
        units_survey.write_survey(by=cast.liaison, **facts)  # type: ignore[arg-type]
        for by in (cast.neighbour, cast.clerk, an_overseer()):
            with pytest.raises(NotAllowed):
                units_survey.write_survey(by=by, **facts)  # type: ignore[arg-type]
