"""A member's own page: said by the person alone, shown again, changed at any time (R016, R018)."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core import journal
from sandan.front.queries import start_of
from sandan.people.actions import member_checkin
from sandan.people.models import Away, FreeTime, MemberCheckin, MemberProfile, MemberRating, Person, Role
from sandan.people.queries import member_me, member_times
from tests.factories.members import a_member, checked_in
from tests.factories.people import COMMUNITY, COUNTY, GRID, NOON, OTHER_GRID, a_person, a_place, a_unit, somebody

pytestmark = pytest.mark.django_db
AWAY = {"away_from": "2099-05-01", "away_to": "2099-05-07"}
ME, TIMES, PROFILE, CHECKIN = "/people/me/", "/people/me/times/", "/people/me/profile/", "/people/me/checkin/"


@pytest.fixture
def member() -> Person:
    a_place(OTHER_GRID)
    return a_member(skills=["电工"])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def hands(member: Person) -> Client:
    return signed_in(member)


def text_of(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


class TestTimes:
    def test_are_kept_as_they_were_ticked(self, member: Person, hands: Client) -> None:
        """R018: own times and days away, changed at any time."""
        answer = hands.post(TIMES, {"free": ["0eve", "5am", "5pm"], **AWAY}, follow=True)
        assert "按这个时间推给您" in text_of(answer)
        rows = FreeTime.objects.filter(person=member).order_by("weekday", "from_minute")
        assert list(rows.values_list("weekday", "from_minute", "to_minute")) == [
            (0, 1080, 1260), (5, 480, 720), (5, 720, 1080),
        ]  # fmt: skip
        assert str(Away.objects.get(person=member).to_on) == "2099-05-07"
        page = text_of(hands.get(ME))
        assert page.count('name="free"') == 21
        assert len([line for line in page.split("<input")[1:] if 'name="free"' in line and "checked" in line]) == 3
        assert "周一晚上、周六上午和下午" in page

    def test_are_replaced_as_a_whole(self, hands: Client) -> None:
        hands.post(TIMES, {"free": ["0eve"], **AWAY})
        hands.post(TIMES, {"free": []})
        assert not FreeTime.objects.exists()
        assert not Away.objects.exists()
        assert "下班后和休息日" in text_of(hands.get(ME))

    def test_refuse_days_that_run_backwards(self, hands: Client) -> None:
        answer = hands.post(TIMES, {"away_from": "2099-05-07", "away_to": "2099-05-01"})
        assert answer.status_code == 422
        assert "后一天要不早于前一天" in text_of(answer)

    def test_leave_no_day_in_the_journal(self, member: Person, hands: Client) -> None:
        """Who is away when is nobody's business: the journal knows that times were set, not which."""
        hands.post(TIMES, {"free": ["0eve"], **AWAY})
        facts = journal.lines_of(member).get(verb="set_times").facts
        assert facts == {"stretches": 1, "away": True}

    def test_lie_where_the_old_address_leads(self, hands: Client) -> None:
        assert hands.get("/times/")["Location"] == f"{ME}#when"


class TestAhead:
    def test_knows_rest_days_holidays_and_shifted_workdays(self, member: Person) -> None:
        """R018: after hours on workdays, all day on rest days; the plan of 2026 says which those are."""
        days = {one.day: one for one in member_times.ahead(member, datetime(2026, 9, 18, 4, tzinfo=UTC))}
        friday, saturday, sunday = (days[date(2026, 9, number)] for number in (18, 19, 20))
        assert friday.hours == "7:00 到 9:00、12:00 到 13:30、17:30 到 22:00"
        assert (saturday.remark, saturday.hours) == ("休息日", "7:00 到 22:00")
        assert (sunday.remark, sunday.hours) == ("调休上班", friday.hours)
        october = member_times.ahead(member, datetime(2026, 9, 30, 4, tzinfo=UTC))
        assert [(one.remark, one.hours) for one in october if one.day == date(2026, 10, 1)] == [
            ("放假", "7:00 到 22:00")
        ]

    def test_leaves_days_away_empty(self, member: Person) -> None:
        Away.objects.create(person=member, from_on=date(2026, 8, 11), to_on=date(2026, 8, 12))
        days = member_times.ahead(member, NOON)
        assert [one.hours for one in days if one.remark == "不在"] == ["", ""]


class TestProfile:
    GIVEN = {"skills": ["理发", "水暖维修"], "reach": "2000", "interests": "会修老式收音机，周末想陪老人说说话"}

    def test_is_kept_and_shown_again(self, member: Person, hands: Client) -> None:
        """R016: a closed list, own words, a distance; at any time."""
        assert "记下了" in text_of(hands.post(PROFILE, self.GIVEN, follow=True))
        member.refresh_from_db()
        assert (member.skills, member.reach_metres) == (["水暖维修", "理发"], 2000)
        assert MemberProfile.objects.get(person=member).interests == self.GIVEN["interests"]
        assert "老式收音机" in text_of(hands.get(ME))

    @pytest.mark.parametrize(
        ("change", "says"),
        [({"skills": ["做法事"]}, "单子上没有这一项"), ({"skills": ["理发"] * 9}, ""), ({"reach": "7"}, "")],
    )
    def test_takes_nothing_beside_the_list(
        self, member: Person, hands: Client, change: dict[str, object], says: str
    ) -> None:  # fmt: skip
        answer = hands.post(PROFILE, {**self.GIVEN, **change})
        assert answer.status_code in (302, 422)
        assert says in text_of(answer)
        member.refresh_from_db()
        assert set(member.skills) <= {"电工", "理发"}

    def test_leaves_no_word_in_the_journal(self, member: Person, hands: Client) -> None:
        """Own words are inside: an erasable row, never a line of the journal."""
        hands.post(PROFILE, self.GIVEN)
        assert journal.lines_of(member).get(verb="set_profile").facts == {"skills": 2, "words": True, "reach": 2000}


class TestCheckingIn:
    def test_goes_by_the_community_and_then_the_grid(self, member: Person, hands: Client) -> None:
        """R013: one's own way in, several duties."""
        page = text_of(hands.get(CHECKIN, {"community": COMMUNITY}))
        assert "造纸厂第二网格" in page
        answer = hands.post(CHECKIN, {"grid": OTHER_GRID}, follow=True)
        assert "报到好了" in text_of(answer)
        assert set(member.checkins.filter(to_at=None).values_list("grid", flat=True)) == {GRID, OTHER_GRID}

    def test_moves_one_where_it_says_so(self, member: Person, hands: Client) -> None:
        row = member.checkins.get()
        hands.post(CHECKIN, {"grid": OTHER_GRID, "instead": row.pk})
        assert list(member.checkins.order_by("pk").values_list("grid", "end")) == [(GRID, "moved"), (OTHER_GRID, "")]

    def test_says_what_is_missing(self, hands: Client) -> None:
        for given, says in (({}, "还没有选网格"), ({"grid": GRID}, "不用再办"), ({"grid": "9" * 15}, "不是在用的网格")):
            answer = hands.post(CHECKIN, given)
            assert answer.status_code == 422
            assert says in text_of(answer)

    def test_of_somebody_else_cannot_be_moved_or_ended(self, hands: Client) -> None:
        row = checked_in(a_person("景师古"))
        assert hands.post(CHECKIN, {"grid": OTHER_GRID, "instead": row.pk}).status_code == 404
        assert hands.post(f"{CHECKIN}{row.pk}/leave/").status_code == 404
        assert hands.post(f"{CHECKIN}{row.pk}/rate/", {"word": "good"}).status_code == 404

    def test_opens_again_for_who_left(self, member: Person, hands: Client) -> None:
        """Between two check-ins nobody holds a post; a new login finds the way back open."""
        row = member.checkins.get()
        assert hands.post(f"{CHECKIN}{row.pk}/leave/").status_code == 302
        again = signed_in(Person.objects.get(pk=member.pk))
        assert "去报到" in text_of(again.get(ME))
        assert again.post(CHECKIN, {"grid": GRID}).status_code == 302
        assert member.checkins.filter(to_at=None).count() == 1

    def test_is_shut_for_who_never_was_one(self) -> None:
        assert signed_in(a_person()).get(ME).status_code == 403
        assert signed_in(somebody("周敏", Role.DISPATCHER, COMMUNITY)).get(CHECKIN).status_code == 403
        unit = a_unit("安居物业", "partner", COMMUNITY)
        assert signed_in(somebody("甘露", Role.PARTNER, COMMUNITY, unit=unit)).get(ME).status_code == 404
        assert signed_in(somebody("乜强", Role.AUDITOR, COUNTY)).get(ME).status_code == 403


class TestSaid:
    def test_is_seen_by_who_it_is_about_and_answered(self, member: Person, hands: Client) -> None:
        """R001, G15: two-way rating; one's own is open to oneself, with ten days to answer."""
        row = MemberCheckin.objects.get(person=member)
        desk = signed_in(somebody("周敏", Role.DISPATCHER, COMMUNITY))
        desk.post(f"/people/members/{row.pk}/rate/", {"word": "fair", "text": "来得少"})
        hands.post(f"{CHECKIN}{row.pk}/rate/", {"word": "good", "text": "安排得清楚"})
        about = MemberRating.objects.get(checkin=row, side="community")
        page = text_of(hands.get(ME))
        assert "来得少" in page
        assert "有话要说" in page
        assert hands.post(f"/people/me/said/{about.pk}/answer/", {"text": "七月住院了"}).status_code == 302
        shown = text_of(desk.get(f"/people/members/{row.pk}/"))
        assert "七月住院了" in shown
        assert "安排得清楚" in shown

    def test_costs_the_same_for_one_duty_as_for_three(
        self, member: Person, django_assert_num_queries: object
    ) -> None:  # fmt: skip
        member_me.mine(member, timezone.now())
        with django_assert_num_queries(10):  # type: ignore[operator]
            member_me.mine(member, timezone.now())
        checked_in(member, OTHER_GRID)
        with django_assert_num_queries(10):  # type: ignore[operator]
            member_me.mine(member, timezone.now())


class TestStart:
    def test_of_who_is_between_two_check_ins_is_the_own_page(self, member: Person) -> None:
        """Also of who stands on a unit's roster and has not checked in yet; of a stranger there is none."""
        assert start_of(member, NOON) != ME
        member_checkin.check_out(checkin=member.checkins.get(), end="left", by="system", at=NOON)
        assert start_of(Person.objects.get(pk=member.pk), timezone.now()) == ME
        assert start_of(a_person(), timezone.now()) is None
