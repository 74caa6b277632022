"""The hall: what it shows to whom and in which order, taking, saying no, coming too late."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core.models import Entry
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.queries.member_hall import hall
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import a_category, a_course, an_order
from tests.factories.people import COMMUNITY, GRID, OTHER_GRID, Cast, somebody
from tests.factories.people import cast as a_cast

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TEXT = "厨房下水道堵了"


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(order: Order | str) -> str:
    return f"/hall/{order if isinstance(order, str) else order.full_number}/"


def opened(cast: Cast, **facts: Any) -> Order:
    """An order in the hall now: its window is still open."""
    return an_order(cast, S.OPEN, **({"at": timezone.now() - timedelta(minutes=8), "text": TEXT} | facts))


def offered(cast: Cast, *names: Any) -> Order:
    course = a_course(cast, S.JUDGED, at=timezone.now() - timedelta(minutes=8), text=TEXT)
    return course.do("offer", cast.dispatcher, to=list(names)).order


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


class TestWhoMayEnter:
    def test_sends_strangers_to_the_login(self) -> None:
        assert "/login/" in Client().get("/hall/").headers["Location"]

    def test_is_closed_to_desks_and_auditors(self, cast: Cast) -> None:
        for person in (cast.dispatcher, cast.auditor):
            assert signed_in(person).get("/hall/").status_code == 403

    @pytest.mark.parametrize("who", ["member", "grid_worker", "clerk"])
    def test_is_where_the_day_begins(self, cast: Cast, who: str) -> None:
        person = getattr(cast, who)
        answer = signed_in(person).get("/start/", follow=True)
        assert answer.redirect_chain[-1][0] == "/hall/"
        assert answer.status_code == 200


class TestHall:
    def test_sorts_by_skill_then_home_grid_then_distance(self, cast: Cast) -> None:
        """R044: what suits stands first: a skill that is asked for, the same grid, then the shorter way."""
        a_category("0201")
        Category.objects.filter(pk="0201").update(skills=[])
        for_anybody = opened(cast, code="0201")
        far = opened(cast, grid=OTHER_GRID, lon=112.5590, lat=37.861)
        near = opened(cast, grid=OTHER_GRID, lon=112.5530, lat=37.861)
        home = opened(cast, grid=GRID, lon=112.5580, lat=37.861)
        found = hall(cast.member, timezone.now())
        assert [job.row.id for job in found.jobs] == [home.pk, near.pk, far.pk, for_anybody.pk]
        assert [bool(job.fit.skills) for job in found.jobs] == [True, True, True, False]

    def test_says_why_how_far_and_how_long(self, cast: Cast) -> None:
        """R044: reasons, distance, the rest of the window and the deadline with its light."""
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/"))
        for part in (TEXT, "您会水暖维修", "同一个网格", "米</b>", "还能抢", "宽裕", "给排水堵漏"):
            assert part in text

    def test_counts_what_does_not_fit_with_the_reason(self, cast: Cast) -> None:
        """R044: skill and distance limits, said instead of shown."""
        opened(cast)
        opened(cast, grid=OTHER_GRID, lon=112.60)
        electrician = signed_in(cast.second_member)
        text = text_of(electrician.get("/hall/"))
        assert TEXT not in text
        assert "还有 2 单要会别的本领" in text
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert text.count(TEXT) == 1
        assert "还有 1 单离您超过 1 公里" in text

    def test_shows_no_other_county(self, cast: Cast) -> None:
        opened(cast)
        stranger = somebody("外区人", Role.MEMBER, "990301", skills=["水暖维修"])
        assert hall(stranger, timezone.now()).total == 0

    def test_never_shows_sealed_matters(self, cast: Cast) -> None:
        """G3: a sealed matter never lies in the hall, whatever the catalogue says of grabbing."""
        category = a_category("0803")
        assert (category.privacy, category.grab) == ("sealed", "review")
        judged = an_order(cast, S.JUDGED, code="0803", text="腿脚不便的秘密", at=timezone.now())
        with pytest.raises(actions.giving.NotForGrabbing):
            actions.open_up(order=judged, by=cast.dispatcher, at=timezone.now())
        Order.objects.filter(pk=judged.pk).update(state=S.OPEN)
        companion = somebody("陪同人", Role.MEMBER, GRID, skills=list(category.skills), lon=112.551, lat=37.861)
        client = signed_in(companion)
        assert hall(companion, timezone.now()).total == 0
        assert "秘密" not in text_of(client.get("/hall/"))
        assert client.get(at(judged)).status_code == 404

    def test_hides_the_words_of_a_personal_matter_until_taken(self, cast: Cast) -> None:
        """G3: 敏感 is shown after taking: kind, community and distance before, words after."""
        helper = somebody("采买人", Role.MEMBER, GRID, skills=["采购配送"], lon=112.551, lat=37.861)
        order = opened(cast, code="0805", text="想要一副老花镜")
        client = signed_in(helper)
        for path in ("/hall/", at(order)):
            text = text_of(client.get(path))
            assert "微心愿" in text
            assert "老花镜" not in text
        client.post(at(order), {"act": "take"})
        assert "老花镜" in text_of(client.get(f"/mine/{order.full_number}/"))

    def test_names_the_building_at_most(self, cast: Cast) -> None:
        """G3: no door, no name, no number, neither in the hall nor on the order's page."""
        order = opened(cast, name="邓秀兰", phone="16412345678", door="2单元501")
        for path in ("/hall/", at(order)):
            text = text_of(signed_in(cast.member).get(path))
            assert not [part for part in ("2单元501", "501", "邓秀兰", "16412345678", "5678") if part in text]

    def test_is_kind_when_nothing_is_there(self, cast: Cast) -> None:
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert "眼下没有合适您的单" in text
        assert 'href="/mine/"' in text

    def test_renews_its_lists_alone(self, cast: Cast) -> None:
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/", headers={"HX-Request": "true"}))
        assert "<html" not in text
        assert TEXT in text

    def test_has_pages(self, cast: Cast) -> None:
        for _n in range(22):
            opened(cast)
        client = signed_in(cast.member)
        first, second = (text_of(client.get(f"/hall/?page={n}")) for n in (1, 2))
        assert (first.count("<article"), second.count("<article")) == (20, 2)
        assert text_of(client.get("/hall/?page=99")).count("<article") == 2
        assert client.get("/hall/?page=x").status_code == 200

    def test_takes_as_many_statements_for_five_as_for_fifty(
        self, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(cast.member)
        for _n in range(5):
            opened(cast)
            offered(cast, cast.member)
        with django_assert_max_num_queries(12) as few:
            client.get("/hall/")
        for _n in range(45):
            opened(cast)
        with django_assert_max_num_queries(12) as many:
            client.get("/hall/")
        assert len(few) == len(many)


class TestOffers:
    @pytest.mark.parametrize("who", ["person", "team", "leader", "unit"])
    def test_stand_on_top_for_those_who_may_answer(self, cast: Cast, who: str) -> None:
        """R044: dispatch to a person, a team or a unit; whoever may say yes sees it with the time to answer."""
        mate = cast.team.members.exclude(pk=cast.team.leader_id).first()
        name, person = {
            "person": (cast.member, cast.member), "team": (cast.team, mate),
            "leader": (cast.team, cast.team.leader), "unit": (cast.unit, cast.clerk),
        }[who]  # fmt: skip
        order = offered(cast, name)
        client = signed_in(person)
        text = text_of(client.get("/hall/"))
        assert text.count(order.full_number) > 0
        assert "等您答复" in text
        assert "请在" in text
        assert client.post(at(order), {"act": "take"}).headers["Location"] == f"/mine/{order.full_number}/"
        after = fresh(order)
        assert (after.state, after.holder) == (S.TAKEN, person)
        assert (after.team, after.unit) == (
            name if who in ("team", "leader") else None,
            name if who == "unit" else None,
        )

    def test_are_not_shown_to_others(self, cast: Cast) -> None:
        order = offered(cast, cast.unit)
        client = signed_in(cast.second_member)
        assert order.full_number not in text_of(client.get("/hall/"))
        assert client.get(at(order)).status_code == 404

    def test_asks_the_next_spare_when_declined(self, cast: Cast) -> None:
        """R044: a no has a reason and costs nothing; the next spare name is asked at once."""
        order = offered(cast, cast.member, cast.second_member)
        client = signed_in(cast.member)
        answer = client.post(at(order), {"act": "decline", "reason": "busy"}, follow=True)
        assert "不影响您" in text_of(answer)
        assert order.full_number not in text_of(client.get("/hall/"))
        assert [(offer.person, offer.state) for offer in order.offers.order_by("rank")] == [
            (cast.member, "refused"), (cast.second_member, "sent"),
        ]  # fmt: skip
        assert order.full_number in text_of(signed_in(cast.second_member).get("/hall/"))

    @pytest.mark.parametrize("reason", ["", "reassign", "nonsense"])
    def test_asks_for_a_reason_of_the_list(self, cast: Cast, reason: str) -> None:
        order = offered(cast, cast.member)
        answer = signed_in(cast.member).post(at(order), {"act": "decline", "reason": reason})
        assert answer.status_code == 422
        assert "选一个原因" in text_of(answer)
        assert fresh(order).state == S.OFFERED

    def test_tells_a_team_mate_who_said_yes_first(self, cast: Cast) -> None:
        mates = list(cast.team.members.order_by("pk"))[:2]
        order = offered(cast, cast.team)
        signed_in(mates[0]).post(at(order), {"act": "take"})
        answer = signed_in(mates[1]).post(at(order), {"act": "take"})
        assert answer.status_code == 409
        assert f"晚了一步，{mates[0].name}刚接走。" in text_of(answer)


class TestTaking:
    def test_goes_to_ones_own_page(self, cast: Cast) -> None:
        """R044: grab."""
        order = opened(cast)
        answer = signed_in(cast.member).post(at(order), {"act": "take"}, follow=True)
        assert answer.redirect_chain == [(f"/mine/{order.full_number}/", 302)]
        assert "接下了" in text_of(answer)
        assert fresh(order).holder == cast.member

    def test_pressed_twice_takes_once(self, cast: Cast) -> None:
        order = opened(cast)
        client = signed_in(cast.member)
        for _press in range(2):
            assert client.post(at(order), {"act": "take"}).headers["Location"] == f"/mine/{order.full_number}/"
        assert Entry.objects.filter(subject_id=order.pk, verb="grab").count() == 1

    def test_who_is_late_hears_who_has_it_and_what_else_is_near(self, cast: Cast) -> None:
        """R044: one winner; the other is told who has it."""
        order, other = opened(cast), opened(cast)
        rival = somebody("茹师傅", Role.MEMBER, GRID, skills=["水暖维修"], lon=112.551, lat=37.861)
        client = signed_in(rival)
        assert client.get(at(order)).status_code == 200
        signed_in(cast.member).post(at(order), {"act": "take"})
        for answer in (client.post(at(order), {"act": "take"}), client.get(at(order))):
            assert answer.status_code == 409
            assert "晚了一步，贺连生刚接走。" in text_of(answer)
            assert "附近还有 1 单合适您。" in text_of(answer)
            assert other.full_number in text_of(answer)
        assert fresh(order).holder == cast.member

    def test_who_comes_days_later_cannot_tell_it_from_none(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        client = signed_in(cast.second_member)
        absent = client.get(at(f"{COMMUNITY}-2026-0810-999"))
        foreign = client.get(at(order))
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert client.post(at(order), {"act": "take"}).status_code == 404

    @pytest.mark.parametrize(
        ("limit", "words"),
        [("skill", "登记的本领里还没有"), ("far", "超过您定的 1 公里"), ("hands", "您手上已有 2 单没办完")],
    )
    def test_explains_the_limits_before_and_after_pressing(self, cast: Cast, limit: str, words: str) -> None:
        """R044 R015: limits for each person: skill, distance, two in hand; said on the page, kept on the server."""
        order = opened(cast, **({"grid": OTHER_GRID, "lon": 112.60} if limit == "far" else {}))
        person = cast.second_member if limit == "skill" else cast.member
        if limit == "hands":
            for _n in range(2):
                actions.grab(order=opened(cast), by=person, at=timezone.now())
        client = signed_in(person)
        text = text_of(client.get(at(order)))
        assert words in text
        assert 'value="take"' not in text
        answer = client.post(at(order), {"act": "take"})
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert fresh(order).state == S.OPEN

    def test_full_hands_are_said_in_the_hall(self, cast: Cast) -> None:
        """R015: the limit is said, and the way to free a hand."""
        for _n in range(2):
            actions.grab(order=opened(cast), by=cast.member, at=timezone.now())
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert "办好一单再抢" in text
        assert 'value="take"' not in text
