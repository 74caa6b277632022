"""people.queries.units_roster and the actions about rosters: who is in, who is excused, who is missing."""

from datetime import date, timedelta

import pytest

from sandan.core.errors import NotAllowed, Stale
from sandan.people.actions import units_remind, units_roster
from sandan.people.actions.units_roster import Entry
from sandan.people.models import MemberCheckin, Reminder, RosterExcuse, RosterRow, Unit
from sandan.people.queries import units_lists
from sandan.people.queries import units_roster as rosters
from sandan.people.queries.units_roster import Tally
from tests.factories.people import COMMUNITY, NOON, OTHER_COMMUNITY, OTHER_GRID, Cast, a_person
from tests.factories.units import TODAY, a_clerk, a_registered, a_roster, a_scheme, an_overseer, came, in_community

pytestmark = pytest.mark.django_db
NAMES = ("安歌", "白鹭", "常青")


def tally_of(unit: Unit) -> Tally:
    return rosters.tally(rosters.standings(RosterRow.objects.live().filter(unit=unit), NOON))


class TestHandInRoster:
    def test_takes_in_who_is_new_and_lets_go_who_is_named_no_more(self, cast: Cast) -> None:
        """R005 R008: the roster as of a day; who stays is the same row."""
        unit = a_registered()
        before = a_roster(unit, NAMES, TODAY - timedelta(days=9))
        after = a_roster(unit, ("白鹭", "常青", "段誉"))
        assert [row.pk for row in after[:2]] == [row.pk for row in before[1:]]
        assert RosterRow.objects.get(pk=before[0].pk).left_on == TODAY
        assert rosters.roster_days([unit.pk]) == {unit.pk: TODAY}

    def test_knows_people_by_name_who_reported_in_for_the_unit(self, cast: Cast) -> None:
        """R005: one person is one row, however the roster and the check-in came."""
        unit, other = a_registered(), a_registered("区档案馆")
        people = came(unit, NAMES[:2])
        came(other, NAMES[2:])
        rows = a_roster(unit, NAMES)
        assert [row.person for row in rows] == [*people, None]

    def test_leaves_two_of_one_name_to_the_clerk(self, cast: Cast) -> None:
        unit = a_registered()
        first, second = came(unit, ("安歌", "安歌"))
        entries = [Entry("安歌", "办公室"), Entry("安歌", "财务科")]
        units_roster.hand_in_roster(unit=unit, entries=entries, on=TODAY, by="system", at=NOON)
        office, money = RosterRow.objects.filter(unit=unit).order_by("pk")
        assert {office.person, money.person} == {None}
        clerk = a_clerk(unit)
        units_roster.settle_row(row=office, person=second, by=clerk, at=NOON)
        with pytest.raises(units_roster.NotTheirs):
            units_roster.settle_row(row=money, person=second, by=clerk, at=NOON)
        units_roster.settle_row(row=money, person=first, by=clerk, at=NOON)
        assert tally_of(unit) == Tally(2, 2, 0)

    def test_takes_a_name_with_another_mark_for_the_same_one(self, cast: Cast) -> None:
        unit = a_registered()
        (before,) = a_roster(unit, ("安歌",), TODAY - timedelta(days=1))
        entries = [Entry("安歌", "办公室")]
        units_roster.hand_in_roster(unit=unit, entries=entries, on=TODAY, by="system", at=NOON)
        assert [(row.pk, row.mark) for row in RosterRow.objects.live()] == [(before.pk, "办公室")]

    def test_expects_them_in_the_units_only_community(self, cast: Cast) -> None:
        a_scheme()
        unit = a_registered()
        a_roster(unit, NAMES[:1], TODAY - timedelta(days=1))
        in_community(unit)
        assert {row.community for row in a_roster(unit, NAMES)} == {COMMUNITY}

    @pytest.mark.parametrize(
        ("names", "on", "word"),
        [
            ((), TODAY, "要有人"),
            (("安歌", "安歌"), TODAY, "重复：安歌"),
            (NAMES, TODAY + timedelta(days=1), "不能晚于今天"),
            (NAMES, date(2026, 8, 1), "比这份新"),
        ],
    )
    def test_refuses_and_changes_nothing(self, cast: Cast, names: tuple[str, ...], on: date, word: str) -> None:
        unit = a_registered()
        a_roster(unit, NAMES[:1], date(2026, 8, 2))
        with pytest.raises(units_roster.BadRoster, match=word):
            units_roster.hand_in_roster(unit=unit, entries=[Entry(n) for n in names], on=on, by="system", at=NOON)
        assert tally_of(unit).total == 1

    def test_is_for_the_clerk_and_the_overseer(self, cast: Cast) -> None:
        unit, other = a_registered(), a_registered("区档案馆")
        for by in (a_clerk(unit), an_overseer()):
            units_roster.hand_in_roster(unit=unit, entries=[Entry("安歌")], on=TODAY, by=by, at=NOON)
        for by in (a_clerk(other), cast.dispatcher, cast.district):
            with pytest.raises(NotAllowed):
                units_roster.hand_in_roster(unit=unit, entries=[Entry("安歌")], on=TODAY, by=by, at=NOON)


class TestMatchRoster:
    def test_finds_who_reported_in_after_the_roster_came(self, cast: Cast) -> None:
        unit = a_registered()
        a_roster(unit, NAMES)
        came(unit, NAMES[:2])
        assert units_roster.match_roster(unit=unit, by=a_clerk(unit), at=NOON) == 2
        assert tally_of(unit) == Tally(3, 2, 0)


class TestTally:
    def test_is_reported_in_of_all_and_shows_the_excused_apart(self, cast: Cast) -> None:
        """R008 R009: excused people stay in the roster that is divided by."""
        unit = a_registered()
        came(unit, NAMES[:1])
        rows = a_roster(unit, (*NAMES, "段誉"))
        units_roster.excuse(row=rows[1], why="leave", from_on=TODAY, by=a_clerk(unit), at=NOON)
        found = tally_of(unit)
        assert (found.total, found.checked, found.excused, found.gap) == (4, 1, 1, 2)
        assert found.per_cent == 25.0

    def test_counts_nobody_twice_and_says_who_stands_on_two_rosters(self, cast: Cast) -> None:
        """R005: no double person."""
        units = [a_registered(), a_registered("区档案馆")]
        (person,) = came(units[0], NAMES[:1])
        for unit in units:
            (row,) = a_roster(unit, NAMES[:1])
            RosterRow.objects.filter(pk=row.pk).update(person=person)
        standings = rosters.standings(RosterRow.objects.live(), NOON)
        assert rosters.tally(standings) == Tally(1, 1, 0)
        assert rosters.doubles(standings) == {person.pk}
        assert rosters.shown(RosterRow.objects.live(), "double", NOON).count() == 2

    def test_no_longer_counts_a_check_in_that_ended(self, cast: Cast) -> None:
        unit = a_registered()
        came(unit, NAMES[:1])
        a_roster(unit, NAMES[:1])
        MemberCheckin.objects.update(to_at=NOON - timedelta(hours=1), end="left")
        assert tally_of(unit) == Tally(1, 0, 0)

    def test_has_no_rate_without_a_roster(self, cast: Cast) -> None:
        assert tally_of(a_registered()).per_cent is None

    def test_is_268_of_268_in_one_community_with_26_units(self, cast: Cast) -> None:
        """R009 R010: 268 of 268 is 100 %, each figure the length of its list."""
        a_scheme()
        for number in range(26):
            unit = a_registered(f"共建单位{number}")
            in_community(unit)
            names = [f"党员{number}{'甲乙丙丁戊己庚辛壬癸子'[i]}" for i in range(11 if number < 8 else 10)]
            came(unit, names)
            a_roster(unit, names)
        found = units_lists.community_page(COMMUNITY, NOON)
        assert found.tally == Tally(268, 268, 0)
        assert found.tally.per_cent == 100.0
        assert len(found.servings) == 26
        assert rosters.shown(units_lists.expected(COMMUNITY), "in", NOON, COMMUNITY).count() == 268


class TestExcuse:
    def test_holds_for_its_days_and_no_longer(self, cast: Cast) -> None:
        """R008: leave, posted away, with dates; afterwards the gap is open again."""
        unit = a_registered()
        (row,) = a_roster(unit, NAMES[:1], date(2026, 8, 1))
        facts = {"row": row, "by": a_clerk(unit), "at": NOON}
        units_roster.excuse(why="posted", from_on=date(2026, 8, 1), to_on=TODAY, **facts)
        assert tally_of(unit) == Tally(1, 0, 1)
        units_roster.excuse(why="ill", from_on=date(2026, 8, 1), to_on=TODAY - timedelta(days=1), **facts)
        assert tally_of(unit) == Tally(1, 0, 0)
        assert RosterExcuse.objects.filter(ended_at=None).count() == 1

    def test_is_taken_back(self, cast: Cast) -> None:
        unit = a_registered()
        (row,) = a_roster(unit, NAMES[:1])
        clerk = a_clerk(unit)
        units_roster.excuse(row=row, why="retired", from_on=TODAY, by=clerk, at=NOON)
        units_roster.end_excuse(row=row, by=clerk, at=NOON)
        assert tally_of(unit).gap == 1
        with pytest.raises(Stale):
            units_roster.end_excuse(row=row, by=clerk, at=NOON)

    def test_is_the_clerks_word_alone(self, cast: Cast) -> None:
        unit = a_registered()
        (row,) = a_roster(unit, NAMES[:1])
        for by in (an_overseer(), cast.dispatcher, cast.clerk):
            with pytest.raises(NotAllowed):
                units_roster.excuse(row=row, why="leave", from_on=TODAY, by=by, at=NOON)
        with pytest.raises(units_roster.BadExcuse):
            units_roster.excuse(row=row, why="leave", from_on=TODAY, to_on=date(2026, 8, 1), by="system", at=NOON)


class TestAssignRows:
    def test_sends_ticked_members_to_one_of_the_units_communities(self, cast: Cast) -> None:
        """R004: who is expected where, once a unit serves two communities."""
        a_scheme()
        unit = a_registered()
        in_community(unit)
        in_community(unit, OTHER_COMMUNITY)
        came(unit, NAMES[:1], OTHER_GRID)
        rows = a_roster(unit, NAMES)
        keys = [row.pk for row in rows[:2]]
        clerk = a_clerk(unit)
        assert units_roster.assign_rows(unit=unit, rows=keys, community=OTHER_COMMUNITY, by=clerk, at=NOON) == 2
        there = units_lists.community_page(OTHER_COMMUNITY, NOON)
        assert (there.tally.total, there.tally.checked) == (2, 0)  # OTHER_GRID lies in the first community
        with pytest.raises(NotAllowed):
            units_roster.assign_rows(unit=unit, rows=keys, community="990201002001", by=clerk, at=NOON)


class TestRemind:
    def test_tells_the_clerks_of_a_unit_with_a_gap_and_rests(self, cast: Cast) -> None:
        """R008"""
        unit, overseer = a_registered(), an_overseer()
        a_roster(unit, NAMES)
        clerk = a_clerk(unit)
        assert units_remind.remind_unit(unit=unit, by=overseer, at=NOON) == 1
        assert Reminder.objects.get().person == clerk
        with pytest.raises(units_remind.RemindedLately):
            units_remind.remind_unit(unit=unit, by=overseer, at=NOON + timedelta(days=2))
        assert units_remind.remind_unit(unit=unit, by=overseer, at=NOON + timedelta(days=4)) == 1

    def test_refuses_where_nobody_is_missing_or_nobody_would_hear(self, cast: Cast) -> None:
        unit, overseer = a_registered(), an_overseer()
        a_roster(unit, NAMES[:1])
        with pytest.raises(units_remind.NobodyToRemind, match="打电话"):
            units_remind.remind_unit(unit=unit, by=overseer, at=NOON)
        came(unit, NAMES[:1])
        units_roster.match_roster(unit=unit, by="system", at=NOON)
        with pytest.raises(units_remind.NobodyToRemind, match="都报到了"):
            units_remind.remind_unit(unit=unit, by=overseer, at=NOON)
        with pytest.raises(NotAllowed):
            units_remind.remind_unit(unit=unit, by=cast.dispatcher, at=NOON)

    def test_tells_members_with_an_account_who_are_not_in(self, cast: Cast) -> None:
        unit = a_registered()
        rows = a_roster(unit, NAMES)
        away = a_person("安歌")
        RosterRow.objects.filter(pk=rows[0].pk).update(person=away)
        assert units_remind.remind_members(unit=unit, by=a_clerk(unit), at=NOON) == 1
        assert Reminder.objects.get().person == away
